"""Probes of what a rule requires, of rules that supersede it, and of the updates that claim it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from needfix.cases.probes.copies import at_minimum, facts_of, first_below, listed_products
from needfix.cases.probes.of_alternatives import any_probes
from needfix.cases.probes.other_rules import joined, one_below, shared_stages, with_symptom
from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.stage import Stage, levels_of
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.model.product import ProductDefinition
from needfix.model.requirement import AnyOf, ProductLevel, SingleRequirement
from needfix.model.rule import Rule
from needfix.versions import Level


def requirement_probes(stage: Stage, catalogue: Catalogue) -> Iterator[Probe]:
    """Each requirement of the rule and of the stage's fixes just met, and just not."""
    for place, needed in stage.rule.requirements:
        is_own = place[0] == "requires" or stage.rule.fixes[int(place[1])] in stage.fixes
        at = position_of(stage.rule, place)
        if isinstance(needed, AnyOf):
            yield from any_probes(stage, catalogue, needed, at) if is_own else ()
        elif is_own:
            yield from _of_single(stage, catalogue, needed, at)


def _of_single(
    stage: Stage, catalogue: Catalogue, needed: SingleRequirement, at: Position
) -> Iterator[Probe]:
    if not isinstance(needed, str):
        for one in needed:
            yield from _of_level(stage, catalogue.products[one.product], one, at)
        return
    rules = catalogue.meant_by(needed)
    for rule_id in rules:
        yield from _of_rule(stage, catalogue, rule_id, at)
    if not rules:
        yield from any_probes(stage, catalogue, AnyOf((needed,)), at)


def superseding_probes(stage: Stage, catalogue: Catalogue) -> Iterator[Probe]:
    """Each rule that contains this one, present and not, where the own files are below."""
    for rule_id in catalogue.superseded_by.get(stage.rule.id, ()):
        at = stage.rule.at or position_of(stage.rule, ("id",))
        for is_present in (True, False):
            aim: Aim = "superseded" if is_present else "not-superseded"
            yield from _with_rule(_in_an_edition(stage), catalogue, rule_id, aim, at, is_present=is_present)


def claim_probes(rule: Rule) -> Iterator[Probe]:
    """A hotfix list that names the rule by an update, where its product is not installed."""
    for update in rule.updates[:1]:
        given = {"products": [], "complete": ["products"], "hotfixes": [update]}
        at = position_of(rule, ("updates", 0), ("updates",))
        yield Probe(f"not installed, {update} in the hotfix list", given, "claimed", at, update)


def _in_an_edition(stage: Stage) -> Stage:
    """The stage with an edition stated: where none is, a rule proves others only if it is for all of them."""
    separate = stage.product.separate_editions
    own = next((one for one in stage.product.editions if one not in separate), None)
    return stage if stage.edition or not separate else replace(stage, edition=own)


def _of_level(
    stage: Stage, product: ProductDefinition, needed: ProductLevel, at: Position
) -> Iterator[Probe]:
    if product is stage.product:
        met = [level for level in stage.levels if level >= needed.level]
        unmet = [level for level in stage.levels if level < needed.level]
        yield from (_probe(stage, level, "requires-met", at, needed.level.text) for level in met[:1])
        yield from (_probe(stage, level, "requires-unmet", at, needed.level.text) for level in unmet[-1:])
        return
    below = [level for level in levels_of(product) if level < needed.level]
    yield _beside(stage, product, needed.level, "requires-met", at)
    yield _beside(stage, product, below[-1] if below else None, "requires-unmet", at)


def _probe(stage: Stage, level: Level, aim: Aim, at: Position, about: str) -> Probe:
    given = {**facts_of(stage, level, first_below(stage, level)), **with_symptom(stage.rule)}
    return Probe(f"{stage.label(level)}, {_words(aim)}", given, aim, at, about)


def _beside(stage: Stage, product: ProductDefinition, level: Level | None, aim: Aim, at: Position) -> Probe:
    """The rule's product beside another one at a level, or without it."""
    others: list[dict[str, object]] = [] if level is None else [{"name": product.name, "level": level.text}]
    below = listed_products(stage, first_below(stage, stage.highest), *others)
    given = {**below, **with_symptom(stage.rule)}
    words = f"{product.name} {level}" if level else f"without {product.name}"
    return Probe(f"{stage.label(stage.highest)}, {words}, {_words(aim)}", given, aim, at, product.product)


def _of_rule(stage: Stage, catalogue: Catalogue, rule_id: str, at: Position) -> Iterator[Probe]:
    yield from _with_rule(stage, catalogue, rule_id, "requires-met", at, is_present=True)
    yield from _with_rule(stage, catalogue, rule_id, "requires-unmet", at, is_present=False)


def _with_rule(  # noqa: PLR0913 - the parts of a probe are independent
    stage: Stage, catalogue: Catalogue, rule_id: str, aim: Aim, at: Position, *, is_present: bool
) -> Iterator[Probe]:
    """The own files below, and those of another rule at their minimum or below."""
    for here, other in shared_stages(stage, catalogue, rule_id)[:1]:
        own = {copy.minimum.name.casefold(): copy for copy in first_below(here, here.highest)}
        copies = at_minimum(other) if is_present else one_below(other)
        facts = {**facts_of(here, here.highest, joined(own, copies)), **with_symptom(stage.rule)}
        words = f"{rule_id} {'present' if is_present else 'not present'}"
        name = f"{here.label(here.highest)}, {words}"
        yield Probe(name, facts, aim, at, rule_id)


def _words(aim: Aim) -> str:
    return "as required" if aim == "requires-met" else "less than is required"
