"""Each field of a rule is expressed in OVAL, refused, or leads to actions only."""

from __future__ import annotations

from dataclasses import fields

import pytest

from needfix import Affects, Correction, Fix, Minimum, ProductDefinition, Rule
from needfix.model.value import Value

EXPRESSED: dict[type[Value], set[str]] = {
    Affects: {"product", "levels"},
    Correction: {"product", "level"},
    Fix: {"files", "component", "product", "levels", "platform", "language", "build", "registry"},
    Minimum: {"name", "version", "modified", "path", "lines", "above", "registry"},
    Rule: {
        "id", "title", "affects", "fixes", "supersedes", "corrected_in", "if_missing", "references",
        "advisories", "updates",
    },
    ProductDefinition: {"product", "name", "levels", "key_files", "shows_updates", "separate_editions"},
}  # fmt: skip
REFUSED: dict[type[Value], set[str]] = {
    Affects: {"edition", "builds", "platform", "language", "beside", "registry"},
    Correction: {"edition"},
    Fix: {"edition"},
    Minimum: {"is_free"},
    ProductDefinition: {"free_builds"},
}
WITHOUT_EFFECT: dict[type[Value], set[str]] = {
    Fix: {"requires", "needs_nothing"},
    Minimum: {"text"},
    Rule: {
        "symptoms", "requires", "apply", "needs_nothing", "cases", "source", "review", "silences",
        "accepted_mutants", "severity", "released", "also_needed",
    },
    ProductDefinition: {
        "aliases", "editions", "shorthand", "cumulative", "stated_without", "other_names",
        "levels_of_key_files",
    },
}  # fmt: skip
"""On a decision; names of products are read from inventories."""


@pytest.mark.parametrize("kind", EXPRESSED)
def test_every_field_has_its_place(kind: type[Value]) -> None:
    known = EXPRESSED[kind] | REFUSED.get(kind, set()) | WITHOUT_EFFECT.get(kind, set())
    assert {own.name for own in fields(kind) if own.compare} == known  # type: ignore[arg-type]
