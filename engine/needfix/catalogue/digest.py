"""The digest of a catalogue: one short text that changes where decisions or their reasons may."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from hashlib import sha256
from typing import Any

from needfix.model.product import ProductDefinition
from needfix.model.rule import Fix, Minimum, Rule, Symptom
from needfix.versions import Level

_EDITION = "needfix catalogue digest 1"
"""Hashed first; another number where the same rules are to have another digest."""

_PLACES = frozenset({"at", "places"})
_PROSE = {
    Rule: frozenset({"title", "references", "cases", "source", "review", "silences"}),
    Symptom: frozenset({"text"}),
    Minimum: frozenset({"text"}),  # the version as it is spelt
}
"""Fields that change no decision, no action and no reason code. All others count, new ones, too."""


class CatalogueDigest(str):
    """SHA-256 of what rules and product definitions mean, as 64 hexadecimal digits."""

    __slots__ = ()


def digest_of(rules: Iterable[Rule], products: Iterable[ProductDefinition]) -> CatalogueDigest:
    """The digest of rules and product definitions.

    It covers every key that a decision, an action, a reason code or a value in a reason depends on: ids,
    levels, builds, branches, minima, symptom ids with their observations, requirements, names of products.
    It is the same whatever file a rule lies in, and in whatever order files and keys stand, how a version
    or a level is spelt (`5,5,2654,29`), and whatever titles, symptom texts, references, comments, cases and
    notes for reviewers say. The order of a list counts, but for levels and files, which are sets.
    A key that is left out is the same as one with its default.
    """
    meaning = {
        "edition": _EDITION,
        "rules": sorted(rules, key=lambda rule: rule.id),
        "products": sorted(products, key=lambda product: product.product),
    }
    return CatalogueDigest(sha256(_text(meaning).encode()).hexdigest())


def _text(value: object) -> str:
    return json.dumps(value, default=_meaning, sort_keys=True, separators=(",", ":"))


def _meaning(value: Any) -> object:
    """What JSON cannot write as what it can."""
    if isinstance(value, Level):
        return str(value.key)
    if isinstance(value, frozenset):
        return sorted(value, key=_text)
    if isinstance(value, Fix):
        return {**_of_record(value), "files": sorted(value.files, key=_text)}
    return _of_record(value) if is_dataclass(value) else str(value)


def _of_record(record: Any) -> dict[str, object]:
    left_out = _PLACES | _PROSE.get(type(record), frozenset())
    counting = (own for own in fields(record) if own.name not in left_out)
    values = ((own.name, getattr(record, own.name), _default(own)) for own in counting)
    stated = {name: value for name, value, default in values if value != default}
    return {"kind": type(record).__name__, **stated}


def _default(own: Field[Any]) -> object:
    return own.default if own.default_factory is MISSING else own.default_factory()
