"""What the facts about a product say about a minimum of its build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from needfix.cases.plain.builds import builds_meant, is_in_no_range
from needfix.cases.plain.copies import Copy
from needfix.cases.plain.reading import Numbers, is_by_years, numbering_of_free, trimmed, version
from needfix.model.minimum import BuildRange, Minimum
from needfix.model.product import ProductDefinition

BuildState = Literal["below", "not-inventoried", "unreadable", "reached"]


class BuildFact(NamedTuple):
    """A build that is stated, or the copies of a key file: each with the builds that it may be.

    A copy that shows nothing has none. `proves`: those of which it can show that a minimum is reached.
    """

    kind: Literal["build", "key_files"]
    builds: tuple[tuple[Numbers, ...], ...]
    proves: tuple[bool, ...]


def stated_build(product: ProductDefinition, builds: tuple[Numbers, ...]) -> BuildFact:
    """A build that an entry states."""
    return BuildFact("build", (builds,), (not any(is_in_no_range(product, one) for one in builds),))


def shown_build(product: ProductDefinition, copies: Sequence[Copy], *, is_shared: bool) -> BuildFact:
    """What the copies of one key file show; `is_shared`: other products have it, too."""
    builds, proves = [], []
    for copy in copies:
        numbers = version(copy.version)
        has_own = product.numbered_as(copy.name) is not product
        found = () if numbers is None or has_own else builds_meant(product, numbers, None)
        is_outside = numbers is not None and is_in_no_range(product, numbers)
        builds.append(() if is_outside and is_shared else found)
        proves.append(not is_outside)
    return BuildFact("key_files", tuple(builds), tuple(proves))


def build_state(product: ProductDefinition, facts: Iterable[BuildFact], minimum: Minimum) -> BuildState:
    """Reached where a fact says so, below where one of every update does, unknown if both."""
    said = [(fact.kind, answer) for fact in facts for answer in _said(fact, minimum)]
    is_reached = any(answer is True for _, answer in said)
    is_below = any(answer is False and kind in product.shows_updates for kind, answer in said)
    if is_reached != is_below:
        return "reached" if is_reached else "below"
    return "unreadable" if said else "not-inventoried"


def is_shown_by_key_files(facts: Iterable[BuildFact], minimum: Minimum) -> bool:
    """Whether a key file reaches a minimum."""
    return any(fact.kind == "key_files" and True in _said(fact, minimum) for fact in facts)


def builds_differ(product: ProductDefinition, facts: Iterable[BuildFact], minimum: Minimum) -> bool:
    """Whether one fact reaches a minimum, and another one that changes with every update does not."""
    said = [(fact.kind, answer) for fact in facts for answer in _said(fact, minimum)]
    is_below = any(answer is False and kind in product.shows_updates for kind, answer in said)
    return is_below and any(answer is True for _, answer in said)


def in_range(
    product: ProductDefinition, facts: Iterable[BuildFact], asked: BuildRange
) -> tuple[Literal["yes", "no", "unknown"], bool]:
    """Whether the build is in a range, and whether facts disagree about an end of it."""
    known = list(facts)
    least = None if asked.least is None else _reaches_end(product, _uncut(known, asked.least), asked.least)
    beyond = None if asked.beyond is None else _reaches_end(product, known, asked.beyond)
    ends = [least, None if beyond is None else {not one for one in beyond}]
    stated = [one for one in ends if one is not None]
    differs = any(len(one) > 1 for one in stated)
    if any(one == {False} for one in stated):
        return "no", differs
    return "yes" if all(one == {True} for one in stated) else "unknown", differs


def _uncut(facts: Iterable[BuildFact], minimum: Minimum) -> Iterator[BuildFact]:
    """The facts; of a build that is just the version to be above, which in full may be above it, nothing."""
    exact = None if minimum.above is None else trimmed(minimum.above.release)
    for fact in facts:
        builds = tuple(() if any(trimmed(one) == exact for one in own) else own for own in fact.builds)
        yield fact._replace(builds=builds)


def _reaches_end(product: ProductDefinition, facts: Iterable[BuildFact], minimum: Minimum) -> set[bool]:
    """What facts say about an end: both where they disagree, nothing where they do not show it."""
    said: set[bool] = set()
    for fact in facts:
        answers = set()
        for builds, proves in zip(fact.builds, fact.proves, strict=True):
            found = _of_one(builds, minimum)
            answer = found.pop() if len(found) == 1 else None
            answers.add(None if answer is True and not proves else answer)
        if answers == {True} or (answers == {False} and fact.kind in product.shows_updates):
            said |= {answers == {True}}
    return said


def _said(fact: BuildFact, minimum: Minimum) -> Iterator[bool | None]:
    """What a fact says, if anything: of several copies one below counts first, then one that is not known."""
    answers = [_of_one(builds, minimum) for builds in fact.builds]
    if any(answers):
        every = {
            None if answer is True and not proves else answer
            for one, proves in zip(answers, fact.proves, strict=True)
            for answer in one or {None}
        }
        by_copy = [one for one in answers if one == {False}]
        yield False if by_copy else True if every == {True} else None


def _of_one(builds: Iterable[Numbers], minimum: Minimum) -> set[bool | None]:
    """What one copy says: several answers where it may be several builds; none where it says nothing."""
    known = list(builds)
    numbering = numbering_of_free if minimum.is_free else is_by_years
    if any(numbering(one) != numbering(minimum.versions[0].release) for one in known):
        return set()
    return {reaches(one, minimum) for one in known}


def reaches(found: Numbers, minimum: Minimum) -> bool | None:
    """Whether a version reaches a minimum; None where it does not show on which side it lies."""
    if minimum.above is not None and trimmed(found) == trimmed(minimum.above.release):
        return False
    named = [one.release for one in minimum.versions]
    tried = [found, *(one for one in named if one[: len(found)] == found)]
    answers = {_is_reached(one, minimum) for one in tried}
    if minimum.above is not None:
        # Behind the version itself there is always one that is above it.
        answers |= {True} if any(one[: len(found)] == found for one in named) else set()
    return answers.pop() if len(answers) == 1 else None


def _is_reached(found: Numbers, minimum: Minimum) -> bool:
    if minimum.above is not None:
        return trimmed(found) > trimmed(minimum.above.release)
    if minimum.version is not None:
        return trimmed(found) >= trimmed(minimum.version.release)
    own = minimum.lines[0]
    for line in minimum.lines[1:]:
        if line.since is not None and trimmed(found) >= trimmed(line.since.release):
            own = line
    return trimmed(found) >= trimmed(own.version.release)
