"""Words in other spellings: those that surely mean a known one are read, others are noted and say nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.cases import plain
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import NEW, OLD, Document, catalogue_of, rule

MINIMUM = {"modified": "2001-01-01T00:00"}
CATALOGUE = catalogue_of(
    rule("Q100001", affects=[{"product": "mail-server", "edition": "Enterprise Edition"}], product=None),
    rule("Q100002", fixes=[{"platform": "x86", "files": {"Info.dll": {"version": NEW}}}]),
    rule("Q100003", fixes=[{"language": "de", "files": {"Time.dll": MINIMUM}}]),
    rule("Q100004", affects=["5.5 SP3"]),
    rule("Q100005", affects=["5.5 SP4"]),
)
READ: list[tuple[Document, Document]] = [
    *(
        ({"edition": written}, {"edition": "Enterprise Edition"})
        for written in (
            "Enterprise-Edition",
            "Enterprise Edition (64-bit)",
            "enterprise_edition",
            "Enterprise (x64)",
        )
    ),
    *(
        ({"platform": written}, {"platform": known})
        for written, known in (
            ("Windows x64", "x64"),
            ("64-Bit-Version", "x64"),
            ("64-Bit-Edition", "x64"),
            ("Windows (x86)", "x86"),
            ("32-bit Edition", "x86"),
            ("Win x86", "x86"),
            ("64-Bit-Betriebssystem", "x64"),
        )
    ),
    *(
        ({"language": written}, {"language": "de"})
        for written in ("ger", "deu", "de_DE", "de_DE.UTF-8", "1031")
    ),
    *(({"language": written}, {"language": "fr"}) for written in ("fre", "fra", "fr_CA")),
    *(
        ({"level": written}, {"level": "5.5 SP4"})
        for written in (
            "Contoso Mail Server 5.5 SP4",
            "mail server  5.5 Service Pack 4",
            "5.5 SP4 (English)",
            "5.5 SP4 [x64]",
            "5.5 SP4, German",
            "5.5 SP4 (en)",
            "Contoso Mail Server 5.5 SP4 (English)",
        )
    ),
    ({"level": "5.5.2653.23 (5.5 SP4)"}, {"level": "5.5 SP4", "build": "5.5.2653.23"}),
    ({"build": "5.5.2653.23 (5.5 SP4)"}, {"level": "5.5 SP4", "build": "5.5.2653.23"}),
    ({"level": "5.5.2650.21 [5.5 SP4]"}, {"level": "5.5 SP4", "build": "5.5.2650.21"}),
    (
        {"name": "Contoso Mail Server", "level": "Contoso Mail Server 5.5"},
        {"name": "Contoso Mail Server 5.5", "level": None},
    ),
]
"""What an entry of the list of products states, and the same in the usual words."""
NOT_READ: list[tuple[str, str]] = [
    ("edition", "Enterprise Edition (Evaluation)"),
    ("edition", "Edition Enterprise"),
    ("platform", "x86/x64"),
    ("platform", "x64 (x86)"),
    ("platform", "Windows Server"),
    ("language", "en-US, de-DE"),
    ("language", "English (US), German"),
    ("language", "German-English"),
    ("level", "Contoso Host System 5.5 SP4"),
    ("level", "Contoso Mail Server 5.5 SP4 Enterprise"),
    ("level", "5.5 SP3 (5.5 SP4)"),
    ("level", "5.5 SP4 (Evaluation)"),
]
TIMES = [
    ("20001231T235900", "2000-12-31T23:59:00"),
    ("20010101T000000", "2001-01-01T00:00:00"),
    ("2000-12-31T24:00", "2001-01-01T00:00"),
    ("2000-12-30T24:00:00", "2000-12-31T00:00:00"),
]


def server(name: str, entry: Document, modified: str = "2001-02-03T00:00:00") -> needfix.Server:
    files = [{"name": "Info.dll", "version": OLD}, {"name": "Time.dll", "modified": modified}]
    product = {"name": "Contoso Mail Server", "level": "5.5 SP4", **entry}
    return needfix.Server.from_record({"server": name, "products": [product], "files": files})


def answers(facts: needfix.Server) -> dict[str, tuple[str, str]]:
    """The decisions and actions by rule, after a look whether every way to decide agrees."""
    found: dict[str, tuple[str, str]] = {
        one.rule: (one.decision, one.action) for one in needfix.evaluate(CATALOGUE, facts)
    }
    assert found == plain.decide(CATALOGUE, facts)
    assert fleet_rows(CATALOGUE, piece_of([facts]))[0] == single_rows(CATALOGUE, [facts])
    return found


def noted(tmp_path: Path, *servers: needfix.Server) -> list[str]:
    """The codes of notes on a file, which are the same for records that a program has."""
    records = [one.as_record() for one in servers]
    table = pa.Table.from_pylist(
        [{key: one[key] for key in ("server", "products", "files")} for one in records]
    )
    pq.write_table(table, tmp_path / "fleet.parquet")
    of_file = [note.code for note in fleet.summary(CATALOGUE, tmp_path / "fleet.parquet").notes]
    notes: list[needfix.Note] = []
    list(needfix.evaluate(CATALOGUE, servers, on_note=notes.append))
    assert [note.code for note in notes] == of_file
    return of_file


@pytest.mark.parametrize(("entry", "usual"), READ, ids=str)
def test_words_that_surely_mean_a_known_one_are_read(
    entry: Document, usual: Document, tmp_path: Path
) -> None:
    own, known = (server("MAIL01", one) for one in (entry, usual))
    assert answers(own) == answers(known)
    assert noted(tmp_path, own) == []


@pytest.mark.parametrize(("key", "word"), NOT_READ, ids=str)
def test_words_that_are_not_sure_are_noted_and_say_nothing(key: str, word: str, tmp_path: Path) -> None:
    own, without = server("MAIL01", {key: word}), server("MAIL01", {key: None})
    assert answers(own) == answers(without)
    assert noted(tmp_path, own) == [f"{key}-unreadable"]


def test_a_name_with_a_version_alone_is_no_level_of_that_text() -> None:
    assert answers(server("A", {"level": "5.5"}))["Q100005"][0] == "not-affected"
    assert answers(server("A", {"level": "Contoso Mail Server 5.5"}))["Q100005"][0] == "undetermined"


@pytest.mark.parametrize(("written", "usual"), TIMES)
def test_times_in_other_forms(written: str, usual: str, tmp_path: Path) -> None:
    own, known = (server("MAIL01", {"language": "de"}, time) for time in (written, usual))
    assert answers(own) == answers(known)
    assert noted(tmp_path, own) == []


def test_every_word_in_one_file_of_columns() -> None:
    entries = [entry for pair in READ for entry in pair] + [{key: word} for key, word in NOT_READ]
    servers = [server(f"S{number:03}", entry) for number, entry in enumerate(entries)]
    rows: Any = fleet_rows(CATALOGUE, piece_of(servers))[0]
    assert rows == single_rows(CATALOGUE, servers)
