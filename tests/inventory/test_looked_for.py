"""A complete list of files that were looked for by their names says nothing of any other file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support import Needfix

Decide = Callable[..., str]

RULES = """\
needfix: 1
id: Q900001
title: A fix of one file
product: exchange-server
affects: [5.5 SP4]
fixes:
  - files: {Mad.exe: {version: "5.5.2654.29"}}
"""


def record(**values: object) -> dict[str, Any]:
    return {
        "server": "MAIL01",
        "products": [{"name": "Microsoft Exchange Server", "level": "5.5 SP4"}],
        "files": [{"name": "Store.exe", "version": "5.5.2653.23"}],
        "complete": ["files"],
        **values,
    }


@pytest.fixture
def decided(needfix: Needfix, tmp_path: Path) -> Decide:
    """The decision about a server, singly and in columns."""
    (tmp_path / "rule.yaml").write_text(RULES, encoding="utf-8")

    def decide(*records: dict[str, Any]) -> str:
        inventory = tmp_path / "servers.json"
        inventory.write_text(json.dumps(records), encoding="utf-8")
        words = ("evaluate", inventory, "--rules", tmp_path / "rule.yaml", "--join", "--strict", "--format")
        single = needfix(*words, "jsonl")
        assert single.code == 0, single.err
        found: str = json.loads(single.out)["decision"]
        columns = json.loads(needfix(*words, "summary-json").out)
        assert columns["decisions"][found] == 1
        return found

    return decide


@pytest.mark.parametrize(
    ("looked_for", "decision"),
    [
        (None, "not-affected"),
        (["Store.exe", " MAD.EXE"], "not-affected"),
        (["Store.exe"], "undetermined"),
        ([], "undetermined"),
    ],
)
def test_what_was_not_looked_for_is_not_inventoried(
    decided: Decide,
    looked_for: list[str] | None,
    decision: str,
) -> None:
    assert decided(record(looked_for=looked_for)) == decision


def test_what_is_listed_counts_whether_it_was_looked_for_or_not(decided: Decide) -> None:
    files = [{"name": "Store.exe", "version": "5.5.2653.23"}, {"name": "Mad.exe", "version": "5.5.2653.10"}]
    assert decided(record(files=files, looked_for=["Store.exe"])) == "fix-required"


def test_a_newer_list_removes_only_what_it_looked_for(decided: Decide) -> None:
    mad = {"name": "Mad.exe", "version": "5.5.2653.10"}
    older = record(files=[mad], collected="2002-05-01T00:00:00Z")
    newer = record(collected="2002-05-02T00:00:00Z")
    assert decided(older, newer) == "not-affected"
    assert decided(older, {**newer, "looked_for": ["Store.exe", "Mad.exe"]}) == "not-affected"
    assert decided(older, {**newer, "looked_for": ["Store.exe"]}) == "fix-required"


def test_united_lists_speak_of_what_all_looked_for(decided: Decide) -> None:
    one = record(looked_for=["Store.exe", "Mad.exe"])
    assert decided(one, record(looked_for=["mad.exe", "Store.exe"])) == "not-affected"
    assert decided(one, record(looked_for=["Store.exe"])) == "undetermined"
    assert decided(one, {"server": "mail01", "hotfixes": []}) == "not-affected"
