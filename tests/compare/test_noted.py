"""Notes: for each code facts that have one, and facts that have none, singly and in columns."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import needfix
from needfix import fleet
from needfix.fleet.records import batch_of
from needfix.model.note import (
    CATALOGUE_OLD,
    COLUMN_DOUBLED,
    NOTE_KINDS,
    OBJECT_UNKNOWN,
    OBJECTS_READ,
    OUT_OF_SUPPORT,
    READ_AS,
)
from tests.support.catalogues import catalogue_of, fix, mail, rule

CATALOGUE = catalogue_of(
    rule(
        "Q100002",
        affects=[{"levels": ["5.5 SP4"], "registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}],
        fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Release": {"version": "1.2"}}}],
    ),
    rule(
        fixes=[fix({"Info.dll": {"version": "5.5.2654.10"}, "Read.asp": {"modified": "2000-03-14T18:00"}})],
        symptoms=[
            {
                "id": "mail-waits",
                "text": "Mail waits",
                "observe": [
                    {"source": "MailQueue", "id": 5, "contains": "waits"},
                    {"service": "MailStore", "state": "stopping"},
                    {"counter": "queue", "above": 10, "for": "5m"},
                ],
            }
        ],
    ),
)
KEPT = r"C:\WINNT\$NtUninstallQ1$\info.dll"


def product(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a product
    return {"products": [{"name": "Contoso Mail Server", **keys}]}


def info(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a file
    return {"files": [{"name": "INFO.DLL", **keys}]}


def value(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a value of the registry
    return {"registry": [{"path": r"HKLM\SOFTWARE\Mail", "name": "Check", **keys}]}


NOT_FOUND = "The description for Event ID 5 from source MailQueue cannot be found."

NOTED: list[tuple[str, dict[str, Any], str]] = [
    ("product-name-unreadable", {"products": [{"name": "N/A"}]}, "N/A"),
    (
        "collecting-failed",
        {"failures": ["files: C:\\closed cannot be read"]},
        "files: C:\\closed cannot be read",
    ),
    (
        "product-name-unclear",
        {"products": [{"name": "Contoso Mail Servr"}]},
        "Contoso Mail Servr, like Contoso Mail Server",
    ),
    ("level-unreadable", product(level="the newest"), "the newest"),
    ("level-unreadable", product(level="Unknown"), "Unknown"),
    ("level-not-defined", product(level="5.5 SP9"), "5.5 SP9"),
    ("level-not-defined", {"products": [{"name": "Contoso Mail Server 5.5 SP9"}]}, "5.5 sp9"),
    ("build-unreadable", product(build="latest"), "latest"),
    ("edition-unreadable", product(edition="Home Edition"), "Home Edition"),
    ("language-unreadable", product(language="Klingon"), "Klingon"),
    ("platform-unreadable", product(platform="misc"), "misc"),
    ("platform-unreadable", info(platform="misc"), "misc"),
    ("version-unreadable", info(version="5.5a"), "5.5a"),
    ("version-unreadable", info(version="Unknown"), "Unknown"),
    ("version-unreadable", info(loaded="1"), "1"),
    ("version-unreadable", {"files": [{"name": "Store.exe", "version": "five"}]}, "five"),
    ("time-unreadable", {"files": [{"name": "Read.asp", "modified": "lately"}]}, "lately"),
    ("time-unreadable", {"counters": [{"name": "queue", "value": 20, "at": "noon"}]}, "noon"),
    ("path-unreadable", info(path="N/A"), "N/A"),
    ("file-name-unreadable", {"files": [{"name": "System.IO.FileInfo"}]}, "System.IO.FileInfo"),
    ("file-name-unreadable", {"files": [{"path": "C:\\mail\\bin\\"}]}, "C:\\mail\\bin\\"),
    ("state-unreadable", {"services": [{"name": "mailstore", "state": "going down"}]}, "going down"),
    ("registry-key-unreadable", value(path=r"SOFTWARE\Mail", value="1"), r"SOFTWARE\Mail"),
    ("registry-view-unreadable", value(value="1", view="16"), "16"),
    ("registry-value-unreadable", value(name="release", value="two"), "two"),
    ("event-unreadable", {"events": [{"source": "Unknown", "id": 5}]}, "Unknown"),
    ("event-unreadable", {"events": [{"source": "MailQueue", "id": 5, "message": " N/A "}]}, "N/A"),
    ("event-unreadable", {"events": [{"source": "MailQueue", "id": 5, "message": NOT_FOUND}]}, NOT_FOUND),
    ("file-name-unreadable", info(path=r"C:\mail\other.exe"), r"INFO.DLL at C:\mail\other.exe"),
    ("symptom-unknown", {"symptoms": {"observed": ["Mail-Stops"]}}, "Mail-Stops"),
    ("symptom-unknown", {"symptoms": {"absent": ["Q9/mail-waits"]}}, "Q9/mail-waits"),
    ("copies-not-counted", info(path=KEPT, version="5.5a"), "$ntuninstallq1$"),
    ("complete-without-list", {"complete": ["events"]}, "events"),
    ("complete-without-list", {"complete": ["symptoms"], "symptoms": {}}, "symptoms"),
    ("complete-without-list", {"complete": ["products"]}, "products"),
]

SILENT: list[dict[str, Any]] = [
    value(value="two", view="64-bit"),
    value(name="Release", value="1.2"),
    value(name="Other", path="nowhere", value="two", view="16"),
    product(level="5.5 SP4", build="5.5.2653.23", edition="Enterprise", language="1033", platform="32-bit"),
    {"products": [{"name": "Other Server", "level": "the newest", "platform": "misc"}]},
    {"files": [{"name": "other.dll", "version": "5.5a", "platform": "misc", "path": KEPT[:-9]}]},
    info(version="5.5.2654.10 (SP4)", path=r"C:\mail\info.dll", modified="lately"),
    info(version="5.5"),
    info(version=""),
    {"services": [{"name": "Spooler", "state": "going down"}, {"name": "MailStore", "state": "4"}]},
    {"events": [{"source": "Spooler", "id": 5, "message": "N/A"}, {"source": "MailQueue", "id": 5}]},
    {"counters": [{"name": "pages", "value": 20, "at": "noon"}]},
    {"symptoms": {"observed": ["MAIL-WAITS"], "absent": ["q100001/mail-waits"]}},
    {"complete": ["events", "symptoms"], "events": [], "symptoms": {"observed": []}},
]


def notes_of(*servers: needfix.Server) -> list[needfix.Note]:
    """The notes, which are the same singly and in columns."""
    notes: list[needfix.Note] = []
    for _ in needfix.evaluate(CATALOGUE, servers, on_note=notes.append):
        pass
    in_columns = fleet.summary(CATALOGUE, pa.Table.from_batches([batch_of(servers)])).notes
    assert [(one.code, one.count, one.words) for one in in_columns] == [
        (one.code, one.count, one.words) for one in notes
    ]
    return notes


def server(**facts: Any) -> needfix.Server:  # noqa: ANN401 - any key of the format
    return needfix.Server.from_record({"server": "MAIL01", **facts})


@pytest.mark.parametrize(("code", "facts", "word"), NOTED)
def test_what_is_not_understood_used_or_counted_is_noted(code: str, facts: dict[str, Any], word: str) -> None:
    (note,) = notes_of(server(**facts))
    assert (note.code, note.count, note.words, note.file) == (code, 1, (word,), None)
    assert str(note) == f"server MAIL01: note: {note.text}; hint: {note.hint}"
    assert note.text.startswith("1 ")
    assert note.text.endswith(f': "{word}"')


@pytest.mark.parametrize("facts", SILENT)
def test_what_is_understood_or_of_no_concern_is_not(facts: dict[str, Any]) -> None:
    assert notes_of(server(**facts)) == []


def test_every_code_of_facts_is_tried() -> None:
    of_reading = {
        "unknown-key", "unknown-column", "value-unreadable", "older-fact", "facts-old", READ_AS,
        COLUMN_DOUBLED, OBJECTS_READ, OBJECT_UNKNOWN, "server-perhaps-same", "server-differs",
        "column-not-read", "lines-above", "answer-unused", "complete-denied",
    }  # fmt: skip
    of_dates = {OUT_OF_SUPPORT, CATALOGUE_OLD}  # in test_level_support.py and catalogue/test_header.py
    assert {code for code, _, _ in NOTED} == NOTE_KINDS.keys() - of_reading - of_dates


def test_many_servers_have_one_note_for_each_kind() -> None:
    facts = {**product(platform="misc", level="5.5 SP4"), **info(version="5.5a")}
    servers = [mail(server=f"S{number}", **facts) for number in range(300)]
    assert [(one.code, one.count) for one in notes_of(*servers)] == [
        ("platform-unreadable", 300),
        ("version-unreadable", 300),
    ]
