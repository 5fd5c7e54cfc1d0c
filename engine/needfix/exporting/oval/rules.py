"""A rule as criteria of OVAL: whether its fix is needed, and whether it is present."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.compare.affected_entries import ProductEntries
from needfix.compare.branches import choose
from needfix.compare.builds import BuildLevels
from needfix.compare.installation import Installation
from needfix.exporting.oval.branches import Verdict, verdict_of
from needfix.exporting.oval.criteria import (
    NEVER,
    UNKNOWN,
    Criteria,
    Known,
    Reference,
    Single,
    State,
    Test,
    all_of,
    any_of,
    opposite,
)
from needfix.exporting.oval.objects import PLATFORM, architecture
from needfix.exporting.oval.sources import Source, Sources
from needfix.exporting.oval.spans import Span, exists, is_missing, within
from needfix.model.product import ProductDefinition
from needfix.model.rule import Fix, Rule
from needfix.versions import Level

_ANOTHER = "?"
"""A platform that no fix names."""


class RuleCriteria(NamedTuple):
    """What OVAL finds out about a rule.

    `required` and `present` are the decisions *fix-required* and *fix-present*; where both are false it is
    *not-affected*, else *undetermined*. `own` is whether an affected product has all of the rule's own files.
    """

    rule: Rule
    required: Criteria
    present: Criteria
    own: Criteria


class _Standing(NamedTuple):
    """What holds at some builds: the fixes that count for each platform; none where a rule affects none."""

    choices: tuple[tuple[str | None, tuple[tuple[Fix, ...], ...]], ...]
    is_unproven: bool = False


_NOT_AFFECTED = _Standing(())
_Spans = dict[_Standing, dict[int, list[Span]]]
"""The builds with each standing, by the number of the source that shows them."""


class _Part(NamedTuple):
    """What is found of one product: as the verdict, and whether the product is there and may be affected."""

    required: Criteria
    present: Criteria
    own: Criteria
    may_be_affected: Criteria


def criteria_of(
    catalogue: Catalogue, rule: Rule, sources: Sources, superseding: Iterable[str]
) -> RuleCriteria | None:
    """The criteria of a rule that OVAL can express; None where no build that is known is affected."""
    found = [_of_product(rule, catalogue.products[one], sources[one]) for one in rule.products]
    parts = [part for part in found if part is not None]
    if not parts:
        return None
    newer = any_of(map(Reference, superseding))
    required = all_of([any_of(one.required for one in parts), opposite(newer)])
    superseded = all_of([any_of(one.may_be_affected for one in parts), newer])
    present = any_of([*(one.present for one in parts), superseded])
    if len(parts) > 1:  # a product that needs the fix counts before another one that has it
        present = all_of([present, opposite(required)])
    own = any_of(one.own for one in parts)
    is_known = any(isinstance(one, Known) for one in (required, present, own))
    return None if is_known else RuleCriteria(rule, required, present, own)


def _of_product(rule: Rule, product: ProductDefinition, sources: Sequence[Source]) -> _Part | None:
    found = _by_standing(rule, product, sources)
    places = {standing: _at(sources, spans) for standing, spans in found.items()}
    is_missing_everywhere = all_of(is_missing(source.object) for source in sources)
    not_there = any_of([is_missing_everywhere, places.pop(_NOT_AFFECTED, NEVER)])
    if not places:
        return None
    verdicts = [(place, _verdict(rule, standing, sources)) for standing, place in places.items()]
    undecided = all_of([opposite(any_of([not_there, *places.values()])), UNKNOWN])
    own = any_of(all_of([place, one.present]) for place, one in verdicts)
    required = any_of(all_of([place, one.required]) for place, one in verdicts)
    return _Part(any_of([required, undecided]), any_of([own, undecided]), own, opposite(not_there))


def _by_standing(rule: Rule, product: ProductDefinition, sources: Sequence[Source]) -> _Spans:
    """The builds of each standing; those at which it is not known are left out."""
    entries = ProductEntries.of(rule, product)
    found: _Spans = {}
    for number, source in enumerate(sources):
        for span, shown in source.stretches():
            standing = _standing(rule, entries, shown)
            if standing is not None:
                found.setdefault(standing, {}).setdefault(number, []).append(span)
    return found


def _standing(rule: Rule, entries: ProductEntries, shown: BuildLevels | None) -> _Standing | None:
    """What holds at builds that leave some levels possible; None where that is not known."""
    is_known = shown is not None and bool(shown.levels) and not shown.is_open
    levels: tuple[Level | None, ...]
    if shown is not None and is_known:
        levels = tuple(entry.level for entry in entries.product.levels if entry.level in shown.levels)
        answers = {entries.answer(level, None) for level in levels}
        here = Installation(entries.product, tuple(one for one in levels if one is not None))
    else:
        here = Installation.unknown(entries.product)
        levels = (*here.possible, None)
        answers = {entries.answer(None, None)}
    if answers == {"no"}:
        return _NOT_AFFECTED
    if answers != {"yes"}:
        return None
    is_unproven = not is_known and (shown is None or shown.is_outside)
    return _Standing(tuple(_choices(rule, here, levels)), is_unproven)


def _choices(
    rule: Rule, here: Installation, levels: Sequence[Level | None]
) -> Iterator[tuple[str | None, tuple[tuple[Fix, ...], ...]]]:
    named = dict.fromkeys(fix.platform for fix in rule.fixes if fix.platform is not None)
    for platform in (*named, _ANOTHER) if named else (None,):
        own = replace(here, platforms=() if platform is None else (platform,))
        yield platform, tuple(dict.fromkeys(one.fixes for one in choose(rule, own, levels).branches))


def _at(sources: Sequence[Source], spans: Mapping[int, Sequence[Span]]) -> Criteria:
    """Whether all that shows the level of a product lies in some builds."""
    if len(sources) == 1:
        return within(sources[0].object, spans.get(0, ()))
    shown = (
        any_of([is_missing(source.object), within(source.object, spans.get(number, ()))])
        for number, source in enumerate(sources)
    )
    return all_of([any_of(exists(source.object) for source in sources), *shown])


def _verdict(rule: Rule, standing: _Standing, sources: Sequence[Source]) -> Verdict:
    """The verdict by the platform of the server, where fixes name one."""
    found = [
        (platform, verdict_of(fixes, sources, rule.if_missing, is_unproven=standing.is_unproven))
        for platform, fixes in standing.choices
    ]
    if len({verdict for _, verdict in found}) == 1:
        return found[0][1]
    stated = [(_is_for(platform), verdict) for platform, verdict in found if platform not in (None, _ANOTHER)]
    others = (opposite(any_of(place for place, _ in stated)), dict(found)[_ANOTHER])
    every = [*stated, others]
    return Verdict(
        any_of(all_of([place, verdict.required]) for place, verdict in every),
        any_of(all_of([place, verdict.present]) for place, verdict in every),
    )


def _is_for(platform: str | None) -> Criteria:
    value = architecture(platform or "") or ""
    return Single(Test(PLATFORM, (State("value", "case insensitive equals", value, "string"),)))
