"""Probes on each side of each minimum, and with files that are missing, elsewhere or not reloaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from needfix.cases.probes.copies import (
    Copy,
    at_minimum,
    can_exist,
    compared,
    facts_of,
    fits,
    given_files,
    is_key_file,
    shown,
    with_key_file,
    with_value,
)
from needfix.cases.probes.probe import Boundary, Probe
from needfix.cases.probes.registry_values import ABSENT, in_other_view, only_in_other_view
from needfix.cases.probes.sides import missing, sides
from needfix.cases.probes.stage import Stage
from needfix.catalogue.places import minimum_place, position_of
from needfix.compare.path_patterns import is_in
from needfix.errors import Position
from needfix.model.minimum import Minimum
from needfix.versions import Level


def file_probes(stage: Stage) -> Iterator[Probe]:
    """Every probe of the files of one branch."""
    files = compared(stage)
    if not files:
        return
    for number, minimum in files:
        at = position_of(stage.rule, minimum_place(number, minimum))
        yield from _sides(stage, minimum, at)
        yield from _in_other_view(stage, minimum, at)
    yield from _missing(stage)
    for number, minimum in files:
        yield from _narrowed(stage, minimum, position_of(stage.rule, minimum_place(number, minimum)))
    yield from _running(stage)


def _sides(stage: Stage, minimum: Minimum, at: Position) -> Iterator[Probe]:
    for side in sides(minimum) if can_exist(minimum) else ():
        copies = with_value(stage, minimum, side.value)
        for level in levels_at_ends(stage, copies):
            words = f"{label_of(stage, minimum)} {side.words}"
            about = Boundary(side.aim, words, at, minimum.label, minimum.path)
            yield _probe(stage, level, copies, about)


def _in_other_view(stage: Stage, minimum: Minimum, at: Position) -> Iterator[Probe]:
    """A value of the registry only in the view that does not count."""
    beside = in_other_view(minimum)
    if beside is not None:
        copies = [*with_value(stage, minimum, ABSENT), Copy(*beside)]
        words = f"{label_of(stage, minimum)} {only_in_other_view(minimum)}"
        yield from _at_highest(stage, copies, Boundary("elsewhere", words, at, minimum.label))


def label_of(stage: Stage, minimum: Minimum) -> str:
    """The name of a file, with its folder where the branch has several files of one name."""
    name = minimum.name.casefold()
    is_twice = len([one for _, one in compared(stage) if one.name.casefold() == name]) > 1
    if minimum.registry is not None:
        return minimum.value_place[1]
    return f"{minimum.name} in {minimum.path}" if is_twice and minimum.path else minimum.label


def levels_at_ends(stage: Stage, copies: Iterable[Copy]) -> list[Level]:
    """The highest and the lowest level that no key file contradicts; none where each is contradicted."""
    listed = list(copies)
    levels = [level for level in stage.levels if fits(stage, level, listed)]
    return list(dict.fromkeys((levels[-1], levels[0]))) if levels else []


def _missing(stage: Stage) -> Iterator[Probe]:
    """Each file, each component and all of them missing, and each file not inventoried."""
    everything = at_minimum(stage)
    for number, minimum in compared(stage):
        at = position_of(stage.rule, minimum_place(number, minimum))
        rest = [copy for copy in everything if copy.minimum is not minimum]
        name = minimum.label
        if minimum.is_file:
            words = f"{label_of(stage, minimum)} not there"
            yield from _listing(stage, rest, Boundary("file-missing", words, at, name, minimum.path))
        words = f"{label_of(stage, minimum)} not {'stated' if minimum.is_build else 'inventoried'}"
        yield from _at_highest(stage, rest, Boundary("file-not-inventoried", words, at, name, minimum.path))
    for fix in (fix for fix in stage.fixes if fix.files) if len(stage.fixes) > 1 else ():
        rest = [copy for copy in everything if copy.minimum not in fix.files]
        name, at = fix.component or fix.files[0].name, fix.at or position_of(stage.rule, ("fixes",))
        yield from _listing(stage, rest, Boundary("component-missing", f"without {name}", at, name))
    if not any(minimum.is_file for _, minimum in compared(stage)):
        return
    at = position_of(stage.rule, ("if_missing",))
    nothing = Boundary("all-missing", "none of the files there", at)
    yield from _listing(stage, [], nothing)
    if _has_no_key_file(stage, []):
        yield nothing.probe("products not listed", {"products": None, **_complete([])})


def _listing(stage: Stage, copies: list[Copy], boundary: Boundary) -> Iterator[Probe]:
    """A list of all files that has these; the name says so where the list is not believed to be complete."""
    words = f"{boundary.words}, nor any key file" if _has_no_key_file(stage, copies) else boundary.words
    yield from _at_highest(stage, copies, boundary._replace(words=words), complete=True)


def _has_no_key_file(stage: Stage, copies: Iterable[Copy]) -> bool:
    """Whether a list of all files has no key file of the product, though it has some."""
    listed = shown(stage, with_key_file(stage, stage.highest, copies))
    return bool(stage.product.key_files) and not any(is_key_file(stage, copy.minimum) for copy in listed)


def _at_highest(
    stage: Stage, copies: list[Copy], boundary: Boundary, *, complete: bool = False
) -> Iterator[Probe]:
    """The probe at the highest level that no key file contradicts, if there is one."""
    for level in levels_at_ends(stage, copies)[:1]:
        yield _probe(stage, level, copies, boundary, complete=complete)


def _narrowed(stage: Stage, minimum: Minimum, at: Position) -> Iterator[Probe]:
    """An old copy outside of the folder that counts."""
    lower = missing(minimum)
    if lower is None or minimum.path is None:
        return
    copies = [
        copy._replace(is_elsewhere=True) if copy.minimum is minimum else copy
        for copy in with_value(stage, minimum, lower)
    ]
    path = next(str(copy.facts["path"]) for copy in copies if copy.is_elsewhere)
    if not is_in(path, minimum.path):
        words = f"an old {label_of(stage, minimum)} in another folder"
        boundary = Boundary("elsewhere", words, at, minimum.name, minimum.path)
        yield from _listing(stage, copies, boundary)
        beside = [*at_minimum(stage), *(copy for copy in copies if copy.is_elsewhere)]
        beside_it = f"{words} beside the right one"
        boundary = Boundary("elsewhere", beside_it, at, minimum.name, minimum.path)
        yield from _listing(stage, beside, boundary)


def _running(stage: Stage) -> Iterator[Probe]:
    """The fix on disk, and an older module still loaded."""
    copies = at_minimum(stage)
    for number, minimum in compared(stage):
        lower = missing(minimum) if minimum.by_version and not minimum.is_build else None
        if lower is not None:
            loaded = [copy._replace(loaded=lower) if copy.minimum is minimum else copy for copy in copies]
            at = position_of(stage.rule, ("fixes", number, "files", minimum.name))
            words = f"{label_of(stage, minimum)} at its minimum, an older one loaded"
            yield from _at_highest(
                stage, loaded, Boundary("loaded-old", words, at, minimum.name, minimum.path)
            )


_OTHERS = {"Other.dll": "1.0"}
"""What lists of all files hold where none of the fix is there."""


def _probe(
    stage: Stage, level: Level, copies: Iterable[Copy], boundary: Boundary, *, complete: bool = False
) -> Probe:
    facts = facts_of(stage, level, copies)
    if complete:
        listed = _complete(shown(stage, with_key_file(stage, level, copies)))
        facts = {**facts, **listed, "complete": [*_scopes(facts), "files"]}
    return boundary.probe(stage.label(level), facts)


def _scopes(facts: Mapping[str, object]) -> list[object]:
    """The scopes of which facts list all."""
    found = facts.get("complete")
    return list(found) if isinstance(found, list) else []


def _complete(copies: Iterable[Copy]) -> dict[str, object]:
    return {"files": given_files(copies) or _OTHERS, "complete": ["files"]}
