"""Rules that depend on others: a fix contained in another that is present, and fixes that must be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import Checklist, RuleChecklist
from needfix.decide.needs import Need, Needs
from needfix.fleet.arrays import CHUNK_WORDS, WORD, Flags, Ints, Words, bit
from needfix.fleet.bits import width, words
from needfix.fleet.file_evidence import ByFiles
from needfix.fleet.outcomes import Facts, Outcomes
from needfix.fleet.reported import Hotfixes
from needfix.fleet.slots import Cells
from needfix.intake.vocabularies import normal_id
from needfix.model.decision import DecisionKind
from needfix.model.evidence import Requires

_BYTE = 8


class Superseding:
    """Which rules are contained in a fix that is present."""

    def __init__(
        self,
        checklist: Checklist,
        rules: Sequence[RuleChecklist],
        places: Mapping[str, int],
        outcomes: Outcomes,
    ) -> None:
        self._outcomes = outcomes
        self._size = width(len(rules))
        contained: dict[int, list[int]] = {}
        shown: dict[int, list[int]] = {}
        self._builds: dict[int, tuple[FileCheck, ...]] = {}
        for place, rule in enumerate(rules):
            for newer in rule.provers:
                proving = checklist.proving[newer]
                if proving.is_unproven or proving.has_setting_alone:
                    continue
                if rule.has_files and proving.builds_alone:
                    self._builds[places[newer]] = proving.builds_alone
                    shown.setdefault(places[newer], []).append(place)
                else:
                    contained.setdefault(places[newer], []).append(place)
        self._tables, self._tables_of_shown = (
            _tables({newer: words(own, self._size) for newer, own in some.items()}, self._size)
            for some in (contained, shown)
        )

    @property
    def is_empty(self) -> bool:
        """Whether no open rule contains another."""
        return not self._tables and not self._tables_of_shown

    def of(self, by_files: ByFiles, cells: Cells) -> Words:
        """For each server the rules whose fix is contained in one that its own files show to be present."""
        present = by_files.get("present")
        if present is None:
            return np.zeros_like(next(iter(by_files.values())))
        found = _contained(self._tables, present)
        if self._tables_of_shown:
            found |= _contained(self._tables_of_shown, self._shown_by_files(present, cells))
        return found

    def _shown_by_files(self, present: Words, cells: Cells) -> Words:
        """The rules that are present without those of which key files do not show the build."""
        found = present.copy()
        for place, checks in self._builds.items():
            for check in checks:
                is_shown = cells.bounds[check.tracked].by_files[cells.servers] >= check.needed
                found[:, place // WORD] &= np.where(is_shown, ~np.uint64(0), ~bit(place))
        return found

    def decided(self, decision: DecisionKind, by_files: ByFiles, contained: Words | None) -> Words:
        """The rules that have a decision."""
        return _decided(decision, self._outcomes, by_files, contained)


_Tables = list[tuple[int, int, Words]]


def _contained(tables: _Tables, present: Words) -> Words:
    found = np.zeros_like(present)
    of_bytes = present.view(np.uint8)
    for place, begin, table in tables:
        of_table = table.take(of_bytes[:, place], axis=0, mode="clip")
        found[:, begin : begin + CHUNK_WORDS] |= of_table
    return found


def _decided(decision: DecisionKind, outcomes: Outcomes, by_files: ByFiles, contained: Words | None) -> Words:
    found = np.zeros_like(next(iter(by_files.values())))
    for files, bits in by_files.items():
        without_rules = outcomes.rules_with(decision, Facts(files))
        if contained is None:
            found |= bits & without_rules
        else:
            within = outcomes.rules_with(decision, Facts(files, "present"))
            found |= bits & ((contained & within) | (without_rules & ~contained))
    return found


def _tables(contained: Mapping[int, Words], size: int) -> _Tables:
    """For a byte of present rules and each value of it some words, from one on, of the rules they contain."""
    found: _Tables = []
    for place in sorted({newer // _BYTE for newer in contained}):
        table = np.zeros((1 << _BYTE, size), np.uint64)
        for number in range(_BYTE):
            step = 1 << number
            own = contained.get(place * _BYTE + number)
            table[step : 2 * step] = table[:step] if own is None else table[:step] | own
        for begin in range(0, size, CHUNK_WORDS):
            part = np.ascontiguousarray(table[:, begin : begin + CHUNK_WORDS])
            found += [(place, begin, part)] if part.any() else []
    return found


class Requirements:
    """Whether the fixes that rules require are there."""

    def __init__(
        self, checklist: Checklist, rules: Sequence[RuleChecklist], places: Mapping[str, int]
    ) -> None:
        self._places = places
        self._known = checklist.rules.keys()
        self._carried = checklist.carried
        self._requiring = [
            (place, rule.open_needs) for place, rule in enumerate(rules) if rule.required_rules
        ]

    @property
    def is_empty(self) -> bool:
        """Whether no open rule requires another."""
        return not self._requiring

    def of(self, present: Words, required: Words, listed: ListedHotfixes | None) -> Mapping[Requires, Words]:
        """For each server the rules by what their required rules say together; the rest is met.

        `present` and `required` are the rules that are decided so.
        """
        unmet, unknown = np.zeros_like(present), np.zeros_like(present)

        @cache
        def of_rule(rule_id: str) -> _Answers:
            return _Answers(*self._one(rule_id, present, required, listed))

        for place, needs in self._requiring:
            found = _of_needs(needs, of_rule, len(present))
            unmet[:, place // WORD] |= np.where(found.unmet, bit(place), np.uint64(0))
            unknown[:, place // WORD] |= np.where(found.met | found.unmet, np.uint64(0), bit(place))
        return {"unmet": unmet, "unknown": unknown, "met": ~(unmet | unknown)}

    def _one(
        self, rule_id: str, present: Words, required: Words, listed: ListedHotfixes | None
    ) -> tuple[Flags, Flags]:
        """The servers on which a required rule's fix is there, and those on which it is not."""
        nowhere = np.zeros(len(present), np.bool_)
        place = self._places.get(rule_id)
        if place is not None:
            is_present: Flags = (present[:, place // WORD] & bit(place)) != 0
            is_required: Flags = (required[:, place // WORD] & bit(place)) != 0
            return is_present, is_required
        if rule_id in self._known:
            return nowhere | (rule_id in self._carried), nowhere
        if listed is None:
            return nowhere, nowhere
        is_named = listed.names(rule_id)
        return is_named, listed.is_whole & ~is_named


class _Answers(NamedTuple):
    """The servers on which something required is there, and those on which it is not; else it is unknown."""

    met: Flags
    unmet: Flags


def _of_needs(needs: Needs, of_rule: Callable[[str], _Answers], count: int) -> _Answers:
    own = [_of_need(need, of_rule, count) for need in needs.of_rule]
    branches = [
        _all_of([_of_need(need, of_rule, count) for need in branch.needs], count)
        for branch in needs.of_branches
    ]
    return _all_of([*own, _agreed(branches)] if branches else own, count)


def _of_need(need: Need, of_rule: Callable[[str], _Answers], count: int) -> _Answers:
    """One of its levels or rules is enough."""
    levels = [_everywhere(answer, count) for answer in need.levels]
    rules = [] if need.is_settled else [_all_of(list(map(of_rule, ids)), count) for ids in need.rules]
    found = [*levels, *rules]
    met = np.logical_or.reduce([one.met for one in found])
    return _Answers(met, np.logical_and.reduce([one.unmet for one in found]))


def _everywhere(answer: Requires, count: int) -> _Answers:
    return _Answers(np.full(count, answer == "met"), np.full(count, answer == "unmet"))


def _all_of(found: Sequence[_Answers], count: int) -> _Answers:
    every = [_everywhere("met", count), *found]
    met = np.logical_and.reduce([one.met for one in every])
    return _Answers(met, np.logical_or.reduce([one.unmet for one in every]))


def _agreed(found: Sequence[_Answers]) -> _Answers:
    met = np.logical_and.reduce([one.met for one in found])
    return _Answers(met, np.logical_and.reduce([one.unmet for one in found]))


class ListedHotfixes:
    """The hotfix lists of the servers of a block."""

    def __init__(self, hotfixes: Hotfixes, places: Ints, count: int) -> None:
        self._listed = hotfixes.listed.of(places)
        self.is_whole = np.zeros(count, np.bool_)
        self.is_whole[places[places >= 0]] = hotfixes.is_whole[places >= 0]

    def names(self, hotfix: str) -> Flags:
        """The servers that list a hotfix."""
        found = np.zeros(len(self.is_whole), np.bool_)
        own = normal_id(hotfix)
        is_own = np.array([what == own for what in self._listed.what], np.bool_)
        if is_own.any():
            found[self._listed.servers[is_own[self._listed.codes]]] = True
        return found
