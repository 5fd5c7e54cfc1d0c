"""Rules that depend on others: a fix contained in another that is present, and fixes that must be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from needfix.decide.checklist import Checklist, RuleChecklist
from needfix.fleet.arrays import CHUNK_WORDS, WORD, Flags, Words, bit
from needfix.fleet.bits import width, words
from needfix.fleet.file_evidence import ByFiles
from needfix.fleet.outcomes import Facts, Outcomes
from needfix.model.decision import DecisionKind
from needfix.model.evidence import Requires

_BYTE = 8


class Superseding:
    """Which rules are contained in a fix that is present."""

    def __init__(self, rules: Sequence[RuleChecklist], places: Mapping[str, int], outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self._size = width(len(rules))
        contained: dict[int, list[int]] = {}
        for place, rule in enumerate(rules):
            for newer in rule.superseded_by:
                if newer in places:
                    contained.setdefault(places[newer], []).append(place)
        self._tables = _tables(
            {newer: words(own, self._size) for newer, own in contained.items()}, self._size
        )

    @property
    def is_empty(self) -> bool:
        """Whether no open rule contains another."""
        return not self._tables

    def of(self, by_files: ByFiles) -> Words:
        """For each server the rules whose fix is contained in one that was decided to be present."""
        contained = self._contained(self.present(by_files, None))
        while True:
            present = self.present(by_files, contained)
            more = self._contained(present)
            if (more == contained).all():
                return contained
            contained = more

    def present(self, by_files: ByFiles, contained: Words | None) -> Words:
        """The rules whose fix is decided to be present."""
        return _decided("fix-present", self._outcomes, by_files, contained)

    def undetermined(self, by_files: ByFiles, contained: Words | None) -> Words:
        """The rules that are undetermined."""
        return _decided("undetermined", self._outcomes, by_files, contained)

    def _contained(self, present: Words) -> Words:
        found = np.zeros_like(present)
        of_bytes = present.view(np.uint8)
        for place, begin, table in self._tables:
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


def _tables(contained: Mapping[int, Words], size: int) -> list[tuple[int, int, Words]]:
    """For a byte of present rules and each value of it some words, from one on, of the rules they contain."""
    found: list[tuple[int, int, Words]] = []
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
        self._requiring = [
            (place, rule.required_rules) for place, rule in enumerate(rules) if rule.required_rules
        ]

    @property
    def is_empty(self) -> bool:
        """Whether no open rule requires another."""
        return not self._requiring

    def of(self, present: Words, undetermined: Words) -> Mapping[Requires, Words]:
        """For each server the rules by what their required rules say together; the rest is met."""
        unmet, unknown = np.zeros_like(present), np.zeros_like(present)
        for place, required in self._requiring:
            for rule_id in required:
                is_unmet, is_unknown = self._one(rule_id, present, undetermined)
                unmet[:, place // WORD] |= np.where(is_unmet, bit(place), np.uint64(0))
                unknown[:, place // WORD] |= np.where(is_unknown, bit(place), np.uint64(0))
        return {"unmet": unmet, "unknown": unknown & ~unmet, "met": ~(unmet | unknown)}

    def _one(self, rule_id: str, present: Words, undetermined: Words) -> tuple[Flags, Flags]:
        """The servers on which a required rule's fix is not there, and those on which that is not known."""
        place = self._places.get(rule_id)
        if place is None:
            is_closed = np.full(len(present), rule_id in self._known)
            return is_closed, ~is_closed
        is_present = (present[:, place // WORD] & bit(place)) != 0
        is_unknown = (undetermined[:, place // WORD] & bit(place)) != 0
        return ~is_present & ~is_unknown, is_unknown
