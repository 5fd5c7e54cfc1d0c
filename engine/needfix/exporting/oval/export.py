"""Rules chosen for OVAL: their criteria, and what cannot be expressed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import superseding
from needfix.errors import Problem
from needfix.exporting.oval.criteria import Test, tests_of
from needfix.exporting.oval.objects import Object, ValueObject
from needfix.exporting.oval.refusals import Refusal, depending, never_affected, problems_of, refusals
from needfix.exporting.oval.rules import RuleCriteria, criteria_of
from needfix.exporting.oval.sources import Sources, sources_of
from needfix.model.rule import Rule


@dataclass(frozen=True)
class Export:
    """The criteria of rules. `problems` say which other rules OVAL cannot express, and why.

    `rules` are also those that supersede a chosen one; `chosen` are the ids of those that were asked for.
    """

    catalogue: Catalogue
    rules: tuple[RuleCriteria, ...]
    chosen: frozenset[str]
    sources: Sources
    problems: tuple[Problem, ...]

    @cached_property
    def referenced(self) -> frozenset[str]:
        """The ids of the rules whose own files other rules look at."""
        newer = _proving(self.catalogue, self.sources)
        return frozenset(
            one for rule in self.rules if rule.rule.id in self.chosen for one in newer.get(rule.rule.id, ())
        )

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """All tests, each once, in the order in which the definitions need them."""
        return tuple(dict.fromkeys(test for one in self.rules for test in self._tests_of(one)))

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """All objects, each once."""
        return tuple(dict.fromkeys(test.object for test in self.tests))

    def _tests_of(self, one: RuleCriteria) -> Iterator[Test]:
        if one.rule.id in self.chosen:
            yield from tests_of(one.required)
            yield from tests_of(one.present)
        if one.rule.id in self.referenced:
            yield from tests_of(one.own)


def export_rules(
    catalogue: Catalogue,
    rule_ids: Collection[str] | None = None,
    values: Mapping[str, ValueObject] | None = None,
) -> Export:
    """The criteria of rules, by default of all; `values` of the registry hold products' builds."""
    sources = sources_of(catalogue, values or {})
    newer = _proving(catalogue, sources)
    chosen = list(catalogue.rules) if rule_ids is None else list(rule_ids)
    needed = dict.fromkeys([*chosen, *(one for rule_id in chosen for one in newer.get(rule_id, ()))])
    found: dict[str, RuleCriteria] = {}
    refused: dict[str, list[Refusal]] = {}
    for rule_id in (one for one in catalogue.rules if one in needed):
        rule = catalogue.rules[rule_id]
        own = list(refusals(catalogue, rule, sources))
        criteria = None if own else criteria_of(catalogue, rule, sources, newer.get(rule_id, ()))
        if criteria is not None:
            found[rule_id] = criteria
        else:
            refused[rule_id] = own or [never_affected(rule)]
    for rule_id in [one for one in chosen if one in found]:
        missing = [one for one in newer.get(rule_id, ()) if one in refused]
        if missing:
            refused[rule_id] = [depending(catalogue.rules[rule_id], missing[0])]
            del found[rule_id]
    return Export(
        catalogue=catalogue,
        rules=tuple(found.values()),
        chosen=frozenset(chosen) & found.keys(),
        sources=sources,
        problems=tuple(problems_of(own for one in chosen for own in refused.get(one, ()))),
    )


def _proving(catalogue: Catalogue, sources: Sources) -> dict[str, list[str]]:
    """For each rule those that contain its fix, directly or through others, and can show that it is there."""
    rules = catalogue.rules
    return {
        older: [one for one in newer if _can_prove(rules[one], rules[older], sources)]
        for older, newer in superseding(catalogue.superseded_by).items()
    }


def _can_prove(newer: Rule, older: Rule, sources: Sources) -> bool:
    """A value of the registry proves no other fix, and one that holds a build none that has files."""
    alone = [fix for fix in newer.fixes if not fix.compares_files]
    if any(fix.build is None for fix in alone):
        return False
    if not alone or not any(fix.compares_files for fix in older.fixes):
        return True
    return all(source.kind == "key_files" for product in newer.products for source in sources[product])
