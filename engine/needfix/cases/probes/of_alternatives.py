"""Probes of required levels, rules and hotfixes of which one is enough: each by itself, and none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from needfix.cases.probes.copies import at_minimum, facts_of, first_below, listed_products
from needfix.cases.probes.other_rules import joined, one_below, shared_stages, with_symptom
from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.stage import Stage, levels_of
from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.model.requirement import AnyOf, ProductLevel, SingleRequirement, requirement
from needfix.versions import Level


def any_probes(stage: Stage, catalogue: Catalogue, needed: AnyOf, at: Position) -> Iterator[Probe]:
    """Each of several things there without the others, and none of them."""
    for there in (*needed.entries, None):
        given = _given(stage, catalogue, needed, there)
        if given is not None:
            level, facts = given
            name = None if there is None else requirement(there, lambda one: catalogue.products[one].name)
            words = "less than is required" if name is None else f"{name} there"
            aim: Aim = "requires-unmet" if there is None else "requires-met"
            about = requirement(needed if there is None else there)
            yield Probe(f"{stage.label(level)}, {words}", facts, aim, at, about)


def _given(
    stage: Stage, catalogue: Catalogue, needed: AnyOf, there: SingleRequirement | None
) -> tuple[Level, dict[str, object]] | None:
    """The facts of a server that has one of several things; None where there is no such server."""
    levels = [one for entry in needed.entries if not isinstance(entry, str) for one in entry]
    own = _own_level(stage, levels, there)
    if own is None:
        return None
    here, others = replace(stage, levels=(own,)), dict[str, list[dict[str, object]]]()
    for one in levels:
        if one.product != stage.product.product:
            others.setdefault(one.product, _beside(catalogue, levels, one.product, there))
    names = [entry for entry in needed.entries if isinstance(entry, str)]
    copies = first_below(here, own)
    for name in names:
        for rule_id in catalogue.meant_by(name):
            shared = shared_stages(here, catalogue, rule_id)
            if not shared:
                return None
            here, other = shared[0]
            known = {copy.minimum.name.casefold(): copy for copy in copies}
            copies = joined(known, at_minimum(other) if name == there else one_below(other))
    listed = [entry for entries in others.values() for entry in entries]
    facts = listed_products(here, copies, *listed) if others else facts_of(here, own, copies)
    if any(not catalogue.meant_by(name) for name in names):
        hotfixes = [there] if isinstance(there, str) and not catalogue.meant_by(there) else []
        facts = {**facts, "hotfixes": hotfixes, "complete": ["hotfixes"]}
    return own, {**facts, **with_symptom(stage.rule)}


def _own_level(stage: Stage, needed: list[ProductLevel], there: SingleRequirement | None) -> Level | None:
    """The level of the rule's product: just what is needed where that is to be there, else below."""
    own = [one.level for one in needed if one.product == stage.product.product]
    mine = [one.level for one in _levels(there) if one.product == stage.product.product]
    if mine:
        return next((level for level in stage.levels if level >= min(mine)), None)
    below = [level for level in stage.levels if all(level < one for one in own)]
    return below[-1] if below else None


def _beside(
    catalogue: Catalogue, needed: list[ProductLevel], product: str, there: SingleRequirement | None
) -> list[dict[str, object]]:
    """Another product at the level that is to be there, or below all of them; none where no level is."""
    definition = catalogue.products[product]
    mine = [one.level for one in _levels(there) if one.product == product]
    least = min(one.level for one in needed if one.product == product)
    level = min(mine) if mine else max((one for one in levels_of(definition) if one < least), default=None)
    return [] if level is None else [{"name": definition.name, "level": level.text}]


def _levels(entry: SingleRequirement | None) -> tuple[ProductLevel, ...]:
    return entry if isinstance(entry, tuple) else ()
