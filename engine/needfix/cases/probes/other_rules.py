"""Servers on which two rules are decided: where branches of both meet, and the files of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from needfix.cases.probes.copies import Copy, compared, with_value
from needfix.cases.probes.sides import missing
from needfix.cases.probes.stage import Stage, stages
from needfix.catalogue import Catalogue
from needfix.compare.by_identity import ByIdentity
from needfix.model.rule import Rule


def shared_stages(stage: Stage, catalogue: Catalogue, rule_id: str) -> list[tuple[Stage, Stage]]:
    """The stage where a branch of another rule is decided too, with that branch."""
    other = catalogue.rules.get(rule_id)
    return [
        (_at_both(stage, found), found)
        for found in (_stages_of(other, catalogue) if other else ())
        if found.product is stage.product
        and compared(found)
        and not set(stage.levels).isdisjoint(found.levels)
        and all(None in pair or pair[0] == pair[1] for pair in zip(_keys(stage), _keys(found), strict=True))
    ]


@ByIdentity
def _stages_of(rule: Rule, catalogue: Catalogue) -> tuple[Stage, ...]:
    return tuple(stages(rule, catalogue))


def _at_both(stage: Stage, other: Stage) -> Stage:
    levels = tuple(level for level in stage.levels if level in other.levels)
    edition, platform, language = (mine or its for mine, its in zip(_keys(stage), _keys(other), strict=True))
    return replace(stage, levels=levels, edition=edition, platform=platform, language=language)


def _keys(stage: Stage) -> tuple[str | None, str | None, str | None]:
    return stage.edition, stage.platform, stage.language


def one_below(stage: Stage) -> list[Copy]:
    """Every file at its minimum except the first, which is below."""
    first = compared(stage)[0][1]
    return with_value(stage, first, missing(first) or first.text)


def joined(own: Mapping[str, Copy], others: list[Copy]) -> list[Copy]:
    """The copies of both rules; of a file that both have, the other rule's."""
    names = {copy.minimum.name.casefold() for copy in others}
    return [*(copy for name, copy in own.items() if name not in names), *others]


def with_symptom(rule: Rule) -> dict[str, object]:
    """Observed, where the action would else be about symptoms and not about what is required."""
    if rule.apply == "always" or not rule.symptoms:
        return {}
    return {"symptoms": {"observed": [rule.symptoms[0].id]}}
