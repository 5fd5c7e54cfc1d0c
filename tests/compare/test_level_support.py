"""Levels out of support are noted, once for each file; no decision and no record depends on it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.fleet.records import SCHEMA
from tests.support import Needfix
from tests.support.catalogues import MAIL, NEW, Document, load, rule, write

ENDS = {"5.5 SP3": "2004-06-30", "5.5 SP4": "2005-12-31", "6.0": "9999-12-31"}


def dated() -> Document:
    """The mail server, whose levels have ends of support."""
    found = copy.deepcopy(MAIL)
    for entry in found["levels"]:
        if entry["level"] in ENDS:
            entry["supported_until"] = ENDS[entry["level"]]
    return {**found, "product": "post", "name": "Contoso Post", "aliases": [], "key_files": ["Post.exe"]}


def catalogue() -> needfix.Catalogue:
    own = rule(product="post")
    return needfix.load_catalogue({"rules.yaml": "\n---\n".join(map(json.dumps, (dated(), own)))})


def record(server: str = "MAIL01", collected: str | None = None, **product: Any) -> dict[str, Any]:  # noqa: ANN401
    stated = {"name": "Contoso Post", "level": "5.5 SP4", **product}
    files = [{"name": "Info.dll", "version": NEW}]
    return {"server": server, "collected": collected, "products": [stated], "files": files}


def noted(*records: dict[str, Any]) -> list[tuple[int, tuple[str, ...]]]:
    """The count and the words of the note, which is the same in columns."""
    notes: list[needfix.Note] = []
    servers = list(map(needfix.Server.from_record, records))
    for _ in needfix.evaluate(catalogue(), servers, on_note=notes.append):
        pass
    found = [(note.count, note.words) for note in notes if note.code == "level-out-of-support"]
    table = pa.Table.from_pylist(list(records), SCHEMA)
    in_columns = fleet.summary(catalogue(), table).notes
    assert [(one.count, one.words) for one in in_columns if one.code == "level-out-of-support"] == found
    return found


POST = "Contoso Post 5.5 SP4 until 2005-12-31"


@pytest.mark.parametrize(
    ("collected", "is_noted"),
    [
        ("2005-12-31", False),
        ("2005-12-31T23:59:59Z", False),
        ("2006-01-01", True),
        ("2006-01-01T00:30:00+02:00", True),
        ("2006/1/1 08:00", True),
        (None, True),
        ("Unknown", True),
        ("1601-01-01T00:00:00Z", True),
    ],
)
def test_the_day_of_collection_counts_and_today_where_it_is_not_known(
    collected: str | None,
    is_noted: bool,  # noqa: FBT001
) -> None:
    assert noted(record(collected=collected)) == ([(1, (POST,))] if is_noted else [])


@pytest.mark.parametrize(
    "product",
    [
        {"level": "6.0"},  # supported
        {"level": "5.5 SP2"},  # not stated until when
        {"level": None},  # not known
        {"level": "7.0"},  # not defined
        {"level": "5.5 SP4", "build": "5.5.2650"},  # contradicted
        {"name": "Another Thing"},
    ],
)
def test_a_level_that_may_be_supported_is_not_noted(product: dict[str, Any]) -> None:
    assert noted(record(**product)) == []


def test_of_several_possible_levels_the_one_that_is_supported_longest_counts() -> None:
    both = {**record(level="5.5 SP3"), "files": [{"name": "Post.exe", "version": "5.5.2653.23"}]}
    assert noted(both) == [(1, (POST,))]
    assert noted({**both, "collected": "2005-01-01"}) == []


def test_it_is_said_once_for_many_servers() -> None:
    found = noted(record("A"), record("B"), record("C", level="5.5 SP3"), record("D", level="6.0"))
    assert found == [(3, ("Contoso Post 5.5 SP3 until 2004-06-30", POST))]


def test_decisions_are_as_without_dates(tmp_path: Path) -> None:
    plain = {**dated(), "levels": MAIL["levels"]}
    facts, own = needfix.Server.from_record(record()), rule(product="post")
    catalogues = [load(tmp_path, definition, own) for definition in (dated(), plain)]
    found = [[one.as_dict() for one in needfix.evaluate(each, facts)] for each in catalogues]
    assert found[0] == found[1]


@pytest.mark.parametrize("ending", ["json", "parquet"])
def test_a_report_has_the_note_and_strict_runs_accept_the_record(
    needfix: Needfix, tmp_path: Path, ending: str
) -> None:
    rules = write(tmp_path, dated(), rule(product="post"))
    inventory = tmp_path / f"mail.{ending}"
    if ending == "json":
        inventory.write_text(json.dumps(record()), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist([record()], SCHEMA), inventory)
    for words in ((), ("--strict",)):
        ran = needfix("evaluate", inventory, "--rules", rules, "--format", "json", *words)
        assert ran.code == 0, ran.err
        (note,) = json.loads(ran.out)["summary"]["notes"]
        assert (note["code"], note["count"], note["words"]) == ("level-out-of-support", 1, [POST])
        assert ran.err.count("no longer supports") == 1
    ran = needfix("explain", inventory, "--rules", rules, "--server", "MAIL01", "--rule", "Q100001")
    assert "no longer supports" in ran.err
