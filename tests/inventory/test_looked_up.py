"""A complete list of values of the registry that were looked up says nothing of any other value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import needfix as needfix_library
from needfix.model.server import Server
from tests.degraded.deciders import by_the_plain_evaluator

if TYPE_CHECKING:
    from tests.support import Needfix

Decide = Callable[..., str]

RULES = r"""
needfix: 1
id: Q900001
title: A value must be set
product: exchange-server
affects: [5.5 SP4]
fixes:
  - registry: {'HKLM\SOFTWARE\Mail\Limit': {equals: "1"VIEW}}
"""
LIMIT = r"HKLM\SOFTWARE\Mail\Limit"
OTHER = r"HKLM\SOFTWARE\Mail\Other"
ONLY_32 = r"HKLM\SOFTWARE\Wow6432Node\Mail\Limit"


def record(**values: object) -> dict[str, Any]:
    return {
        "server": "MAIL01",
        "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}],
        "registry": [],
        "complete": ["registry"],
        **values,
    }


@pytest.fixture
def decided(needfix: Needfix, tmp_path: Path) -> Decide:
    """The decision about a server, singly, in columns and by the plain evaluator."""

    def decide(*records: dict[str, Any], view: str = "") -> str:
        rule = RULES.replace("VIEW", f", view: {view}" if view else "")
        (tmp_path / "rule.yaml").write_text(rule, encoding="utf-8")
        inventory = tmp_path / "servers.json"
        inventory.write_text(json.dumps(records), encoding="utf-8")
        words = ("evaluate", inventory, "--rules", tmp_path / "rule.yaml", "--join", "--strict", "--format")
        single = needfix(*words, "jsonl")
        assert single.code == 0, single.err
        found: str = json.loads(single.out)["decision"]
        columns = json.loads(needfix(*words, "summary-json").out)
        assert columns["decisions"][found] == 1
        if len(records) == 1:
            catalogue = needfix_library.load_catalogue([tmp_path / "rule.yaml"])
            (answers,) = by_the_plain_evaluator(catalogue, [Server.from_record(records[0])])
            assert answers["Q900001"].decision == found
        return found

    return decide


@pytest.mark.parametrize(
    ("looked_up", "decision"),
    [
        (None, "fix-required"),
        ([OTHER, LIMIT], "fix-required"),
        ([r"HKEY_LOCAL_MACHINE\software\MAIL\limit "], "fix-required"),
        ([OTHER], "undetermined"),
        ([ONLY_32], "undetermined"),
        (["Limit", "no key"], "undetermined"),
        ([], "undetermined"),
    ],
)
def test_what_was_not_looked_up_is_not_inventoried(
    decided: Decide, looked_up: list[str] | None, decision: str
) -> None:
    assert decided(record(looked_up=looked_up)) == decision


@pytest.mark.parametrize(("view", "decision"), [("32", "fix-required"), ("64", "undetermined")])
def test_one_view_that_was_looked_up(decided: Decide, view: str, decision: str) -> None:
    assert decided(record(looked_up=[ONLY_32]), view=view) == decision


def test_what_is_listed_counts_whether_it_was_looked_up_or_not(decided: Decide) -> None:
    value = {"path": r"HKLM\SOFTWARE\Mail", "name": "Limit", "value": "1"}
    assert decided(record(registry=[value], looked_up=[OTHER])) == "fix-present"


def test_a_newer_list_removes_only_what_it_looked_up(decided: Decide) -> None:
    value = {"path": r"HKLM\SOFTWARE\Mail", "name": "Limit", "value": "1"}
    older = record(registry=[value], collected="2002-05-01T00:00:00Z")
    newer = record(collected="2002-05-02T00:00:00Z")
    assert decided(older, newer) == "fix-required"
    assert decided(older, {**newer, "looked_up": [LIMIT, OTHER]}) == "fix-required"
    assert decided(older, {**newer, "looked_up": [OTHER]}) == "fix-present"


def test_united_lists_speak_of_what_all_looked_up(decided: Decide) -> None:
    one = record(looked_up=[LIMIT, OTHER])
    assert decided(one, record(looked_up=[OTHER, LIMIT.lower()])) == "fix-required"
    assert decided(one, record(looked_up=[OTHER])) == "undetermined"
    assert decided(one, {"server": "mail01", "hotfixes": []}) == "fix-required"


def test_a_change_that_removes_the_value_says_that_it_was_looked_up(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(RULES.replace("VIEW", ""), encoding="utf-8")
    value = {"path": r"HKLM\SOFTWARE\Mail", "name": "Limit", "value": "1"}
    (tmp_path / "a.json").write_text(
        json.dumps(record(registry=[value], looked_up=[OTHER])), encoding="utf-8"
    )
    words = ("--server", "MAIL01", "--rule", "Q900001", "--rules", tmp_path / "rule.yaml")
    ran = needfix("explain", tmp_path / "a.json", *words)
    assert ran.code == 0
    assert "not there, and all values listed" in ran.out


def test_the_key_is_read_and_written(decided: Decide) -> None:
    del decided
    assert Server.from_record(record(looked_up=[LIMIT])).as_record()["looked_up"] == [LIMIT]
