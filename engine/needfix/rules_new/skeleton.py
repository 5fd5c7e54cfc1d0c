"""A rule to start from: every key of the format, filled in or as a comment that explains it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from string import Template

import yaml

from needfix.catalogue.nodes import Scalar
from needfix.catalogue.records import Record
from needfix.catalogue.rule_format import RULE
from needfix.errors import Position, UsageError
from needfix.model.product import ProductDefinition
from needfix.rules_new.skeleton_text import BLOCKS, CASE_OF_ANOTHER_LEVEL

SCHEMA = "https://needfix.dev/schemas/rule.json"
"""The schema that a rule names where none lies near it."""

_KEY = re.compile(r" *(?:# )?[ -]*([a-z_]+):")


def checked_id(text: str) -> str:
    """An id that the loader takes. Raises UsageError for others."""
    shape = RULE.fields["id"].shape
    if shape.read(Scalar(text, "text", Position("", 1)), []) is None:
        hint = (
            "use letters, digits, points, hyphens and underscores, at most 100, with a letter or digit first"
        )
        raise UsageError(f"{text!r} is not an id; expected {shape.what}\n    hint: {hint}")
    return text.strip()


def skeleton(rule_id: str, product: ProductDefinition, schema: str = SCHEMA) -> str:
    """The text of a rule that loads and whose cases pass; what its author has to replace says TODO."""
    if not product.levels:
        what = f"the definition of {product.product} has no levels, so a rule can affect none"
        raise UsageError(f"{what}\n    hint: add its levels to the definition")
    values = _values(rule_id, product, schema)
    blocks = [*BLOCKS, *([CASE_OF_ANOTHER_LEVEL] if len(product.levels) > 1 else [])]
    filled = ((record, Template(text).substitute(values)) for record, text in blocks)
    return "".join(f"{line}\n" for record, text in filled for line in _explained(record, text))


def _values(rule_id: str, product: ProductDefinition, schema: str) -> dict[str, str]:
    levels = [_plain_or_quoted(str(entry.level)) for entry in product.levels]
    return {
        "schema": schema,
        "id": _plain_or_quoted(rule_id),
        "product": _plain_or_quoted(product.product),
        "level": levels[-1],
        "other_level": levels[-2] if len(levels) > 1 else "",
        "levels": ", ".join(levels),
        "edition": _quoted(product.editions[0] if product.editions else "Enterprise Edition"),
    }


def _plain_or_quoted(text: str) -> str:
    """A word as YAML, in quotes where it would be read as a number or the like."""
    return text if yaml.safe_dump(text, width=len(text) + 1).splitlines()[0] == text else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _explained(record: Record | None, text: str) -> Iterator[str]:
    """The lines of a text, each key of the record with its meaning behind it."""
    for line in text.splitlines():
        key = _KEY.match(line)
        field = record.fields.get(key[1]) if record and key else None
        yield line if field is None else f"{line}  # {field.meaning}"
