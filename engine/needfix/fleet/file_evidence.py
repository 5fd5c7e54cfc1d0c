"""What the files of servers show about every open rule of a checklist: the evidence `files`, as rule bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple

import numpy as np

from needfix.compare.files import FixChecks
from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import RuleChecklist
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import BitCounter, flags, width, words
from needfix.fleet.layers import Layer, Path, States, layers
from needfix.fleet.slots import Cells, Slots
from needfix.model.evidence import Files, Running


class Loaded(NamedTuple):
    """Modules that run: the server, the slot and the cell that its version would have; and due restarts."""

    servers: Ints
    slots: Ints
    cells: Ints
    is_pending: Flags

    def has_facts(self, count: int) -> Flags:
        """The servers that state anything about running modules."""
        found = self.is_pending.copy()
        found[self.servers] = True
        return found[:count]


class _Counted(NamedTuple):
    """The rules that have a fix of one number, and the minima of its files, each with its rule."""

    rules: list[int]
    checks: list[tuple[int, FileCheck]]


class RunningEvidence:
    """Works out for which rules something older runs, for servers of one checklist.

    Of several fixes that count each has its own layers, by the number of its installation.
    """

    def __init__(self, rules: Sequence[RuleChecklist], slots: Slots) -> None:
        self._size = width(len(rules))
        self._all = words(range(len(rules)), self._size)
        self._affected = self._words(place for place, rule in enumerate(rules) if rule.affected == "yes")
        installations: dict[int, dict[int, _Counted]] = {}
        for place, rule in enumerate(rules):
            for number, branches in enumerate(rule.checks):
                own = installations.setdefault(number, {})
                for branch_number, branch in enumerate(branches):
                    counted = own.setdefault(branch_number, _Counted([], []))
                    counted.rules.append(place)
                    counted.checks.extend(
                        (place, check)
                        for checks in branch
                        for check in checks
                        if check.minimum.by_version and not check.minimum.is_build
                    )
        self._installations = [
            (
                self._words(place for place, rule in enumerate(rules) if len(rule.checks) > number),
                [
                    (self._words(has), [Layer(own, slots, self._size) for own in _once(checks)])
                    for has, checks in fixes.values()
                ],
            )
            for number, fixes in installations.items()
        ]

    def _words(self, places: Iterable[int]) -> Words:
        return words(places, self._size)

    def of(self, loaded: Loaded, places: Ints, cells: Cells) -> Mapping[Running, Words]:
        """The rules of servers with a pending restart, and those of which an older module is loaded."""
        pending = np.zeros((cells.count, self._size), np.uint64)
        rows = places[np.flatnonzero(loaded.is_pending)]
        pending[rows[rows >= 0]] = self._all
        return {"pending": pending, "old": self.old(loaded, places, cells) & ~pending}

    def old(self, loaded: Loaded, places: Ints, cells: Cells) -> Words:
        """The rules for which every fix that counts has a file that is older in memory than on disk.

        Of several installations one is enough, unless they may not be affected.
        """
        any_of = np.zeros((cells.count, self._size), np.uint64)
        all_of = ~any_of
        for has, fixes in self._installations:
            found = np.zeros((cells.count, self._size), np.uint64)
            for number, (has_fix, layers_of_fix) in enumerate(fixes):
                older = self._older(layers_of_fix, loaded, places, cells)
                found = older if number == 0 else found & (older | ~has_fix)
            any_of |= found
            all_of &= found | ~has
        return any_of & (self._affected | all_of)

    def older_modules(self, loaded: Loaded, places: Ints, cells: Cells) -> Words:
        """The rules with a file that reaches its minimum on disk while an older one is loaded."""
        found = np.zeros((cells.count, self._size), np.uint64)
        for layers_of_fix in (own for _, fixes in self._installations for _, own in fixes):
            found |= self._older(layers_of_fix, loaded, places, cells)
        return found

    def _older(self, own: Iterable[Layer], loaded: Loaded, places: Ints, cells: Cells) -> Words:
        found = np.zeros((cells.count, self._size), np.uint64)
        rows = places[loaded.servers]
        for of_slot in (rows_of for layer in own for rows_of in layer.rows):
            modules = np.flatnonzero((rows >= 0) & (loaded.slots == of_slot.slot))
            if len(modules):
                lows, servers = cells.lows_of_slot(of_slot.slot), rows[modules]
                on_disk = of_slot.reached(
                    cells.of_slot(of_slot.slot)[servers], None if lows is None else lows[servers]
                )
                of_slot.add(found, servers, on_disk & of_slot.below(loaded.cells[modules]))
        return found


def _once(checks: Iterable[tuple[int, FileCheck]]) -> list[list[tuple[int, FixChecks]]]:
    """Checks of rules in groups in which no rule has a slot twice."""
    groups: list[dict[tuple[int, int], tuple[int, FixChecks]]] = []
    for place, check in checks:
        key = place, check.tracked
        group = next((group for group in groups if key not in group), None)
        if group is None:
            group = {}
            groups.append(group)
        group[key] = place, (check,)
    return [list(group.values()) for group in groups]


ByFiles = Mapping[Files, Words]
"""For each answer the rules that have it; no rule has two. `outdated` includes `partial`:
both lead to the same decisions and actions."""


class FileEvidence:
    """Works out the evidence for servers of one checklist, from their cells."""

    def __init__(self, rules: Sequence[RuleChecklist], slots: Slots) -> None:
        self._count, self._size = len(rules), width(len(rules))
        fixes = [
            ((installation, branch, component), place, checks)
            for place, rule in enumerate(rules)
            for installation, branches in enumerate(rule.checks)
            for branch, components in enumerate(branches)
            for component, checks in enumerate(components)
        ]
        self._layers = layers(fixes, slots, len(rules))
        self._installations = [
            words((place for place, rule in enumerate(rules) if len(rule.checks) > number), self._size)
            for number in range(max((len(rule.checks) for rule in rules), default=0))
        ]
        self._all = words(range(len(rules)), self._size)
        disbelieving = [place for place, rule in enumerate(rules) if rule.lacks_key_files]
        self._disbelieving = words(disbelieving, self._size) if disbelieving else None
        self.slots = sorted({slot for layer in self._layers.values() for slot in layer.slots})
        is_first_all = self._layers.keys() == {(0, 0, 0)} and bool((self._first.has == self._all).all())
        self.is_single = is_first_all and len(self._installations) == 1

    @property
    def _first(self) -> Layer:
        return self._layers[0, 0, 0]

    def of(self, cells: Cells, *, has_gaps: bool) -> ByFiles:
        """The evidence for servers by their cells; without gaps each slot has a rank that is sure."""
        if not self._layers:
            return self._without_fixes(cells.count)
        if not self.is_single:
            return self._whole(cells)
        return self._with_gaps(cells) if has_gaps else self._without_gaps(cells)

    @property
    def compares(self) -> Flags:
        """Whether the fix of each rule compares any file, where there is one fix a rule."""
        return flags(self._first.compares)[: self._count]

    def below(self, cells: Cells) -> Words:
        """The rules with a file below its minimum: one fix a rule, and every rank is sure."""
        return self._first.below(cells)

    def count_below(self, cells: Cells, counter: BitCounter, selected: Words, of_servers: Ints) -> None:
        """Count the rules that `below` finds, and the selected ones of each server of the batch."""
        self._first.count_below(cells, counter, selected, of_servers)

    def _without_gaps(self, cells: Cells) -> ByFiles:
        """The evidence where there is one fix a rule, and every file has a rank that is sure."""
        below, compares = self.below(cells), self._first.compares
        found: dict[Files, Words] = {"outdated": below, "present": compares & ~below}
        if not (compares == self._all).all():
            found["unknown"] = np.broadcast_to(self._all & ~compares, below.shape)
        return found

    def _with_gaps(self, cells: Cells) -> ByFiles:
        """The evidence where there is one fix a rule."""
        below, unreadable, unknown, missing, reached = self._states(self._first, cells)
        outdated = below | (missing & (reached | unreadable) & ~unknown)
        unsure = self._all & ~below & (unknown | (unreadable & ~missing) | ~self._first.compares)
        rest = self._all & ~(outdated | unsure)
        return {
            "outdated": outdated,
            "unknown": unsure,
            "absent": rest & missing,
            "present": rest & ~missing,
        }

    def _whole(self, cells: Cells) -> ByFiles:
        states = {path: self._states(layer, cells) for path, layer in self._layers.items()}
        answers = [
            self._of_installation(number, states, cells.count) for number in range(len(self._installations))
        ]
        return answers[0] if len(answers) == 1 else _worst(answers, self._all)

    def _states(self, layer: Layer, cells: Cells) -> States:
        """The states of files; a list that is not believed to be complete shows no absence."""
        found = layer.states(cells)
        if self._disbelieving is None:
            return found
        unlisted = found.missing & self._disbelieving
        return found._replace(unknown=found.unknown | unlisted, missing=found.missing & ~unlisted)

    def _without_fixes(self, count: int) -> ByFiles:
        every = np.broadcast_to(self._all, (count, self._size))
        has_installation = self._installations[0] if self._installations else np.zeros_like(self._all)
        return {"no-branch": every & has_installation, "unknown": every & ~has_installation}

    def _of_installation(self, number: int, states: Mapping[Path, States], count: int) -> ByFiles:
        """What branches agree on, or unknown."""
        has = self._installations[number]
        agreed: dict[Files, Words] = {}
        some = np.zeros((count, self._size), np.uint64)
        for own in self._branches(number):
            is_own, found = self._of_branch(own, states)
            for kind, bits in found.items():
                agreed[kind] = agreed[kind] & (bits | ~is_own) if kind in agreed else (bits | ~is_own)
            some = some | is_own
        settled: dict[Files, Words] = {kind: bits & some & has for kind, bits in agreed.items()}
        known = np.bitwise_or.reduce(list(settled.values())) if settled else np.zeros_like(some)
        unknown = settled.get("unknown", np.zeros_like(some)) | (has & some & ~known)
        return {**settled, "unknown": unknown, "no-branch": has & ~some}

    def _branches(self, installation: int) -> Iterator[list[Path]]:
        paths = sorted(path for path in self._layers if path[0] == installation)
        for _, own in groupby(paths, key=lambda path: path[1]):
            yield list(own)

    def _of_branch(self, paths: Sequence[Path], states: Mapping[Path, States]) -> tuple[Words, ByFiles]:
        """The rules that have a branch, and what its files say, but for components that are not there."""
        is_own = np.bitwise_or.reduce([self._layers[path].has for path in paths])
        found, compares = self._counting(paths, states)
        outdated = found.below | (~found.unknown & found.missing & (found.reached | found.unreadable))
        unsure = ~found.below & (found.unknown | (found.unreadable & ~found.missing) | ~compares)
        rest = is_own & ~(outdated | unsure)
        return is_own, {
            "outdated": outdated & is_own,
            "unknown": unsure & is_own,
            "absent": rest & found.missing,
            "present": rest & ~found.missing,
        }

    def _counting(self, paths: Sequence[Path], states: Mapping[Path, States]) -> tuple[States, Words]:
        """The states of a branch's files and the rules with files to compare, by components that count."""
        own = [(self._layers[path], states[path]) for path in paths]
        if len(own) == 1:
            ((layer, found),) = own
            return found, layer.compares
        there = [of.below | of.unreadable | of.unknown | of.reached for _, of in own]
        some_there = np.bitwise_or.reduce(there)
        counts = [
            layer.has & (is_there | ~some_there) for (layer, _), is_there in zip(own, there, strict=True)
        ]
        united = (
            reduce(or_, (of_state & bits for of_state, bits in zip(same, counts, strict=True)))
            for same in zip(*(of for _, of in own), strict=True)
        )
        compares = reduce(or_, (layer.compares & bits for (layer, _), bits in zip(own, counts, strict=True)))
        return States(*united), compares


_WORST_FIRST: tuple[Files, ...] = ("outdated", "unknown", "no-branch", "present", "absent")


def _worst(answers: Sequence[ByFiles], every: Words) -> ByFiles:
    """The worst of several installations."""
    left = np.broadcast_to(every, next(iter(answers[0].values())).shape)
    found: dict[Files, Words] = {}
    for kind in _WORST_FIRST:
        bits = [answer[kind] for answer in answers if kind in answer]
        found[kind] = left & np.bitwise_or.reduce(bits) if bits else np.zeros_like(left)
        left = left & ~found[kind]
    return found
