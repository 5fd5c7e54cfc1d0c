"""Boundaries of a rule that no server can reach, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from needfix.cases.probes.affected_builds import is_in_builds
from needfix.cases.probes.copies import can_exist, compared, with_value
from needfix.cases.probes.of_files import label_of, levels_at_ends
from needfix.cases.probes.sides import is_of_file, named_sides
from needfix.cases.probes.stage import Stage, stages
from needfix.catalogue import Catalogue
from needfix.catalogue.describe import fix_branch
from needfix.catalogue.places import minimum_place, position_of
from needfix.errors import Position
from needfix.model.case_report import Unreachable
from needfix.model.minimum import Minimum
from needfix.model.rule import Rule

_Key = tuple[int, str, str | None]


@dataclass
class _Sides:
    """The sides of one minimum: those that some server has, and why others have none."""

    label: str
    at: Position
    reached: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def unreachable(self) -> Iterator[Unreachable]:
        """The sides without a server, those of one reason together."""
        why = {words: why for words, why in self.refused.items() if words not in self.reached}
        for reason in dict.fromkeys(why.values()):
            sides = ", ".join(words for words, own in why.items() if own == reason)
            yield Unreachable(self.at, f"{self.label} {sides}", reason)


def unreachable(rule: Rule, catalogue: Catalogue) -> list[Unreachable]:
    """The sides of minima that no server of any level can have, in the order of the rule."""
    staged = stages(rule, catalogue)
    of_minima: dict[_Key, _Sides] = {}
    for stage in staged:
        for number, minimum in compared(stage):
            at = position_of(rule, minimum_place(number, minimum))
            new = _Sides(label_of(stage, minimum), at)
            sides = of_minima.setdefault((number, minimum.name, minimum.path), new)
            for words, why in _sides(stage, minimum):
                if why:
                    sides.refused.setdefault(words, why)
                else:
                    sides.reached.add(words)
    found = [one for sides in of_minima.values() for one in sides.unreachable()]
    return sorted([*found, *_fixes_of_no_server(rule, staged)], key=lambda one: one.at)


def _sides(stage: Stage, minimum: Minimum) -> Iterator[tuple[str, str]]:
    """Each side of a minimum, in words, and why no server of the stage can have it; "" where one can."""
    levels = ", ".join(level.text for level in stage.levels)
    for _, words, value in named_sides(minimum):
        if value is None or not is_of_file(minimum, value):
            yield words, "no file can have such a version"
        elif not can_exist(minimum):
            yield words, f"no file can have the name {minimum.name}"
        elif not levels_at_ends(stage, with_value(stage, minimum, value)):
            yield words, f"it shows another level than those of this fix ({levels})"
        elif not is_in_builds(stage.entry, stage.product, minimum, value):
            yield words, f"it is in none of the builds that are affected ({stage.entry.builds})"
        else:
            yield words, ""


def _fixes_of_no_server(rule: Rule, staged: list[Stage]) -> Iterator[Unreachable]:
    used = {id(fix) for stage in staged for fix in stage.fixes}
    for number, fix in enumerate(rule.fixes):
        if id(fix) not in used and fix.minima:
            at = position_of(rule, ("fixes", number))
            what = f"the fix for {fix_branch(fix) or 'every server'}"
            yield Unreachable(at, what, "it is for no affected server")
