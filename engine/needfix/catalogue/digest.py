"""The digest of a catalogue: a short text that changes when decisions or their reasons can change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from hashlib import sha256
from typing import Any

from needfix.model.minimum import Minimum, MinimumLine
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.model.rule import Affects, Fix, Rule
from needfix.model.symptom import Symptom
from needfix.versions import Level

_EDITION = "needfix catalogue digest 1"
"""Hashed first; increase the number to give the same rules another digest."""

_PLACES = frozenset({"at", "places", "numberings", "labels"})
_PROSE = {
    Rule: frozenset(
        {"title", "references", "cases", "source", "review", "silences", "accepted_mutants", "released"}
    ),
    LevelDefinition: frozenset({"released", "supported_until"}),
    Symptom: frozenset({"text"}),
    Minimum: frozenset({"text"}),  # the version as written
    MinimumLine: frozenset({"text", "since_text"}),
}
"""Fields that change no decision, action or reason code. All other fields count, including new ones."""


class CatalogueDigest(str):
    """SHA-256 of what rules and product definitions mean, as 64 hexadecimal digits."""

    __slots__ = ()


def digest_of(rules: Iterable[Rule], products: Iterable[ProductDefinition]) -> CatalogueDigest:
    """The digest of rules and product definitions.

    It includes every key that a decision, an action, a reason code or a value in a reason depends on: ids,
    levels, builds, branches, minima, symptom ids with their observations, requirements, names of products;
    and what decisions carry: severity and advisories.
    It does not depend on the file of a rule, the order of files and keys, the spelling of a version, of a
    level (`5,5,2654,29`) or of a registry's root, or on titles, symptom texts, references, comments, cases,
    notes for reviewers, days of release and ends of support. The order of a list counts, except for levels,
    files and values of the registry, which are sets.
    An omitted key is the same as one with its default.
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
    """A value that JSON cannot write, as one that it can."""
    if isinstance(value, Level):
        return list(value.name)
    if isinstance(value, frozenset):
        return sorted(value, key=_text)
    if isinstance(value, ProductDefinition):
        left_out = _PROSE[LevelDefinition]
        levels = [[own for key, own in one._asdict().items() if key not in left_out] for one in value.levels]
        return {**_of_record(value), "levels": levels}
    if isinstance(value, Minimum) and value.registry is not None:
        return {**_of_record(value), "name": ""}
    if isinstance(value, Fix | Affects):
        return {**_of_record(value), **_sets(value)}
    return _of_record(value) if is_dataclass(value) else str(value)


def _of_record(record: Any) -> dict[str, object]:
    left_out = _PLACES | _PROSE.get(type(record), frozenset())
    counting = (own for own in fields(record) if own.name not in left_out)
    values = ((own.name, getattr(record, own.name), _default(own)) for own in counting)
    stated = {name: value for name, value, default in values if value != default}
    return {"kind": type(record).__name__, **stated}


def _sets(value: Fix | Affects) -> dict[str, object]:
    """The files of a fix, and values of the registry, in one order."""
    files = {"files": sorted(value.files, key=_text)} if isinstance(value, Fix) else {}
    return {**files, **({"registry": sorted(value.registry, key=_text)} if value.registry else {})}


def _default(own: Field[Any]) -> object:
    return own.default if own.default_factory is MISSING else own.default_factory()
