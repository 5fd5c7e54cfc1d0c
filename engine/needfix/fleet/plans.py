"""Plans in columns: a plan of the single path with all that deciding many servers of it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from needfix.decide.plan import Plan
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import width, words
from needfix.fleet.dependencies import Requirements, Superseding
from needfix.fleet.file_evidence import FileEvidence
from needfix.fleet.outcomes import Facts, Outcomes
from needfix.fleet.running_evidence import Loaded, RunningEvidence
from needfix.fleet.slots import Slots
from needfix.fleet.symptom_evidence import Speech, SymptomEvidence
from needfix.model.evidence import Running, Symptoms


class Part(NamedTuple):
    """Bits of servers and open rules that show the same evidence, and the outcome of each rule for it.

    Of all parts of a server each open rule is in one.
    """

    bits: Words
    codes: Ints


class Heard(NamedTuple):
    """What servers say beside products and files."""

    speech: Speech
    loaded: Loaded
    places: Ints
    """For each server of the batch its row among those that are decided, or -1."""


class FleetPlan:
    """Decides servers of which products and levels tell the same."""

    def __init__(self, plan: Plan, order: Mapping[str, int], slots: Slots) -> None:
        self.rules = plan.open
        self.numbers = np.array([order[rule.rule.id] for rule in self.rules], np.int64)
        self.closed = np.array([order[rule_id] for rule_id in plan.closed], np.int64)
        self._files = FileEvidence(self.rules, slots)
        self._outcomes = Outcomes(self.rules)
        self._superseding = Superseding(self.rules, self._outcomes)
        self._requirements = Requirements(plan, self.rules)
        self._symptoms = SymptomEvidence(self.rules)
        self._running = RunningEvidence(self.rules, slots)
        self._all = words(range(len(self.rules)), width(len(self.rules)))

    def has_gaps(self, cells: Ints) -> Flags:
        """The servers whose cells leave something open."""
        return self._files.has_gaps(cells)

    def decide(self, cells: Ints, heard: Heard | None, *, has_gaps: bool) -> Iterator[Part]:
        """The outcomes for servers by their cells; nothing is heard of most."""
        if not len(self.rules):
            return
        by_files = self._files.of(cells, has_gaps=has_gaps)
        found = [(bits, Facts(files)) for files, bits in by_files.items()]
        contained = None if self._superseding.is_empty else self._superseding.of(by_files)
        if contained is not None:
            found = [
                pair
                for bits, facts in found
                for pair in (
                    (bits & ~contained, facts),
                    (bits & contained, facts._replace(superseded="present")),
                )
            ]
        if not self._requirements.is_empty:
            present = self._superseding.present(by_files, contained)
            undetermined = self._superseding.undetermined(by_files, contained)
            required = self._requirements.of(present, undetermined)
            found = [
                (bits & own, facts._replace(required=answer)) for bits, facts in found for answer, own in required.items()
            ]
        if heard is not None:
            found = self._with_heard(found, heard, cells)
        for bits, facts in found:
            if bits.any():
                yield Part(bits, self._outcomes.codes(facts))

    def _with_heard(
        self, found: Sequence[tuple[Words, Facts]], heard: Heard, cells: Ints
    ) -> list[tuple[Words, Facts]]:
        symptoms: Mapping[Symptoms, Words] = self._symptoms.of(heard.speech, heard.places, cells.shape[1])
        old = self._running.old(heard.loaded, heard.places, cells)
        running: dict[Running, Words] = {"old": old, "unknown": ~old}
        return [
            (bits & own & module, facts._replace(symptoms=answer, running=state))
            for bits, facts in found
            if bits.any()
            for answer, own in symptoms.items()
            for state, module in running.items()
        ]
