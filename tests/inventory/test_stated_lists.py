"""Lists that are whole because the user says so: --complete SCOPE, and complete= in programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix import UsageError, fleet
from needfix.inventory import read_inventory
from needfix.model.note import Note
from needfix.model.server import SCOPES, Server
from tests.support import Needfix
from tests.support.catalogues import catalogue_of, decide, rule
from tests.support.laws import tried

RULES = catalogue_of(rule())
Row = dict[str, Any]
ZIP = {"hostname": "A", "name": "7-Zip", "version": "23.1", "publisher": "Pavlov"}
MAIL = {"hostname": "A", "name": "Contoso Mail Server 5.5 SP4", "version": "5.5.2653.1", "publisher": "C"}
NAMELESS = {"hostname": "A", "name": "", "version": "1.0", "publisher": "C"}
WINDOWS = {
    "hostname": "A", "name": "Microsoft Windows Server 2019", "version": "10.0.17763", "major": "10",
    "minor": "0", "build": "17763", "platform": "windows", "codename": "Server 2019", "arch": "64-bit",
}  # fmt: skip
MAD = {"hostname": "A", "path": "C:\\mail\\Mad.exe", "filename": "Mad.exe", "file_version": "5.5.2654.1",
       "product_version": "5.5"}  # fmt: skip
INFO = {**MAD, "path": "C:\\mail\\Info.dll", "filename": "Info.dll"}
SERVICE = {"hostname": "A", "name": "MailIS", "display_name": "Mail", "status": "RUNNING", "pid": "4"}
VALUE = {"hostname": "A", "key": "HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail", "name": "Fixed", "data": "1"}
PATCH = {"hostname": "A", "hotfix_id": "KB5"}


def read(
    *files: object, complete: str | Iterable[str] | None = "products", join: bool = True
) -> tuple[list[Server], list[Note]]:
    """The servers of files with these values, and the notes."""
    notes: list[Note] = []
    with TemporaryDirectory() as folder:
        names = [Path(folder, f"{number}.json") for number in range(len(files))]
        for name, value in zip(names, files, strict=True):
            name.write_text(json.dumps(value))
        found = list(read_inventory(*names, join=join, complete=complete, on_note=notes.append))
    return found, notes


def server_of(*files: object, complete: str | Iterable[str] | None = "products") -> Server:
    (server,), _ = read(*files, complete=complete)
    return server


def products(server: Server) -> list[str]:
    return [entry.name for entry in server.products or ()]


def denied(notes: Iterable[Note]) -> dict[str, tuple[str, ...]]:
    return {note.code: note.words for note in notes if note.code == "complete-denied"}


@pytest.mark.parametrize(
    ("rows", "scope"),
    [
        ([ZIP, WINDOWS], "products"), ([MAD], "files"), ([PATCH], "hotfixes"), ([SERVICE], "services"),
        ([VALUE], "registry"),
    ],
)  # fmt: skip
def test_it_means_what_the_record_s_own_complete_means(rows: list[Row], scope: str) -> None:
    before = server_of(rows, complete=None)
    assert scope not in before.complete
    after = server_of(rows, complete=scope)
    record = before.as_record()
    own = [entry for entry in record.get("products", []) if entry["name"] != "..."]
    said = {**record, "complete": [scope], **({"products": own} if scope == "products" else {})}
    assert after.as_record() == Server.from_record(said).as_record()
    assert after == Server.from_record(said)
    assert after.reports(scope)  # type: ignore[arg-type] # one of the closed list


def test_a_product_that_a_whole_list_leaves_out_is_not_there() -> None:
    assert decide(RULES, server_of([ZIP], complete=None)).decision == "undetermined"
    assert decide(RULES, server_of([ZIP])).decision == "not-affected"


@pytest.mark.parametrize("scope", SCOPES)
def test_a_list_without_an_entry_does_not_become_whole(scope: str) -> None:
    facts = {"hostname": "A", "pendingreboot": True}
    assert not server_of([facts], complete=scope).complete
    assert not server_of(
        {"server": "A", "events": [], "symptoms": {"absent": ["x"]}}, complete=scope
    ).complete


@pytest.mark.parametrize(
    "rows",
    [
        [WINDOWS],
        [WINDOWS, NAMELESS],
        [{"Name": "A", "AdminDisplayVersion": "Version 15.2 (Build 1544.4)", "Edition": "Standard"}],
        [{"ComputerName": "A", "OperatingSystem": "Debian 12", "OSVersion": "12"}],
    ],
)
def test_products_that_are_stated_by_the_way_are_no_list(rows: list[Row]) -> None:
    server = server_of(rows)
    assert (server.complete, products(server)[-1]) == (frozenset(), "...")
    assert decide(RULES, server).decision == "undetermined"


@pytest.mark.parametrize(
    ("table", "is_whole"),
    [
        ("ComputerName,Product Name,Version\nA,7-Zip,23.1\n", True),
        ("ComputerName,OS Name,OS Version\nA,Microsoft Windows Server 2019,10.0.17763\n", False),
        ("ComputerName,Caption,BuildVersion\nA,Windows Server 2019 Standard,10.0.17763\n", False),
        ("server,observed,product,level\nA,x,7-Zip,1\n", True),
    ],
)
def test_tables(tmp_path: Path, table: str, *, is_whole: bool) -> None:
    file = tmp_path / "a.csv"
    file.write_text(table)
    for join in (True, False):
        (server,) = read_inventory(file, complete=["products"], join=join)
        assert (server.reports("products"), "..." not in products(server)) == (is_whole, is_whole)


def test_a_native_list_that_says_that_there_are_others_wins_with_a_note() -> None:
    (server,), notes = read({"server": "A", "products": [{"name": "7-Zip"}, {"name": "..."}]})
    assert (server.complete, products(server)) == (frozenset(), ["7-Zip", "..."])
    assert denied(notes) == {"complete-denied": ("products",)}


def test_a_collector_that_failed_wins_with_a_note() -> None:
    record = {
        "server": "A", "failures": ["C:\\mail: access denied"], "complete": ["hotfixes"],
        "files": [{"name": "Mad.exe", "version": "1.2.3.4"}], "hotfixes": ["KB5"],
    }  # fmt: skip
    (server,), notes = read(record, complete="files,hotfixes")
    assert server.complete == {"hotfixes"}
    assert denied(notes) == {"complete-denied": ("files",)}


def test_lists_of_several_files_are_whole_together() -> None:
    for files in permutations(([ZIP], [WINDOWS], [MAIL], [MAD, PATCH])):
        server = server_of(*files, complete="products, files")
        assert (sorted(server.complete), server.disagreements) == (["files", "products"], ())
        assert sorted(products(server)) == sorted(own["name"] for own in (ZIP, MAIL, WINDOWS))
    for files in permutations(([MAD], [INFO])):
        server = server_of(*files, complete="files")
        assert (sorted(server.complete), server.disagreements) == (["files"], ())
        assert sorted(copy.name for copy in server.files) == ["Info.dll", "Mad.exe"]


def test_a_file_that_has_no_list_does_not_make_one() -> None:
    assert products(server_of([WINDOWS], [MAD])) == [WINDOWS["name"], "..."]
    assert decide(RULES, server_of([WINDOWS], [MAD])).decision == "undetermined"


PARTLY = {"server": "a", "products": [{"name": "Contoso Host System"}, {"name": "..."}]}
FAILED = {"server": "a", "failures": ["the list of programs: access denied"]}


@pytest.mark.parametrize("other", [PARTLY, FAILED])
def test_another_file_that_says_otherwise_wins_in_any_order(other: Row) -> None:
    for files in permutations(([ZIP], other)):
        (server,), notes = read(*files)
        assert (server.complete, products(server)[-1]) == (frozenset(), "...")
        assert denied(notes) == {"complete-denied": ("products",)}
        assert decide(RULES, server).decision == "undetermined"


def test_files_that_contradict_each_other_are_not_whole() -> None:
    mad = {"name": "Mad.exe", "version": "5.5.2654.1"}
    native = {"server": "A", "files": [mad], "complete": ["files"]}  # says that Info.dll is not there
    (server,), _ = read([INFO], native, complete="files")
    assert server.disagreements
    assert "files" not in server.complete
    other = {**MAIL, "version": "5.5.2650.1"}
    (server,), _ = read([MAIL], [other])
    assert server.disagreements
    assert (server.complete, products(server)[-1]) == (frozenset(), "...")


def test_a_row_that_cannot_be_read_may_be_of_any_list(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "osqueryd.results.log"
    lines = [{"name": "p", "hostIdentifier": "A", "action": "added", "columns": ZIP}]
    file.write_text(
        "".join(json.dumps(line) + "\n" for line in lines) + '{"name": "p", "hostIdentifier": "B", "colu\n'
    )
    words = ("evaluate", file, "--rule", "Exchange-Mar24SU", "--complete", "products", "--keep-going")
    run = needfix(*words, "--format", "jsonl")
    assert [json.loads(line)["decision"] for line in run.out.splitlines()] == ["undetermined"]
    assert "list that --complete names is not whole" in run.err


def test_a_name_that_is_cut_off_may_be_any_product(tmp_path: Path) -> None:
    header = "Name              Version     Vendor\n----              -------     ------\n"
    text = f"\n{header}7-Zip             23.1        Pav...\n"
    for more, is_whole in (("", True), ("Microsoft Exch... 15.2.1      Microsoft\n", False)):
        (tmp_path / "a.txt").write_text(text + more)
        (server,) = read_inventory(tmp_path / "a.txt", server_name="A", complete="products")
        assert server.reports("products") is is_whole


@pytest.mark.parametrize("report", ["jsonl", "summary-json"])
def test_the_option(needfix: Needfix, tmp_path: Path, report: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([ZIP]))
    words = ("evaluate", file, "--rule", "Exchange-Mar24SU", "--format", report)
    assert "undetermined" in needfix(*words).out
    for more in (["--complete", "files, Products"], ["--complete", "files", "--complete", "products"]):
        run = needfix(*words, *more)
        assert run.code == 0
        assert "not-affected" in run.out.replace('"not-affected": 0', "")


@pytest.mark.parametrize("word", ["product", "everything", ""])
def test_a_word_that_is_no_scope(needfix: Needfix, word: str) -> None:
    run = needfix("evaluate", "-", "--complete", word)
    assert run.code == 2
    assert f"--complete {word!r} is not a scope" in run.err
    assert f"the scopes are {', '.join(SCOPES)}" in run.err
    with pytest.raises(UsageError, match="is not a scope"):
        next(read_inventory("-", complete=["files", word]))


def test_strict_records_do_not_contradict_the_user(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(PARTLY))
    words = ("evaluate", file, "--rule", "Q279798", "--complete", "products")
    assert needfix(*words).code == 0
    assert needfix(*words, "--strict").code == 2


def _some(*rows: Row) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.sampled_from(rows), max_size=3, unique_by=json.dumps)


FILES = st.lists(_some(ZIP, MAIL, WINDOWS, MAD, INFO, SERVICE, PATCH, NAMELESS), min_size=1, max_size=3)
NATIVE = st.sampled_from(
    [None, PARTLY, FAILED, {"server": "A", "products": [{"name": "Contoso Host System"}]}]
)


@tried(40)
@given(FILES, NATIVE, st.sets(st.sampled_from(["products", "hotfixes", "services"])))
def test_the_whole_list_of_a_scope_that_is_gone_never_makes_an_answer_safer(
    files: list[list[Row]], native: Row | None, scopes: set[str]
) -> None:
    every: list[object] = [*files, *([native] if native else []), {"server": "A"}]
    before = decide(RULES, server_of(*every, complete=scopes)).decision
    listed: dict[str, Callable[[Row], bool]] = {
        "products": lambda row: "publisher" in row,
        "hotfixes": lambda row: "hotfix_id" in row,
        "services": lambda row: "status" in row,
    }
    for scope, is_listed in listed.items():
        if scope == "products" and native and "products" in native:
            continue  # it lists products, too
        left = [[row for row in own if not is_listed(row)] for own in files]
        after = decide(RULES, server_of(*left, *every[len(files) :], complete=scopes)).decision
        assert after in (before, "undetermined")


@tried(40)
@given(FILES, NATIVE, st.sets(st.sampled_from(SCOPES), min_size=1))
def test_a_statement_adds_nothing_but_absence(
    files: list[list[Row]], native: Row | None, scopes: set[str]
) -> None:
    """What is fix-required or fix-present without it stays so; only what is undetermined may become more."""
    every: list[object] = [*files, *([native] if native else []), {"server": "A"}]
    without = decide(RULES, server_of(*every, complete=None))
    stated = decide(RULES, server_of(*every, complete=scopes))
    assert without.decision in (stated.decision, "undetermined")


def test_rows_and_columns_agree(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([ZIP, {**WINDOWS, "hostname": "B"}]))
    rows = [decide(RULES, server).decision for server in read_inventory(file, complete="products")]
    found = fleet.summary(RULES, file, complete="products")
    assert sorted(rows) == ["not-affected", "undetermined"]
    assert (found.decided("not-affected"), found.decided("undetermined")) == (1, 1)
