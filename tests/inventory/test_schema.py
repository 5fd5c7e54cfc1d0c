"""The schema says what the reader does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fixtures.write_inventories import servers
from needfix.errors import Position, Problem
from needfix.inventory import inventory_schema, server_from_record
from tests.inventory.test_record import BAD

VALIDATOR = Draft202012Validator(inventory_schema())


def test_it_is_a_schema() -> None:
    schema = inventory_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "https://needfix.dev/schemas/inventory.json"
    assert json.loads(json.dumps(schema)) == schema


def test_it_takes_the_fixtures_as_a_list_and_one_by_one() -> None:
    VALIDATOR.validate(servers())
    for record in servers():
        VALIDATOR.validate(record)


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [value for value in schema.values() if isinstance(value, dict)]
    found = [schema] if "properties" in schema and "title" in schema else []
    return found + [part for value in inner for part in _objects(value)]


def test_every_key_is_described() -> None:
    objects = _objects(inventory_schema())
    assert len(objects) == 9
    for part in objects:
        assert all(field["description"] for field in part["properties"].values())


REJECTED = [
    record
    for record, message in BAD
    if not any(
        words in message
        for words in (
            "surrogate",
            "control",
            "digits",
            "known key",
            "is not finite",
        )
    )
]


@pytest.mark.parametrize("record", REJECTED, ids=str)
def test_what_the_reader_rejects_for_its_type_the_schema_rejects(record: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(record)


VALUES: list[Any] = [None, True, 5, -1, 2.5, "x", "", "5", "10m", [], ["x"], [None], [{}], {}]
KEYS = [
    ("collected",), ("products",), ("files",), ("complete",), ("symptoms",), ("events",),
    ("services",), ("counters",), ("hotfixes",), ("restart_pending",), ("server",),
    ("files", "size"), ("files", "version"), ("files", "name"), ("products", "name"),
    ("symptoms", "observed"), ("counters", "for"), ("counters", "value"), ("counters", "samples"),
]  # fmt: skip


@pytest.mark.parametrize("keys", KEYS, ids=".".join)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_schema_takes_nothing_that_the_reader_rejects(keys: tuple[str, ...], value: object) -> None:
    record: dict[str, Any] = {"server": "A"}
    if len(keys) == 1:
        record[keys[0]] = value
    elif keys[0] == "symptoms":
        record["symptoms"] = {keys[1]: value}
    else:
        record[keys[0]] = [{"name": "n", **({"value": 1} if keys[0] == "counters" else {}), keys[1]: value}]
    problems: list[Problem] = []
    server_from_record(record, Position("x", 1), problems)
    if problems:
        assert not VALIDATOR.is_valid(record), problems
