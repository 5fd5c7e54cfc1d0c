"""Whether the files of a fix, and the build, reach their minima: the evidence `files` as criteria."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from needfix.exporting.oval.criteria import (
    ALWAYS,
    NEVER,
    UNKNOWN,
    Criteria,
    Unknown,
    all_of,
    any_of,
    opposite,
)
from needfix.exporting.oval.objects import FileObject
from needfix.exporting.oval.sources import Source
from needfix.exporting.oval.spans import as_asked, exists, is_missing, is_reached, reaching, within
from needfix.model.minimum import Minimum
from needfix.model.rule import Fix, IfMissing
from needfix.versions import counts_years


class Verdict(NamedTuple):
    """Whether a fix is needed, and whether it is present; where it is neither, its component is not there."""

    required: Criteria
    present: Criteria


NOT_DECIDED = Verdict(UNKNOWN, UNKNOWN)


class _Check(NamedTuple):
    """Whether one file, or the build, reaches its minimum, is below it, and is missing.

    `is_known` is true where it is listed or known to be missing, and else not known.
    """

    reached: Criteria
    below: Criteria
    missing: Criteria
    is_known: Criteria


class _Files(NamedTuple):
    """The evidence of a branch, as criteria for each of its values; partial counts as outdated."""

    present: Criteria
    absent: Criteria
    outdated: Criteria


def verdict_of(
    branches: Sequence[Sequence[Fix]], sources: Sequence[Source], if_missing: IfMissing, *, is_unproven: bool
) -> Verdict:
    """The verdict on the branches of which a server can be; they must agree."""
    if not branches or not all(branches):
        return NOT_DECIDED
    files = [_files(branch, sources, is_unproven=is_unproven) for branch in branches]
    present, absent, outdated = (all_of(own) for own in zip(*files, strict=True))
    required = any_of([outdated, absent]) if if_missing == "fix-required" else outdated
    if len(files) == 1:
        return Verdict(required, present)
    differ = all_of([*map(opposite, (present, absent, outdated)), UNKNOWN])
    return Verdict(any_of([required, differ]), any_of([present, differ]))


def _files(branch: Sequence[Fix], sources: Sequence[Source], *, is_unproven: bool) -> _Files:
    """What the files of a branch show.

    A component of which no file is there does not count beside another one. A file below its minimum
    decides; one that is missing makes the fix partial only where all others are known to be there or not.
    """
    components = [[_check(one, sources, is_unproven=is_unproven) for one in fix.minima] for fix in branch]
    components = [own for own in components if own]
    every = [check for own in components for check in own]
    if not every:
        nothing = Unknown(
            "The vendor gives no version or date, so files cannot show whether the fix is there"
        )
        return _Files(nothing, nothing, nothing)
    absent = all_of(check.missing for check in every)
    if len(components) == 1:
        present = all_of(check.reached for check in every)
    else:
        present = all_of([*map(_is_complete, components), opposite(absent)])
    if len(every) == 1:
        return _Files(present, absent, every[0].below)
    partial = all_of([*(check.is_known for check in every), opposite(present), opposite(absent)])
    return _Files(present, absent, any_of([*(check.below for check in every), partial]))


def _is_complete(component: Sequence[_Check]) -> Criteria:
    """Whether all files of a component reach their minima, or none is there, which counts for the others."""
    reached = all_of(check.reached for check in component)
    return any_of([reached, all_of(check.missing for check in component)])


def _check(minimum: Minimum, sources: Sequence[Source], *, is_unproven: bool) -> _Check:
    if minimum.registry is not None:
        reached = as_asked(minimum, minimum.registry)
        return _Check(reached, opposite(reached), NEVER, ALWAYS)
    if minimum.is_build:
        reached = _build(minimum, sources)
        return _Check(reached, opposite(reached), NEVER, ALWAYS)
    own = FileObject(minimum.name.casefold(), minimum.path)
    reached = is_reached(own, minimum)
    below = all_of([exists(own), opposite(reached)])
    if is_unproven and any(source.object == FileObject(own.name) for source in sources):
        reached = all_of([reached, UNKNOWN])
    return _Check(reached, below, is_missing(own), any_of([exists(own), is_missing(own)]))


def _build(minimum: Minimum, sources: Iterable[Source]) -> Criteria:
    """Whether a build is reached: by a source, where none is below it that changes with every update."""
    own = build_sources(minimum, sources)
    spans = reaching(minimum)
    reached = any_of(within(source.object, spans) for source in own)
    changing = [source for source in own if source.changes]
    if len(own) == len(changing) == 1:
        return reached
    missed = any_of(
        all_of([exists(source.object), opposite(within(source.object, spans))]) for source in changing
    )
    denied = opposite(missed)
    return any_of([all_of([reached, denied]), all_of([any_of([reached, denied]), UNKNOWN])])


def build_sources(minimum: Minimum, sources: Iterable[Source]) -> list[Source]:
    """The sources that show a build of the numbering of a minimum."""
    by_years = counts_years(minimum.versions[0])
    return [
        source
        for source in sources
        if source.shows_build
        and any(
            entry.build is None or counts_years(entry.build) == by_years for entry in source.product.levels
        )
    ]
