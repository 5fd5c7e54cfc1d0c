"""Reasons about the build of a product."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue.minimum_sides import needed_by
from needfix.compare.build_facts import BuildFact
from needfix.compare.build_minima import BuildMeasure, as_version
from needfix.compare.tracked import FileCheck
from needfix.decide.evaluation import Evaluation
from needfix.model.decision import Reason

_TEXTS = {
    "build-below-minimum": "{fact}; {needed} is needed",
    "build-reaches-minimum": "{fact}; {needed} is needed",
    "build-may-lag": "{fact}, which may stay behind an update; {needed} is needed",
    "build-not-shown": "{fact}, which does not show whether the minimum is reached; {needed} is needed",
    "build-differs": "{fact}, and {other}, which contradict each other; {needed} is needed",
}


def build_reasons(here: Evaluation, check: FileCheck) -> Iterator[Reason]:
    """What the facts about a build show of its minimum."""
    measure, needed = here.builds.measure(check), check.needed
    state = measure.state(needed)
    if state == "reached":
        yield _reason("build-reaches-minimum", measure.reaching(needed), check)
    elif state == "below":
        yield _reason("build-below-minimum", measure.missing(needed), check)
    elif (lower := measure.missing(needed)) is not None:
        yield _reason("build-differs", lower, check, measure.reaching(needed))
    elif (lower := measure.staying_behind(needed)) is not None:
        yield _reason("build-may-lag", lower, check)
    else:
        yield _not_shown(measure, check)


def _reason(code: str, fact: BuildFact | None, check: FileCheck, other: BuildFact | None = None) -> Reason:
    if fact is None:
        return _not_shown(None, check)
    is_sure = code != "build-not-shown" and len(fact.builds) == 1
    needed = needed_by(check.minimum, as_version(fact.builds[0]) if is_sure else None)
    name, path = (fact.copy.name, fact.copy.path) if fact.copy is not None else (None, None)
    words = f"{fact.words[0].upper()}{fact.words[1:]}" if fact.copy is None else fact.words
    text = _TEXTS[code].format(
        fact=words, needed=_of_build(needed), other="" if other is None else other.words
    )
    return Reason(code, text, name, path, fact.text, check.minimum.text)


def _not_shown(measure: BuildMeasure | None, check: FileCheck) -> Reason:
    fact = None if measure is None else measure.first
    if fact is not None:
        return _reason("build-not-shown", fact, check)
    text = f"No fact shows the product's build; {_of_build(check.minimum.needed)} is needed"
    return Reason("build-not-shown", text, expected=check.minimum.text)


def _of_build(needed: str) -> str:
    """What is needed of a build, in words."""
    return needed.replace("a version above", "a build above") if "above" in needed else f"build {needed}"
