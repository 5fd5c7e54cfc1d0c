"""Ranges of builds in entries of `affects`: whether what a server shows of a product's build lies in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue.minimum_sides import Sides
from needfix.compare.build_facts import BuildFact
from needfix.compare.build_minima import as_version
from needfix.compare.installation import Installation, Installed
from needfix.compare.tracked import shown_by
from needfix.model.evidence import Affected
from needfix.model.minimum import BuildRange, Minimum
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.versions import numbering


class RangeAnswer(NamedTuple):
    """Whether a build is in a range, and whether facts about an end of it disagree."""

    answer: Affected
    differs: bool = False


def in_range(here: Installation, asked: BuildRange) -> RangeAnswer:
    """Whether the build of an installation is in a range."""
    least = (
        None if asked.least is None else _reached(here.product, _whole(here.builds, asked.least), asked.least)
    )
    beyond = None if asked.beyond is None else _reached(here.product, here.builds, asked.beyond)
    ends: list[Affected] = []
    if least is not None:
        ends.append(least.answer)
    if beyond is not None:
        ends.append(_OPPOSITE[beyond.answer])
    differs = any(one is not None and one.differs for one in (least, beyond))
    return RangeAnswer("no" if "no" in ends else "unknown" if "unknown" in ends else "yes", differs)


_OPPOSITE: Mapping[Affected, Affected] = {"yes": "no", "no": "yes", "unknown": "unknown"}


def _reached(product: ProductDefinition, facts: Iterable[BuildFact], minimum: Minimum) -> RangeAnswer:
    """Whether the facts reach an end; those that may stay behind say only that it is reached."""
    groups: dict[str, list[BuildFact]] = {}
    for fact in facts:
        groups.setdefault(fact.source, []).append(fact)
    said = [(own[0].kind, _of_group(own, minimum)) for own in groups.values()]
    is_reached = any(answer is True for _, answer in said)
    is_missed = any(answer is False and kind in product.shows_updates for kind, answer in said)
    if is_reached and is_missed:
        return RangeAnswer("unknown", differs=True)
    return RangeAnswer("yes" if is_reached else "no" if is_missed else "unknown")


def _of_group(facts: Iterable[BuildFact], minimum: Minimum) -> bool | None:
    """What a stated build or the copies of a key file agree on."""
    answers = {_of_fact(fact, minimum) for fact in facts}
    return answers.pop() if len(answers) == 1 else None


def _of_fact(fact: BuildFact, minimum: Minimum) -> bool | None:
    numbered = numbering(minimum.versions[0], is_free=minimum.is_free)
    builds = list(map(as_version, fact.builds))
    is_other = any(numbering(one, is_free=minimum.is_free) != numbered for one in builds)
    if not builds or is_other:
        return None
    answers = {_is_reached(one, minimum) for one in builds}
    found = answers.pop() if len(answers) == 1 else None
    return None if found is True and not fact.proves else found


def _is_reached(build: Version, minimum: Minimum) -> bool | None:
    sides = Sides.of(minimum)
    if sides is not None:
        return sides.reached(build)
    low, high = shown_by(build, minimum.versions, None)
    return low > 0 if low == high else None


def _whole(facts: Iterable[BuildFact], minimum: Minimum) -> Iterator[BuildFact]:
    """The facts, those that show nothing where a build is just the version that it must be above.

    In full it may be one above it.
    """
    for fact in facts:
        is_cut = any(as_version(one) == minimum.above for one in fact.builds)
        yield fact._replace(builds=()) if is_cut else fact


class BuildRanges:
    """The ranges of builds that rules name, by product; what servers show of them is a part of a view."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._ranges: dict[str, dict[BuildRange, None]] = {}
        for rule in rules:
            for entry in rule.every_entry:
                if entry.builds is not None:
                    self._ranges.setdefault(entry.product, {})[entry.builds] = None

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def noted(self, here: Installed) -> Installed:
        """The installations, each with its answers for the ranges of its product."""
        return replace(here, installations=tuple(map(self._noted, here.installations)))

    def _noted(self, here: Installation) -> Installation:
        ranges = self._ranges.get(here.product.product, {})
        return replace(here, in_ranges=tuple(in_range(here, one) for one in ranges)) if ranges else here
