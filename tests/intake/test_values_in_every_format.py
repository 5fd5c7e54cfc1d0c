"""A word for true or false, and one text in place of a list, mean the same in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

import needfix
from needfix import fleet
from needfix.errors import InputError
from needfix.fleet.records import SCHEMA

CATALOGUE = needfix.load_catalogue()
BASE: dict[str, Any] = {
    "server": "A",
    "products": [{"name": "Exchange", "level": "5.5 SP4"}],
    "files": [{"name": "Store.exe", "version": "5.5.2654.29"}],
}
CELLS = {
    "server": "A",
    "product": "Exchange",
    "level": "5.5 SP4",
    "file": "Store.exe",
    "version": "5.5.2654.29",
}
Answer = tuple[Any, list[str]]
REFUSED = "refused"


def written(tmp_path: Path, key: str, value: object) -> list[Path]:
    """A record with a value in every format that can hold it."""
    record = {**BASE, key: value}
    cells = {**CELLS, key: value}
    rows = io.StringIO()
    writer = csv.DictWriter(rows, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    texts = {
        "a.json": json.dumps(record),
        "a.jsonl": json.dumps(record) + "\n",
        "a.yaml": yaml.safe_dump(record),
        "a.csv": rows.getvalue(),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([record]), tmp_path / "native.parquet")
    pq.write_table(pa.Table.from_pylist([cells]), tmp_path / "tall.parquet")
    return [tmp_path / name for name in (*texts, "native.parquet", "tall.parquet")]


def in_rows(path: Path, attribute: str) -> Answer | str:
    """The value, and the words of notes."""
    notes: list[needfix.Note] = []
    try:
        (server,) = needfix.read_inventory(path, on_note=notes.append)
    except InputError:
        return REFUSED
    return getattr(server, attribute), [word for note in notes for word in note.words]


def in_columns(path: Path) -> Answer | str:
    """The decision and action for one rule, and the words of notes."""
    notes: list[needfix.Note] = []
    try:
        batches = list(fleet.decisions(CATALOGUE, path, rules=["Q279798"], on_note=notes.append))
    except InputError:
        return REFUSED
    (row,) = [row for batch in batches for row in batch.to_pylist()]
    return (row["decision"], row["action"]), [word for note in notes for word in note.words]


TRUTHS: list[tuple[object, Answer | str]] = [
    *((word, (True, [])) for word in (True, "yes", "TRUE", "1", 1, "Yes ", '="TRUE"', '"true"', "1.0")),
    *((word, (False, [])) for word in (False, "no", "FALSE", "0", 0, "0.0")),
    *((word, (None, [])) for word in ("", "  ", '=""')),
    *((word, (None, [word])) for word in ("Unknown", "N/A")),
    *((word, REFUSED) for word in ("maybe", "2", 2)),
]


@pytest.mark.parametrize(("word", "expected"), TRUTHS)
def test_words_for_true_and_false(tmp_path: Path, word: object, expected: Answer | str) -> None:
    for path in written(tmp_path, "restart_pending", word):
        assert in_rows(path, "restart_pending") == expected, path.name
        found = in_columns(path)
        if isinstance(expected, str):
            assert found == REFUSED, path.name
        else:
            assert found == (("fix-present", "restart" if expected[0] else "none"), expected[1]), path.name
    if isinstance(expected, str):
        with pytest.raises(InputError):
            needfix.Server.from_record({**BASE, "restart_pending": word})
    else:
        assert needfix.Server.from_record({**BASE, "restart_pending": word}).restart_pending == expected[0]


LISTS: list[tuple[str, Any, Any]] = [
    ("hotfixes", "Q279798", ("Q279798",)),
    ("hotfixes", "Q279798; KB264000", ("Q279798", "KB264000")),
    ("hotfixes", '="Q279798"', ("Q279798",)),
    ("hotfixes", "Unknown", ("Unknown",)),
    ("hotfixes", "not available", ("not available",)),
    ("hotfixes", "", None),
    ("complete", "files", frozenset({"files"})),
    ("complete", "files;products", frozenset({"files", "products"})),
    ("complete", "", frozenset()),
]


@pytest.mark.parametrize(("key", "text", "expected"), LISTS)
def test_one_text_in_place_of_a_list(tmp_path: Path, key: str, text: str, expected: object) -> None:
    for path in written(tmp_path, key, text):
        found = in_rows(path, key)
        assert not isinstance(found, str)
        assert found[0] == expected, path.name
        assert in_columns(path) == (("fix-present", "none"), []), path.name
    assert getattr(needfix.Server.from_record({**BASE, key: text}), key) == expected


def test_one_text_as_the_observed_symptoms(tmp_path: Path) -> None:
    record = {**BASE, "symptoms": {"observed": "internet-mail-queues-grow"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(record), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([record]), tmp_path / "a.parquet")
    for path in tmp_path.iterdir():
        assert in_rows(path, "observed") == (frozenset({"internet-mail-queues-grow"}), [])
        assert in_columns(path) == (("fix-present", "investigate"), [])


def test_a_list_that_is_no_list_of_texts_is_refused(tmp_path: Path) -> None:
    for key, value in (("hotfixes", True), ("hotfixes", {"id": "Q1"}), ("complete", ["files", None])):
        (tmp_path / "a.jsonl").write_text(json.dumps({**BASE, key: value}), encoding="utf-8")
        assert in_rows(tmp_path / "a.jsonl", key) == REFUSED


def test_the_example_for_a_scope_is_a_scope() -> None:
    with pytest.raises(InputError, match=r'complete\[1\] is null; expected text such as "files"'):
        needfix.Server.from_record({**BASE, "complete": ["files", None]})


def test_the_schema_of_arrow_is_as_it_was() -> None:
    assert SCHEMA.field("restart_pending").type == pa.bool_()
    assert SCHEMA.field("hotfixes").type == pa.list_(pa.string())
