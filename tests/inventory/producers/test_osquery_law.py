"""Logs of osquery that lose rows or columns never lead to a safer answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import needfix
from tests.inventory.support import read
from tests.support.catalogues import NEW, OLD, catalogue_of, fix, rule
from tests.support.laws import tried

CATALOGUE = catalogue_of(
    rule("Q100001", fixes=[fix({"Info.dll": NEW, "Mad.exe": NEW})]),
    rule("Q100002", affects=["5.5 SP4"], fixes=[fix({"Mad.exe": NEW})], supersedes=["Q100001"]),
    rule(
        "Q100003",
        apply="if-symptoms",
        symptoms=[
            {
                "id": "does-not-stop",
                "text": "It hangs",
                "observe": [{"service": "MailIS", "state": "stopping"}],
            }
        ],
    ),
    rule("Q100004", fixes=[{"registry": {"HKLM\\SOFTWARE\\Mail\\Fixed": {"equals": "1"}}}]),
    rule("Q100005", requires=["KB900001"], fixes=[fix({"Data.dll": {"modified": "2024-02-13T04:53:20Z"}})]),
)
DISAGREEMENTS = {
    "level-contradicted", "product-contradicted", "edition-contradicted", "file-newer-than-level",
    "platform-differs", "key-file-missing", "no-branch", "symptom-contradicted", "build-differs",
    "registry-contradicted",
}  # fmt: skip

Row = dict[str, str | None]
Unit = tuple[str, list[Row]]
"""A query, and rows of it that belong together: those of one file, of one product."""


def _file(name: str, version: str, mtime: str) -> Unit:
    path = f"C:\\mail\\{name}"
    return "file", [
        {"path": path, "filename": name, "file_version": version, "product_version": NEW, "mtime": mtime}
    ]


VERSIONS = st.sampled_from([OLD, NEW, "5.5.2653.23", "5.5.2448.8", "6.0.4417.1", "", "5.5.2654"])
FILES = st.builds(
    _file, st.sampled_from(["Info.dll", "Mad.exe", "Data.dll", "Store.exe"]), VERSIONS,
    st.sampled_from(["1707800000", "1600000000", "0", "1807800000"]),
)  # fmt: skip
PROGRAMS = st.builds(
    lambda name, version: ("programs", [{"name": name, "version": version, "publisher": "Contoso"}]),
    st.sampled_from(
        ["Contoso Mail Server", "Contoso Mail Server 5.5 SP4", "Mail Server 5.5 SP3", "Other", ""]
    ),
    st.sampled_from(["", "5.5.2653.23", "5.5.2650.1", "5.0.1457", "1.0"]),
)
SERVICES = st.sampled_from(["RUNNING", "STOP_PENDING", "STOPPED"]).map(
    lambda state: ("services", [{"name": "MailIS", "display_name": "Mail", "status": state}])
)
VALUES = st.sampled_from(["1", "0", ""]).map(
    lambda data: ("registry", [{"key": "HKEY_LOCAL_MACHINE\\SOFTWARE\\Mail", "name": "Fixed", "data": data}])
)
PATCHES = st.sampled_from(["Q100001", "KB900001", "KB5"]).map(lambda own: ("patches", [{"hotfix_id": own}]))
UNITS = st.lists(
    FILES | FILES | PROGRAMS | SERVICES | VALUES | PATCHES, min_size=1, max_size=7, unique_by=json.dumps
)


def _line(query: str, counter: int, **rest: object) -> dict[str, Any]:
    return {
        "name": query,
        "hostIdentifier": "A",
        "unixTime": 1_710_266_400 + counter,
        "counter": counter,
        **rest,
    }


def _events(units: list[Unit], action: str = "added") -> list[dict[str, Any]]:
    return [_line(query, 0, columns=row, action=action) for query, rows in units for row in rows]


def _later(units: list[Unit]) -> list[dict[str, Any]]:
    """Rows that take the place of others, which are removed."""
    lines = []
    for query, rows in units:
        for row in rows:
            old = {**row, "file_version": "5.5.1.1"} if query == "file" else row
            lines += [
                _line(query, 0, columns=old, action="added"),
                _line(query, 1, columns=old, action="removed"),
            ]
            lines.append(_line(query, 1, columns=row, action="added"))
    return lines


def _by_query(units: list[Unit]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for query, rows in units:
        found.setdefault(query, []).extend(rows)
    return found


def _batches(units: list[Unit]) -> list[dict[str, Any]]:
    return [_line(query, 0, diffResults={"added": rows}) for query, rows in _by_query(units).items()]


def _snapshots(units: list[Unit]) -> list[dict[str, Any]]:
    return [_line(query, 0, snapshot=rows, action="snapshot") for query, rows in _by_query(units).items()]


def _rows(units: list[Unit]) -> list[dict[str, Any]]:
    return [{**row, "hostname": "A"} for _, rows in units for row in rows]


FORMS: dict[str, Callable[[list[Unit]], list[dict[str, Any]]]] = {
    "events": _events,
    "snapshot, row by row": lambda units: _events(units, "snapshot"),
    "later": _later,
    "batches": _batches,
    "snapshots": _snapshots,
    "rows": _rows,
}


def decided(lines: list[dict[str, Any]]) -> dict[str, needfix.Decision]:
    always = _line("processes", 0, columns={"pid": "1"}, action="added")
    (server,), problems = read("".join(f"{json.dumps(line)}\n" for line in (always, *lines)))
    assert not problems
    return {decision.rule: decision for decision in needfix.evaluate(CATALOGUE, server)}


def subject(unit: Unit) -> str:
    """What a unit is about: all copies of a file, and all entries of a product, are left out together."""
    query, (row, *_) = unit
    is_mail = query == "programs" and "Mail Server" in str(row["name"])
    return "mail" if is_mail else row.get("path") or json.dumps(row)


def without_one(units: list[Unit], data: st.DataObject) -> list[Unit]:
    """The units without those about one thing, or with a column of one that says nothing."""
    chosen = data.draw(st.sampled_from(units), "unit")
    alike = [unit for unit in units if subject(unit) == subject(chosen)]
    fixed = {"path", "filename", "key", *(["name"] if len(alike) > 1 else [])}
    column = data.draw(
        st.sampled_from([None, *(name for name in chosen[1][0] if name not in fixed)]), "column"
    )
    if column is None:
        return [unit for unit in units if unit not in alike]
    silent = data.draw(st.sampled_from(["", "N/A", "Unknown", None]), "value")
    query, (row, *_) = chosen
    return [(query, [{**row, column: silent}]) if unit == chosen else unit for unit in units]


def is_safe(before: needfix.Decision, after: needfix.Decision) -> bool:
    if before.decision == "fix-required":
        return after.decision in ("fix-required", "undetermined")
    if before.decision == "undetermined":
        disagreed = DISAGREEMENTS & {reason.code for reason in before.reasons}
        return bool(disagreed) or after.decision in ("undetermined", "fix-required")
    return True


@given(UNITS, st.data())
@tried(50)
def test_a_log_that_lacks_something_gives_no_safer_answer(units: list[Unit], data: st.DataObject) -> None:
    form = FORMS[data.draw(st.sampled_from(sorted(FORMS)), "form")]
    less = without_one(units, data)
    before, after = decided(form(units)), decided(form(less))
    for rule_id, decision in before.items():
        assert is_safe(decision, after[rule_id]), (rule_id, decision, after[rule_id])


@given(UNITS, st.data())
@tried(30)
def test_a_log_that_lacks_lines_gives_no_safer_answer(units: list[Unit], data: st.DataObject) -> None:
    """Each line of a file that changed, or of a query, may be lost."""
    own = list({subject(unit): unit for unit in units}.values())
    lines = data.draw(st.sampled_from([_later, _batches, _snapshots]), "form")(own)
    lost = data.draw(st.integers(0, len(lines) - 1), "line")
    before, after = decided(lines), decided([line for n, line in enumerate(lines) if n != lost])
    for rule_id, decision in before.items():
        assert is_safe(decision, after[rule_id]), (rule_id, decision, after[rule_id])


@given(UNITS)
@tried(30)
def test_nothing_is_concluded_from_what_a_log_leaves_out(units: list[Unit]) -> None:
    """That a product is not listed, or a file, proves nothing."""
    for decision in decided(_snapshots(units)).values():
        codes = {reason.code for reason in decision.reasons}
        assert codes.isdisjoint({"product-not-installed", "component-not-installed"})
