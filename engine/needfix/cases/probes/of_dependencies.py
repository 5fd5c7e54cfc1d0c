"""Probes of what a rule requires, of rules that supersede it, and of the updates that claim it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from needfix.cases.probes.copies import (
    Copy,
    at_minimum,
    compared,
    facts_of,
    first_below,
    listed_products,
    with_value,
)
from needfix.cases.probes.probe import Aim, Probe
from needfix.cases.probes.sides import missing
from needfix.cases.probes.stage import Stage, levels_of, stages
from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.model.product import ProductDefinition
from needfix.model.rule import ProductLevel, Rule
from needfix.versions import Level


def requirement_probes(stage: Stage, catalogue: Catalogue) -> Iterator[Probe]:
    """Each requirement just met, and just not."""
    for number, needed in enumerate(stage.rule.requires):
        at = position_of(stage.rule, ("requires", number))
        if isinstance(needed, str):
            for rule_id in catalogue.meant_by(needed):
                yield from _of_rule(stage, catalogue, rule_id, at)
        else:
            for one in needed:
                yield from _of_level(stage, catalogue.products[one.product], one, at)


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
    given = {**facts_of(stage, level, first_below(stage, level)), **_symptoms(stage.rule)}
    return Probe(f"{stage.label(level)}, {_words(aim)}", given, aim, at, about)


def _beside(stage: Stage, product: ProductDefinition, level: Level | None, aim: Aim, at: Position) -> Probe:
    """The rule's product beside another one at a level, or without it."""
    others: list[dict[str, object]] = [] if level is None else [{"name": product.name, "level": level.text}]
    below = listed_products(stage, first_below(stage, stage.highest), *others)
    given = {**below, **_symptoms(stage.rule)}
    words = f"{product.name} {level}" if level else f"without {product.name}"
    return Probe(f"{stage.label(stage.highest)}, {words}, {_words(aim)}", given, aim, at, product.product)


def _of_rule(stage: Stage, catalogue: Catalogue, rule_id: str, at: Position) -> Iterator[Probe]:
    yield from _with_rule(stage, catalogue, rule_id, "requires-met", at, is_present=True)
    yield from _with_rule(stage, catalogue, rule_id, "requires-unmet", at, is_present=False)


def _with_rule(  # noqa: PLR0913 - the parts of a probe are independent
    stage: Stage, catalogue: Catalogue, rule_id: str, aim: Aim, at: Position, *, is_present: bool
) -> Iterator[Probe]:
    """The own files below, and those of another rule at their minimum or below."""
    for here, other in _shared_stages(stage, catalogue, rule_id)[:1]:
        own = {copy.minimum.name.casefold(): copy for copy in first_below(here, here.highest)}
        copies = at_minimum(other) if is_present else _one_below(other)
        facts = {**facts_of(here, here.highest, _joined(own, copies)), **_symptoms(stage.rule)}
        words = f"{rule_id} {'present' if is_present else 'not present'}"
        name = f"{here.label(here.highest)}, {words}"
        yield Probe(name, facts, aim, at, rule_id)


def _one_below(stage: Stage) -> list[Copy]:
    first = compared(stage)[0][1]
    return with_value(stage, first, missing(first) or first.text)


def _joined(own: Mapping[str, Copy], others: list[Copy]) -> list[Copy]:
    """The copies of both rules; of a file that both have, the other rule's."""
    names = {copy.minimum.name.casefold() for copy in others}
    return [*(copy for name, copy in own.items() if name not in names), *others]


def _shared_stages(stage: Stage, catalogue: Catalogue, rule_id: str) -> list[tuple[Stage, Stage]]:
    """The stage where a branch of another rule is decided too, with that branch."""
    other = catalogue.rules.get(rule_id)
    return [
        (_at_both(stage, found), found)
        for found in (stages(other, catalogue) if other else ())
        if found.product is stage.product
        and compared(found)
        and not set(stage.levels).isdisjoint(found.levels)
        and all(None in pair or pair[0] == pair[1] for pair in zip(_keys(stage), _keys(found), strict=True))
    ]


def _at_both(stage: Stage, other: Stage) -> Stage:
    levels = tuple(level for level in stage.levels if level in other.levels)
    edition, platform, language = (mine or its for mine, its in zip(_keys(stage), _keys(other), strict=True))
    return replace(stage, levels=levels, edition=edition, platform=platform, language=language)


def _keys(stage: Stage) -> tuple[str | None, str | None, str | None]:
    return stage.edition, stage.platform, stage.language


def _symptoms(rule: Rule) -> dict[str, object]:
    """Observed, where the action would else be about them and not about what is required."""
    if rule.apply == "always" or not rule.symptoms:
        return {}
    return {"symptoms": {"observed": [rule.symptoms[0].id]}}


def _words(aim: Aim) -> str:
    return "as required" if aim == "requires-met" else "less than is required"
