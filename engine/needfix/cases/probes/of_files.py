"""Probes on each side of each minimum, and with files that are missing, elsewhere or not reloaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.cases.probes.copies import (
    Copy,
    at_minimum,
    compared,
    fits,
    given_files,
    value_at,
    with_key_file,
    with_value,
)
from needfix.cases.probes.probe import Aim, Boundary, Probe
from needfix.cases.probes.stage import Stage
from needfix.cases.steps import just_above, just_below
from needfix.catalogue.places import position_of
from needfix.compare.path_patterns import is_in
from needfix.errors import Position
from needfix.model.rule import Minimum
from needfix.versions import Level


def file_probes(stage: Stage) -> Iterator[Probe]:
    """Every probe of the files of one branch."""
    files = compared(stage)
    if not files:
        return
    for number, minimum in files:
        at = position_of(stage.rule, ("fixes", number, "files", minimum.name))
        yield from _sides(stage, minimum, at)
        yield from _narrowed(stage, minimum, at)
    yield from _missing(stage)
    yield from _running(stage)


def _sides(stage: Stage, minimum: Minimum, at: Position) -> Iterator[Probe]:
    sides: tuple[tuple[Aim, str, str | None], ...] = (
        ("below", "one step below its minimum", just_below(minimum.text)),
        ("at", "at its minimum", value_at(minimum)),
        ("above", "one step above its minimum", just_above(minimum.text)),
    )
    for aim, words, value in sides:
        copies = with_value(stage, minimum, value) if value else []
        for level in _ends(stage, copies) if copies else ():
            yield _probe(stage, level, copies, Boundary(aim, f"{minimum.name} {words}", at, minimum.name))


def _ends(stage: Stage, copies: list[Copy]) -> list[Level]:
    """The highest and the lowest level that no key file contradicts, or else those of the branch."""
    levels = [level for level in stage.levels if fits(stage, level, copies)] or stage.levels
    return list(dict.fromkeys((levels[-1], levels[0])))


def _missing(stage: Stage) -> Iterator[Probe]:
    """Each file, each component and all of them missing, and each file not inventoried."""
    everything = at_minimum(stage)
    level = _ends(stage, everything)[0]
    for number, minimum in compared(stage):
        at = position_of(stage.rule, ("fixes", number, "files", minimum.name))
        rest = [copy for copy in everything if copy.minimum is not minimum]
        name = minimum.name
        yield _probe(
            stage, level, rest, Boundary("file-missing", f"{name} not there", at, name), complete=True
        )
        yield _probe(
            stage, level, rest, Boundary("file-not-inventoried", f"{name} not inventoried", at, name)
        )
    for fix in stage.fixes if len(stage.fixes) > 1 else ():
        rest = [copy for copy in everything if copy.minimum not in fix.files]
        name, at = fix.component or fix.files[0].name, fix.at or position_of(stage.rule, ("fixes",))
        yield _probe(
            stage, level, rest, Boundary("component-missing", f"without {name}", at, name), complete=True
        )
    at = position_of(stage.rule, ("if_missing",))
    yield _probe(stage, level, [], Boundary("all-missing", "none of the files there", at), complete=True)


def _narrowed(stage: Stage, minimum: Minimum, at: Position) -> Iterator[Probe]:
    """An old copy outside of the folder that counts."""
    lower = just_below(minimum.text)
    if lower is None or minimum.path is None:
        return
    copies = [
        copy._replace(is_elsewhere=True) if copy.minimum is minimum else copy
        for copy in with_value(stage, minimum, lower)
    ]
    path = next(str(copy.facts["path"]) for copy in copies if copy.is_elsewhere)
    if not is_in(path, minimum.path):
        words = f"an old {minimum.name} in another folder"
        boundary = Boundary("elsewhere", words, at, minimum.name)
        yield _probe(stage, stage.highest, copies, boundary, complete=True)
        beside = [*at_minimum(stage), *(copy for copy in copies if copy.is_elsewhere)]
        boundary = Boundary("elsewhere", f"{words} beside the right one", at, minimum.name)
        yield _probe(stage, _ends(stage, at_minimum(stage))[0], beside, boundary, complete=True)


def _running(stage: Stage) -> Iterator[Probe]:
    """The fix on disk, and an older module still loaded."""
    copies = at_minimum(stage)
    level = _ends(stage, copies)[0]
    for number, minimum in compared(stage):
        lower = just_below(minimum.text) if minimum.version is not None else None
        if lower is not None:
            loaded = [copy._replace(loaded=lower) if copy.minimum is minimum else copy for copy in copies]
            at = position_of(stage.rule, ("fixes", number, "files", minimum.name))
            words = f"{minimum.name} at its minimum, an older one loaded"
            yield _probe(stage, level, loaded, Boundary("loaded-old", words, at, minimum.name))


_OTHERS = {"Other.dll": "1.0"}
"""What lists of all files hold where none of the fix is there."""


def _probe(
    stage: Stage, level: Level, copies: Iterable[Copy], boundary: Boundary, *, complete: bool = False
) -> Probe:
    listed = with_key_file(stage, level, copies) if complete else copies
    given: dict[str, object] = {**stage.product_facts(level), "files": given_files(listed)}
    if complete:
        given["files"] = given["files"] or _OTHERS
        given["complete"] = ["files"]
    return boundary.probe(stage.label(level), given)
