"""Logs of osquery in several files: with --join their rows are in one order of time."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix import fleet
from needfix.inventory import read_inventory
from needfix.model.server import Server, altered
from tests.inventory.support import read
from tests.support import Needfix
from tests.support.catalogues import NEW, OLD, catalogue_of, decide, rule
from tests.support.laws import tried

CATALOGUE = catalogue_of(rule())
Line = dict[str, Any]


def line(
    seconds: int, action: str, name: str = "Info.dll", version: str = OLD, *, query: str = "files"
) -> Line:
    columns = {"path": f"C:\\mail\\{name}", "filename": name, "file_version": version, "product_version": "5"}
    start = 1_710_000_000
    own = {"name": query, "hostIdentifier": "A", "unixTime": start + seconds, "counter": seconds + 1}
    return {**own, "action": action, "columns": columns}


def program(seconds: int, action: str, name: str) -> Line:
    columns = {"name": name, "version": "5.5.2653.1", "publisher": "C"}
    return {**line(seconds, action, query="programs"), "columns": columns}


def texts(*files: list[Line]) -> list[str]:
    return ["".join(f"{json.dumps(own)}\n" for own in lines) for lines in files]


def together(*files: list[Line]) -> Server:
    """The server of all lines in one file."""
    ((server,), problems) = read("".join(texts(*files)))
    assert not problems
    return server


def joined(*files: list[Line], complete: str | None = None) -> Server:
    with TemporaryDirectory() as folder:
        for number, text in enumerate(texts(*files)):
            Path(folder, f"{number}.results.log").write_text(text)
        (server,) = read_inventory(folder, join=True, complete=complete)
    return server


def plain(server: Server) -> Server:
    return altered(server, at=None)


ADDED, REMOVED = line(0, "added"), line(5, "removed")


def test_a_removal_reaches_a_row_in_another_file_in_any_order_of_files() -> None:
    for files in permutations(
        ([ADDED, line(1, "added", "Mad.exe", NEW)], [REMOVED], [line(7, "added", "Odd.exe")])
    ):
        server = joined(*files)
        assert sorted(copy.name for copy in server.files) == ["Mad.exe", "Odd.exe"]
        assert not server.disagreements


def test_a_row_that_was_added_after_the_removal_is_there() -> None:
    for files in permutations(([line(9, "added")], [REMOVED, ADDED])):
        assert [copy.name for copy in joined(*files).files] == ["Info.dll"]


def test_an_older_version_is_gone_with_its_removal() -> None:
    first, second = (
        [line(0, "added", version=NEW)],
        [line(5, "removed", version=NEW), line(5, "added", version=OLD)],
    )
    for files in permutations((first, second)):
        server = joined(*files)
        assert [copy.version for copy in server.files] == [OLD]
        assert decide(CATALOGUE, server).decision == decide(CATALOGUE, together(first, second)).decision


def test_products_that_were_removed_and_lists_that_the_user_states() -> None:
    files = (
        [program(0, "added", "Mail Server 5.5 SP4"), program(1, "added", "7-Zip")],
        [program(5, "removed", "Mail Server 5.5 SP4")],
    )
    assert decide(CATALOGUE, joined(*files)).decision == "undetermined"
    assert decide(CATALOGUE, joined(*files, complete="products")).decision == "not-affected"


def test_other_records_are_united_with_the_log() -> None:
    with TemporaryDirectory() as folder:
        for number, text in enumerate(texts([ADDED], [REMOVED])):
            Path(folder, f"{number}.results.log").write_text(text)
        Path(folder, "a.json").write_text(json.dumps({"server": "a", "restart_pending": True}))
        (server,) = read_inventory(folder, join=True)
        summary = fleet.summary(CATALOGUE, folder, join=True)
    assert (server.restart_pending, server.files, summary.servers) == (True, (), 1)


def test_answers_stay(needfix: Needfix, tmp_path: Path) -> None:
    store = line(0, "added", "Store.exe", "5.5.2653.23")
    for number, text in enumerate(texts([store, ADDED], [REMOVED])):
        (tmp_path / f"{number}.results.log").write_text(text)
    sheet = tmp_path / "answers.txt"
    sheet.write_text("server,rule,question,answer\nA,Q279798,internet-mail-queues-grow,yes\n")
    words = ("evaluate", *sorted(tmp_path.glob("*.log")), "--join", "--rule", "Q279798", "--format", "jsonl")
    run = needfix(*words, "--answers", sheet)
    (decision,) = map(json.loads, run.out.splitlines())
    assert any(reason["code"] == "symptom-observed" for reason in decision["reasons"]), decision
    assert not needfix(*words).out.count("symptom-observed")


EVENTS = st.lists(
    st.builds(
        line,
        st.integers(0, 4),
        st.sampled_from(["added", "removed"]),
        st.sampled_from(["Info.dll", "Store.exe"]),
        st.sampled_from([OLD, NEW]),
    ),
    max_size=5,
)


@tried(60)
@given(st.lists(EVENTS, min_size=2, max_size=3))
def test_several_files_say_what_one_file_of_all_lines_says(files: list[list[Line]]) -> None:
    whole = [own for own in files if own]
    if not whole:
        return
    assert plain(joined(*whole)) == plain(together(*whole))


@pytest.mark.parametrize("way", ["rows", "columns"])
def test_rows_and_columns(tmp_path: Path, way: str) -> None:
    store = line(0, "added", "Store.exe", "5.5.2650.1")
    for number, text in enumerate(
        texts([store, line(1, "added", version=NEW)], [line(5, "removed", version=NEW)])
    ):
        (tmp_path / f"{number}.results.log").write_text(text)
    if way == "columns":
        found = fleet.summary(CATALOGUE, tmp_path, join=True)
        decisions = [kind for kind in ("fix-present", "undetermined") if found.decided(kind)]
    else:
        decisions = [decide(CATALOGUE, own).decision for own in read_inventory(tmp_path, join=True)]
    assert decisions == ["undetermined"]
