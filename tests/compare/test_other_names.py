"""A complete list may have a service or counter under another name: singly, in columns and in Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import needfix
from needfix import fleet
from needfix.cases import plain
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import OLD, Document, catalogue_of, decide, mail, rule

Entries = list[dict[str, Any]]
STOPPING, QUEUE = {"service": "MailStore", "state": "stopping"}, {"counter": "queue-length", "above": 100}


def observing(*observe: Document) -> needfix.Catalogue:
    """The catalogue of a rule that is only for servers that show its symptom."""
    symptoms = [{"id": "mail-waits", "text": "Mail waits", "observe": list(observe)}]
    return catalogue_of(rule(apply="if-symptoms", symptoms=symptoms))


def service(name: str, state: str = "running") -> dict[str, Any]:
    return {"name": name, "state": state}


def counter(name: str, value: float | None = 500) -> dict[str, Any]:
    return {"name": name, "value": value, "for": "10m"}


SERVICES: list[tuple[Entries, str]] = [
    ([service("Mail Store Service", "stop pending")], "confirm-symptoms"),
    ([service("Mail Store Service", "no state")], "confirm-symptoms"),
    ([service("MailStore (Mail Store Service)", "stopping")], "confirm-symptoms"),
    ([service("\u201cMailStore\u201d", "stopping")], "confirm-symptoms"),
    ([service("\u30e1\u30fc\u30eb\u30b9\u30c8\u30a2", "stopping")], "confirm-symptoms"),
    ([service("Print Spooler"), service("Maildienst", "stopping")], "confirm-symptoms"),
    ([service("Mail Store Service", "running")], "wait"),
    ([service("Mail Store Service", "stopping"), service("mailstore", "running")], "wait"),
    ([service("Spooler", "stopping"), service("W32Time", "stopping"), service("MSSQL$OTHER")], "wait"),
    ([], "wait"),
    ([service("MailStore", "stopping"), service("Print Spooler")], "apply"),
]
COUNTERS: list[tuple[Entries, str]] = [
    ([counter("Queue Length")], "confirm-symptoms"),
    ([counter("Queue Length", None)], "confirm-symptoms"),
    ([counter(r"\\MAIL01\Mail(_Total)\Queue")], "confirm-symptoms"),
    ([counter("Queue Length", 5)], "wait"),
    ([counter("Queue Length"), counter("queue-length", 5)], "wait"),
    ([counter("cpu-percent")], "wait"),
    ([], "wait"),
    ([counter("Queue Length"), counter("queue-length")], "apply"),
]
LISTS: list[tuple[Document, dict[str, Any], str]] = [
    *((STOPPING, {"services": entries, "complete": ["services"]}, action) for entries, action in SERVICES),
    *((QUEUE, {"counters": entries, "complete": ["counters"]}, action) for entries, action in COUNTERS),
]


@pytest.mark.parametrize(("observe", "keys", "action"), LISTS, ids=lambda one: json.dumps(one, default=str))
def test_a_complete_list_of_other_names_denies_no_symptom(
    observe: Document, keys: dict[str, Any], action: str
) -> None:
    catalogue, facts = observing(observe), mail(info=OLD, **keys)
    found = decide(catalogue, facts, "Q100001")
    assert (found.decision, found.action) == ("fix-required", action)
    assert plain.decide(catalogue, facts)["Q100001"] == (found.decision, action)
    others = [mail(info=OLD, **other) for seen, other, _ in LISTS if seen is observe]
    every = [
        needfix.Server.from_record({**one.as_record(), "server": f"S{n}"}) for n, one in enumerate(others)
    ]
    assert fleet_rows(catalogue, piece_of(every))[0] == single_rows(catalogue, every)


def test_a_list_that_is_not_complete_denies_none_either() -> None:
    facts = mail(info=OLD, services=[service("Spooler")])
    assert decide(observing(STOPPING), facts, "Q100001").action == "confirm-symptoms"


def test_a_symptom_that_a_list_of_other_names_lacks_is_not_contradicted() -> None:
    catalogue = observing(STOPPING)
    keys: dict[str, Any] = {"services": [service("Mail Store Service", "stopping")], "complete": ["services"]}
    found = decide(catalogue, mail(info=OLD, symptoms={"observed": ["mail-waits"]}, **keys), "Q100001")
    assert (found.action, found.contradictions) == ("apply", ())


def test_files_of_every_format_mean_the_same(tmp_path: Path) -> None:
    catalogue = observing(STOPPING, QUEUE)
    scopes = ["services", "counters"]
    records = [
        {
            "server": f"S{number:02}",
            "products": [{"name": "Contoso Mail Server", "level": "5.5 SP4"}],
            "files": [{"name": "Info.dll", "version": OLD}],
            "services": services,
            "counters": counters,
            "complete": scopes,
        }
        for number, (services, counters) in enumerate((s, c) for s, _ in SERVICES for c, _ in COUNTERS)
    ]
    (tmp_path / "fleet.jsonl").write_text(
        "".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8"
    )
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "fleet.parquet")
    servers = [needfix.Server.from_record(one) for one in records]
    singly = [one.action for one in needfix.evaluate(catalogue, servers)]
    assert {"wait", "confirm-symptoms", "apply"} == set(singly)
    for name in ("fleet.jsonl", "fleet.parquet"):
        total = fleet.summary(catalogue, tmp_path / name).total
        assert total == {("fix-required", action): singly.count(action) for action in set(singly)}
