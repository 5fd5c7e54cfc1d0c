"""`needfix lint --fix`: files repaired in place, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from needfix.catalogue.load import Loaded
from needfix.cli.output import output, stating_written
from needfix.errors import Position
from needfix.lint import Repairable, repairable
from needfix.lint.check import AnyCheck
from needfix.lint.repair import Products, repaired
from needfix.model.finding import Finding

_MOST_ROUNDS = 10
"""A repair can make another possible. Each removes or sorts something, so few rounds are needed."""

_MARK = "\ufeff"


class Repaired(NamedTuple):
    """The findings that were repaired, and those with no certain repair."""

    done: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()


def repair(
    load: Callable[[], Loaded], checks: Sequence[AnyCheck], is_linted: Callable[[Position | None], bool]
) -> Repaired:
    """Repair every finding with a certain repair, in the files that are linted and can be read."""
    done: list[Finding] = []
    left: list[Finding] = []
    for _ in range(_MOST_ROUNDS):
        catalogue = load().catalogue
        found = [
            one
            for one in repairable(catalogue, checks)
            if one.edit and not one.finding.is_silenced and is_linted(one.finding.at)
        ]
        before = len(done)
        left = []
        for file in dict.fromkeys(one.finding.at.file for one in found):
            own = [one for one in found if one.finding.at.file == file]
            with stating_written(list(dict.fromkeys(finding.at.file for finding in done))):
                now = _repair_file(file, own, catalogue.products)
            done += now
            left += [one.finding for one in own if one.finding not in now]
        if len(done) == before:
            break
    return Repaired(tuple(done), tuple(left))


def _repair_file(file: str, found: Sequence[Repairable], products: Products) -> list[Finding]:
    text = Path(file).read_bytes().decode("utf-8")
    mark = _MARK if text.startswith(_MARK) else ""
    edits = [one.edit for one in found if one.edit is not None]
    changed, done = repaired(text.removeprefix(_MARK), edits, products)
    if done:
        with output(file, hold_back=False) as out:
            out.write(mark + changed)
    return [one.finding for one in found if one.edit in done]
