"""Probes of what entries of `affects` ask for beside a level: each thing there, and each one not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from needfix.cases.probes.copies import facts_of, first_below, is_key_file, of_build
from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.registry_values import ABSENT, in_other_view, only_in_other_view
from needfix.cases.probes.sides import Side, sides
from needfix.cases.probes.stage import LANGUAGES, Stage, another, platform_beside
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.intake.vocabularies import folded_language


def entry_probes(stage: Stage) -> Iterator[Probe]:
    """The builds at the ends of a range, another platform and language, and each product beside missing."""
    entry = stage.entry
    at = entry.at or position_of(stage.rule, ("affects",))
    for end in entry.builds.minima if entry.builds is not None else ():
        for side in sides(end):
            yield _in_build(stage, side, at)
    if entry.platform is not None:
        other = platform_beside(stage.rule, {entry.platform})
        yield _probe(replace(stage, platform=other), "not the platform", "not-asked", at)
        yield _probe(replace(stage, platform=None), "platform not stated", "not-asked", at)
    if entry.language is not None:
        other = another({folded_language(entry.language)}, LANGUAGES, folded_language)
        yield _probe(replace(stage, language=other), "not the language", "not-asked", at)
        yield _probe(replace(stage, language=None), "language not stated", "not-asked", at)
    for number, _ in enumerate(stage.values):
        yield from _of_value(stage, number, at)
    for number, beside in enumerate(stage.others):
        others = (*stage.others[:number], *stage.others[number + 1 :])
        if others:
            yield _probe(replace(stage, others=others), f"without {beside['name']}", "not-asked", at)
        else:
            listed = {"products": [stage.listed(stage.highest)]}
            facts = {**facts_of(stage, stage.highest, first_below(stage, stage.highest)), **listed}
            name = f"{stage.label(stage.highest)}, without {beside['name']}"
            yield Probe(name, facts, "not-asked", at, str(beside["name"]))


def _of_value(stage: Stage, number: int, at: Position) -> Iterator[Probe]:
    """A value of the registry on each side of what it must be, not inventoried, and in the other view."""
    minimum, value = stage.values[number]
    before, after = stage.values[:number], stage.values[number + 1 :]
    _, name = minimum.value_place
    for side in sides(minimum):
        if side.value != value:
            changed = replace(stage, values=(*before, (minimum, side.value), *after))
            aim: Aim = "not-asked" if side.aim == "below" else "asked"
            yield _probe(changed, f"{name} {side.words}", aim, at)
    yield _probe(replace(stage, values=(*before, *after)), f"{name} not inventoried", "not-asked", at)
    elsewhere = in_other_view(minimum)
    if elsewhere is not None:
        changed = replace(stage, values=(*before, (minimum, ABSENT), elsewhere, *after))
        words = f"{name} {only_in_other_view(minimum)}"
        yield replace(_probe(changed, words, "elsewhere", at), about=minimum.label)


def _in_build(stage: Stage, side: Side, at: Position) -> Probe:
    """The product in a build next to an end of the range; key files give way to it."""
    copies = [
        copy
        for copy in first_below(stage, stage.highest)
        if not copy.minimum.is_build and not is_key_file(stage, copy.minimum)
    ]
    facts = facts_of(stage, None, [*copies, of_build(stage, side.value)])
    return Probe(f"{stage.label(None)} build {side.value}".strip(), facts, "asked", at, side.value)


def _probe(stage: Stage, words: str, aim: Aim, at: Position) -> Probe:
    facts = facts_of(stage, stage.highest, first_below(stage, stage.highest))
    return Probe(f"{stage.label(stage.highest)}, {words}", facts, aim, at)
