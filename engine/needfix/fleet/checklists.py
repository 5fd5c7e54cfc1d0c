"""Checklists in columns: a checklist of `decide` with all that deciding many of its servers needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from needfix.decide.checklist import Checklist
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import BitCounter, width
from needfix.fleet.dependencies import ListedHotfixes, Requirements, Superseding
from needfix.fleet.facts import Statements
from needfix.fleet.file_evidence import FileEvidence, Loaded, RunningEvidence
from needfix.fleet.outcomes import Facts, Outcomes
from needfix.fleet.reported import Hotfixes, SymptomEvidence, SymptomFacts, claimed
from needfix.fleet.slots import Cells, Slots
from needfix.model.evidence import Files, Requires, Running, Symptoms

_BLOCK_WORDS = 1 << 15
"""Words of bits decided at once: few enough to stay in the processor's cache."""

_Bits = tuple[Words, Facts]


class Part(NamedTuple):
    """Bits of servers and open rules that show the same evidence, and the outcome of each rule for it."""

    bits: Words
    codes: Ints


class Parts(NamedTuple):
    """The parts of some servers, which share no bit, and the outcomes of rules that are in no part."""

    explicit: Sequence[Part]
    rest: Ints

    def rest_of(self, count: int) -> Part:
        """Of so many servers the rules that are in no part, and any bits after the last rule."""
        taken = np.zeros((count, width(len(self.rest))), np.uint64)
        for part in self.explicit:
            taken |= part.bits
        return Part(~taken, self.rest)


_NO_PARTS = Parts((), np.zeros(0, np.uint8))
"""One for all, since a tally keeps the outcomes of each rest that it meets."""


class ExtraFacts(NamedTuple):
    """What servers state beside products and files; `places` has for each of a batch its row here, or -1."""

    symptoms: SymptomFacts
    loaded: Loaded
    hotfixes: Hotfixes
    places: Ints
    servers: Ints
    begins: Ints
    has_symptoms: bool
    has_loaded: bool

    @property
    def listed(self) -> Statements:
        """The hotfixes that these servers list."""
        return self.hotfixes.listed.of_rows(self.servers, self.begins)


class ExtraEvidence(NamedTuple):
    """What servers show beside their files, as rule bits; None where no rule needs it or no server has it."""

    contained: Words | None = None
    required: Mapping[Requires, Words] | None = None
    symptoms: Mapping[Symptoms, Words] | None = None
    running: Mapping[Running, Words] | None = None
    claimed: Words | None = None


class FleetChecklist:
    """Decides servers whose products and levels are the same to the rules."""

    def __init__(self, checklist: Checklist, order: Mapping[str, int], slots: Slots) -> None:
        self.rules = tuple(sorted(checklist.open, key=lambda rule: order[rule.rule.id]))
        self.numbers = np.array([order[rule.rule.id] for rule in self.rules], np.int64)
        self.places = {rule.rule.id: place for place, rule in enumerate(self.rules)}
        self.closed = np.array(sorted(order[rule_id] for rule_id in checklist.closed), np.int64)
        self._count = len(order)
        self.block = max(_BLOCK_WORDS // width(len(self.rules)), 1)
        self._files = FileEvidence(self.rules, slots)
        self._outcomes = Outcomes(self.rules)
        self._superseding = Superseding(checklist, self.rules, self.places, self._outcomes)
        self._requirements = Requirements(checklist, self.rules, self.places)
        self._slots = slots

    @cached_property
    def symptoms(self) -> SymptomEvidence:
        """The evidence of symptoms; most servers have none."""
        return SymptomEvidence([rule.rule for rule in self.rules])

    @cached_property
    def running(self) -> RunningEvidence:
        """The evidence of loaded modules; most servers have none."""
        return RunningEvidence(self.rules, self._slots)

    @cached_property
    def is_closed(self) -> Flags:
        """Of all rules of the catalogue those that are closed."""
        found = np.zeros(self._count, np.bool_)
        found[self.closed] = True
        return found

    @cached_property
    def is_simple(self) -> bool:
        """Whether only the ranks of files matter, where every file has one and there are no extra facts."""
        return self._files.is_single and self._superseding.is_empty and self._requirements.is_empty

    @cached_property
    def outdated(self) -> Ints:
        """The outcomes of rules with a file that is below its minimum."""
        return self._outcomes.codes(Facts("outdated"))

    @cached_property
    def not_outdated(self) -> Ints:
        """The outcomes of rules where every file reaches its minimum."""
        present, unknown = self._outcomes.codes(Facts("present")), self._outcomes.codes(Facts("unknown"))
        return np.where(self._files.compares, present, unknown)

    def count_outdated(self, cells: Cells, counter: BitCounter, selected: Words, of_servers: Ints) -> None:
        """Count the outdated rules where the checklist is simple, and the selected ones of each server."""
        self._files.count_below(cells, counter, selected, of_servers)

    @property
    def gap_slots(self) -> list[int]:
        """The slots in which every server needs a sure rank."""
        return self._files.slots if self._files.is_single else []

    def decide(
        self, cells: Cells, extras: ExtraFacts | None, *, has_gaps: bool
    ) -> tuple[Parts, ExtraEvidence]:
        """The outcomes for servers by their cells, and what led to them; most have no extra facts."""
        if not self.rules:
            return _NO_PARTS, ExtraEvidence()
        if self.is_simple and extras is None and not has_gaps:
            return Parts((Part(self._files.below(cells), self.outdated),), self.not_outdated), ExtraEvidence()
        by_files = self._files.of(cells, has_gaps=has_gaps)
        extra = self._extra_evidence(by_files, cells, extras)
        found = _split([(bits, Facts(files)) for files, bits in by_files.items()], extra)
        *explicit, last = _parts((bits, self._outcomes.codes(facts)) for bits, facts in found)
        return Parts(explicit, last.codes), extra

    def _extra_evidence(
        self, by_files: Mapping[Files, Words], cells: Cells, extras: ExtraFacts | None
    ) -> ExtraEvidence:
        contained = required = None
        if not self._superseding.is_empty:
            contained = self._superseding.of(by_files, cells)
        if not self._requirements.is_empty:
            decided = partial(self._superseding.decided, by_files=by_files, contained=contained)
            listed = extras and ListedHotfixes(extras.hotfixes, extras.places, cells.count)
            required = self._requirements.of(decided("fix-present"), decided("fix-required"), listed)
        if extras is None:
            return ExtraEvidence(contained, required)
        symptoms = running = claims = None
        if extras.has_symptoms:
            symptoms = self.symptoms.of(extras.symptoms, extras.places, cells.count)
        if extras.has_loaded:
            running = self.running.of(extras.loaded, extras.places, cells)
        if running is not None or ("absent" in by_files and by_files["absent"].any()):
            claims = claimed(self.rules, extras.listed, cells.count)
        return ExtraEvidence(contained, required, symptoms, running, claims)


def _parts(found: Iterable[tuple[Words, Ints]]) -> list[Part]:
    """Bits with the codes of their outcomes; those of the same codes in one part."""
    parts: dict[int, Part] = {}
    for bits, codes in found:
        known = parts.get(id(codes))
        parts[id(codes)] = Part(bits if known is None else known.bits | bits, codes)
    return list(parts.values())


def _split(found: Sequence[_Bits], extra: ExtraEvidence) -> Sequence[_Bits]:
    """Bits of the same files, divided by what else servers show; those that no server has are left out."""
    if extra.contained is not None:
        found = _divided(found, [(extra.contained, _contained), (~extra.contained, _unchanged)])
    if extra.required is not None:
        found = _divided(
            found, [(bits, partial(_requiring, answer)) for answer, bits in extra.required.items()]
        )
    if extra.symptoms is not None:
        found = _divided(found, [(bits, partial(_having, answer)) for answer, bits in extra.symptoms.items()])
    if extra.running is not None:
        rest = ~np.bitwise_or.reduce(list(extra.running.values()))
        answers = [(bits, partial(_running, answer)) for answer, bits in extra.running.items()]
        found = _divided(found, [*answers, (rest, _unchanged)])
    if extra.claimed is not None:
        claims = [(extra.claimed, _claimed), (~extra.claimed, _unchanged)]
        found = [
            part for one in found for part in (_divided([one], claims) if _heeds_claims(one[1]) else (one,))
        ]
    return found


def _heeds_claims(facts: Facts) -> bool:
    """Whether a claim can change an outcome."""
    return facts.files == "absent" or facts.running == "pending"


def _divided(
    found: Sequence[_Bits], answers: Sequence[tuple[Words, Callable[[Facts], Facts]]]
) -> Sequence[_Bits]:
    divided = ((bits & own, change(facts)) for bits, facts in found for own, change in answers)
    return [(bits, facts) for bits, facts in divided if bits.any()]


def _unchanged(facts: Facts) -> Facts:
    return facts


def _contained(facts: Facts) -> Facts:
    return facts._replace(superseded="present")


def _requiring(answer: Requires, facts: Facts) -> Facts:
    return facts._replace(required=answer)


def _having(answer: Symptoms, facts: Facts) -> Facts:
    return facts._replace(symptoms=answer)


def _running(answer: Running, facts: Facts) -> Facts:
    return facts._replace(running=answer)


def _claimed(facts: Facts) -> Facts:
    return facts._replace(claimed="installed")
