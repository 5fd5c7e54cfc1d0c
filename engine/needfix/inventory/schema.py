"""The JSON schema of an inventory, made from the tables that the reader uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from needfix.intake.fields import RECORD, Field, RecordObject

_ID = "https://needfix.dev/schemas/inventory.json"
_NOT_BLANK = r"\S"


def inventory_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of one native record or a list of them."""
    one = {"$ref": "#/$defs/record"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        "title": "needfix inventory",
        "description": "The facts about one server, or a list of servers.",
        "anyOf": [one, {"type": "array", "items": one}],
        "$defs": {entry.title: _object(entry) for entry in _objects(RECORD)},
    }


def _objects(entry: RecordObject) -> Iterator[RecordObject]:
    """An object, and those in its lists."""
    yield entry
    for field in entry.fields.values():
        if field.holds is not None and field.many:
            yield from _objects(field.holds)


def _object(entry: RecordObject) -> dict[str, Any]:
    firm = {keys[0] for keys in entry.needs if len(keys) == 1}
    choices = [{"anyOf": [_stated(key) for key in keys]} for keys in entry.needs if len(keys) > 1]
    fields = {key: _field(field, firm=key in firm) for key, field in entry.fields.items()}
    schema = {
        "type": "object",
        "title": entry.title,
        "properties": fields,
        "required": sorted(firm),
    }
    return {**schema, "allOf": choices} if choices else schema


def _stated(key: str) -> dict[str, Any]:
    """The key is there, and its value is neither null nor blank."""
    stated = {"not": {"type": "null"}, "pattern": _NOT_BLANK}
    return {"required": [key], "properties": {key: stated}}


def _field(field: Field, *, firm: bool) -> dict[str, Any]:
    schema = _value(field)
    return {
        "description": field.fact.about,
        **({"pattern": _NOT_BLANK, **schema} if firm else _or_null(schema)),
    }


def _value(field: Field) -> dict[str, Any]:
    if field.kind is not None:
        return field.kind.schema
    if field.holds is None:
        return {}
    if not field.many:
        return _object(field.holds)
    one = {"$ref": f"#/$defs/{field.holds.title}"}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    types = schema["type"]
    return {**schema, "type": [*([types] if isinstance(types, str) else types), "null"]}
