"""A server made in code means what the same record in a file means, or is refused like it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix import fleet
from tests.inventory.support import read
from tests.support.catalogues import Document, catalogue_of, rule
from tests.support.laws import tried

Answers = list[tuple[str, str, str, list[str]]]

PRODUCT = {"name": "Contoso Mail Server", "level": "5.5 SP4", "language": "en", "platform": "x86"}
INFO = {"name": "Info.dll", "version": "5.5.2653.1"}
QUEUE = {"counter": "mail-queue", "above": 100, "for": "10m"}
SYMPTOMS = [{"id": "queues-grow", "text": "Queues grow", "observe": [QUEUE]}]
CATALOGUE = catalogue_of(rule(apply="if-symptoms", symptoms=SYMPTOMS))


def with_product(**values: object) -> Document:
    return {"server": "A", "products": [{**PRODUCT, **values}], "files": [INFO]}


def with_file(**values: object) -> Document:
    return {"server": "A", "products": [PRODUCT], "files": [{**INFO, **values}]}


def with_counter(**values: object) -> Document:
    counter = {"name": "mail-queue", "value": 500, "for": "15m", **values}
    return {**with_file(), "counters": [counter]}


FIVE: Any = 5.10
"""A version that is no text, and has lost its zero."""

PAIRS: dict[str, Document] = {
    "plain": with_file(),
    "padded file name": with_file(name=" Info.dll "),
    "padded file name, complete list": {**with_file(name="Info.dll "), "complete": ["files"]},
    "path as name": with_file(name="C:\\mail\\info.dll"),
    "path without name": with_file(name=None, path="C:\\mail\\info.dll"),
    "empty version": with_file(version=""),
    "blank version": with_file(version="  "),
    "empty level": with_product(level=""),
    "empty language": with_product(language="", platform=""),
    "padded language": with_product(language=" en ", platform=" x86 "),
    "language in capitals": with_product(language="EN", platform="X86"),
    "unknown scope": {**with_file(), "complete": ["file"]},
    "scope in capitals": {**with_file(), "complete": ["Files"]},
    "padded hotfix": {**with_file(), "hotfixes": [" KB100001 "]},
    "number of a hotfix": {**with_file(), "hotfixes": ["100001"]},
    "one text as hotfixes": {**with_file(), "hotfixes": "Q100001"},
    "padded symptom": {**with_file(), "symptoms": {"observed": [" queues-grow "]}},
    "symptom of one rule": {**with_file(), "symptoms": {"observed": ["q100001/Queues-Grow"]}},
    "one text as symptoms": {**with_file(), "symptoms": {"observed": "queues-grow"}},
    "counter that lasts": with_counter(),
    "padded counter": with_counter(name=" Mail-Queue "),
    "counter that is no number": with_counter(value="many"),
    "product twice": {**with_file(), "products": [PRODUCT, PRODUCT]},
    "padded server": {**with_file(), "server": " A "},
    "empty server": {**with_file(), "server": ""},
    "version with NUL": with_file(version="5.5.2653.1\0"),
    "huge version": with_file(version="9" * 5000),
    "modified": with_file(version=None, modified="2000-11-01T10:00:00"),
    "restart as text": {**with_file(), "restart_pending": "false"},
}


IN_OTHER_COLUMNS = {"one text as hotfixes", "one text as symptoms", "restart as text"}
"""What the columns of the native schema cannot hold; tests/intake has them in columns of their own."""


def in_code(record: Document) -> needfix.Server:
    """The server of a record by its constructors, which get the values as they are written."""
    facts = {**record, **record.get("symptoms", {})}
    kinds: dict[str, Any] = {
        "products": needfix.InstalledProduct,
        "files": needfix.FileCopy,
        "counters": needfix.CounterSample,
    }
    for key in kinds.keys() & facts.keys():
        if facts[key] is not None:
            facts[key] = [kinds[key](**attributes(one)) for one in facts[key]]
    return needfix.Server(**{key: value for key, value in facts.items() if key != "symptoms"})


def attributes(values: Document) -> Document:
    return {"name": None, **{"held_seconds" if key == "for" else key: value for key, value in values.items()}}


def answers(server: needfix.Server) -> Answers:
    found = needfix.evaluate(CATALOGUE, server)
    return [
        (one.rule, one.decision, one.action, list(dict.fromkeys(r.code for r in one.reasons)))
        for one in found
    ]


def in_columns(record: Document) -> Answers | None:
    """The answers of the fleet path; None where it refuses the record."""
    try:
        table = pa.Table.from_pylist([record], fleet.SCHEMA)
        rows = [row for batch in fleet.decisions(CATALOGUE, table) for row in batch.to_pylist()]
    except (needfix.InventoryError, pa.ArrowException):
        return None
    return [(row["rule"], row["decision"], row["action"], row["reasons"]) for row in rows]


def check(record: Document) -> None:
    from_file, problems = read(json.dumps(record))
    if problems:
        for make in (needfix.Server.from_record, in_code):
            with pytest.raises(needfix.InventoryError):
                make(record)
        return
    (server,) = from_file
    assert needfix.Server.from_record(record) == in_code(record) == server
    assert needfix.Server.from_record(json.loads(json.dumps(server.as_record()))) == server
    assert answers(in_code(record)) == answers(server)


@pytest.mark.parametrize("name", PAIRS)
def test_the_same_facts_give_the_same_answers_by_file_and_in_code(name: str) -> None:
    check(PAIRS[name])


@pytest.mark.parametrize("name", sorted(PAIRS.keys() - IN_OTHER_COLUMNS))
def test_and_in_columns(name: str) -> None:
    servers, _ = read(json.dumps(PAIRS[name]))
    found = in_columns(PAIRS[name])
    if found is not None or "number" not in name:  # columns of numbers take no text
        assert found == (answers(servers[0]) if servers else None)


def texts(*words: str) -> st.SearchStrategy[str | None]:
    """Words as people and scripts write them: padded, in capitals, empty, blank or none."""
    written = st.sampled_from(words).flatmap(
        lambda word: st.sampled_from([word, f" {word}", f"{word}\t", word.upper(), "", "  "])
    )
    return st.none() | written


FILES = st.fixed_dictionaries(
    {"name": texts("Info.dll", "Store.exe", "C:\\mail\\Info.dll")},
    optional={
        "path": texts("C:\\mail\\info.dll"),
        "version": texts("5.5.2653.1", "5.5.2654.10", "text") | st.just(5),
        "modified": texts("2000-11-01"),
        "size": st.integers(-1, 9) | st.just("7"),
        "platform": texts("x86", "alpha"),
    },
)
PRODUCTS = st.fixed_dictionaries(
    {"name": texts("Contoso Mail Server", "Unknown")},
    optional={
        "level": texts("5.5 SP4", "5.5 SP2"),
        "edition": texts("Standard Edition"),
        "language": texts("en", "de"),
        "platform": texts("x86"),
    },
)
COUNTERS = st.fixed_dictionaries(
    {"name": texts("mail-queue"), "value": st.sampled_from([500, "500", "many", 1.5, None, True])},
    optional={"for": st.sampled_from(["15m", "1m", "", None, "long"]), "at": texts("2000-11-01T10:00")},
)
RECORDS = st.fixed_dictionaries(
    {"server": texts("A", "B\\C") | st.just(17)},
    optional={
        "collected": texts("2002-05-09T08:00:00Z"),
        "products": st.none() | st.lists(PRODUCTS, max_size=2),
        "files": st.lists(FILES, max_size=3),
        "complete": st.lists(
            st.sampled_from(["files", "Files", " products ", "file", "hotfixes"]), max_size=2
        ),
        "symptoms": st.fixed_dictionaries(
            {}, optional={key: st.lists(texts("queues-grow"), max_size=2) for key in ("observed", "absent")}
        ),
        "counters": st.lists(COUNTERS, max_size=2),
        "hotfixes": st.none() | st.lists(texts("Q100001"), max_size=2),
        "restart_pending": st.sampled_from([True, False, None, "no"]),
    },
)


@tried(400)
@given(RECORDS)
def test_so_do_any_facts(record: Document) -> None:
    check(record)


def test_keys_of_a_record_are_without_case() -> None:
    made = needfix.Server.from_record({"Server": "A", "FILES": [{"Name": "a", "Version": "1"}]})
    assert made == needfix.Server("A", files=(needfix.FileCopy("a", version="1"),))
    with pytest.raises(needfix.InventoryError, match=r"server A: files.0..version is a float"):
        needfix.Server.from_record({"Server": "A", "FILES": [{"Name": "a", "Version": 1.5}]})
    with pytest.raises(needfix.InventoryError, match="is written twice") as caught:
        needfix.Server.from_record({"server": "A", "files": [{"name": "a", "Name": "b"}]})
    assert [(one.code, one.pointer) for one in caught.value.problems] == [("duplicate-key", "/files/0/name")]


def test_a_problem_of_a_server_names_it_and_has_a_code_and_a_pointer() -> None:
    with pytest.raises(needfix.InventoryError) as caught:
        needfix.Server.from_record(
            {"server": "MAIL01", "files": [{"name": "a"}, {"versoin": "1"}], "complete": ["file"]}
        )
    found = [(one.code, one.server, one.pointer) for one in caught.value.problems]
    assert found == [
        ("unknown-key", "MAIL01", "/files/1/versoin"),
        ("missing-key", "MAIL01", "/files/1/name"),
        ("unknown-word", "MAIL01", "/complete"),
    ]
    assert {one.code for one in caught.value.problems} <= needfix.PROBLEM_CODES.keys()
    assert str(caught.value).startswith(
        'server MAIL01: "files[1].versoin" is not a known key\n    hint: did you'
    )


@pytest.mark.parametrize(
    ("values", "field", "pointer"),
    [
        ({"complete": "file"}, "complete", "/complete"),
        ({"observed": True}, "observed", "/symptoms/observed"),
        ({"hotfixes": True}, "hotfixes", "/hotfixes"),
        ({"hotfixes": ("Q1", 5.5)}, "hotfixes[1]", "/hotfixes/1"),
        ({"restart_pending": "maybe"}, "restart_pending", "/restart_pending"),
        ({"files": needfix.FileCopy("a")}, "files", "/files"),
        ({"files": [{"name": "a"}]}, "files[0]", "/files/0"),
        ({"products": "Exchange"}, "products", "/products"),
        ({"at": "here"}, "at", None),
    ],
)
def test_a_value_of_another_type_is_an_error_that_names_server_and_field(
    values: dict[str, Any], field: str, pointer: str | None
) -> None:
    with pytest.raises(needfix.InventoryError, match="server MAIL01: ") as caught:
        needfix.Server("MAIL01", **values)
    (problem,) = caught.value.problems
    assert problem.what.startswith(f"{field} ")
    assert (problem.server, problem.pointer) == ("MAIL01", pointer)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: needfix.FileCopy("Store.exe", version=FIVE), "FileCopy Store.exe: version is a float"),
        (lambda: needfix.FileCopy(" "), "FileCopy: the file has no name"),
        (lambda: needfix.FileCopy("a", path="C:\new.dll"), "contains a control character"),
        (lambda: needfix.CounterSample("q", float("nan")), "CounterSample q: value is nan"),
        (lambda: needfix.CounterSample("q", 1, held_seconds=-1), "CounterSample q: held_seconds is -1"),
        (lambda: needfix.Event(None), "the event has no source"),  # type: ignore[arg-type]  # what is tested
        (lambda: needfix.Server(""), "the record has no server"),
        (lambda: needfix.Server.from_record([]), "the record: it is a list"),  # type: ignore[arg-type]  # as above
        (
            lambda: needfix.Server.from_record({"server": "A", "hotfixes": [5.5]}),
            "server A: hotfixes.0. is a float",
        ),
    ],
)
def test_so_is_one_of_any_other_object(make: Any, message: str) -> None:  # noqa: ANN401 - makes anything
    with pytest.raises(needfix.InventoryError, match=message):
        make()


def test_lists_and_sets_may_stand_for_tuples_and_frozensets() -> None:
    made = needfix.Server("A", files=[needfix.FileCopy("a")], observed=["X"], complete={"files"})  # type: ignore[arg-type]  # what is tested
    assert made == needfix.Server(
        "A", files=(needfix.FileCopy("a"),), observed=frozenset({"x"}), complete=frozenset({"files"})
    )
    assert hash(made) == hash(replace(made, at=needfix.Position("x", 1)))


def test_facts_are_ordered_and_become_json() -> None:
    copies = [needfix.FileCopy("b"), needfix.FileCopy("a", version="1"), needfix.FileCopy("a")]
    assert [one.version for one in sorted(copies)] == [None, "1", None]
    sample = needfix.CounterSample("q", 1, held_seconds=90)
    assert json.loads(json.dumps(sample.as_dict())) == {"name": "q", "value": 1.0, "for": "90.000000000s"}
    servers = [needfix.Server("B"), needfix.Server("A", files=(copies[1],)), needfix.Server("A")]
    assert [len(one.files) for one in sorted(servers)] == [0, 1, 0]
    assert servers[1].as_dict() == servers[1].as_record()


def test_a_replaced_server_keeps_ids_of_symptoms_as_they_were_written() -> None:
    server = needfix.Server("A", observed=frozenset({"Q100001/Mail-Waits"}))
    record = replace(server, collected="2002-05-09").as_record()
    assert record["symptoms"] == {"observed": ["Q100001/Mail-Waits"]}
