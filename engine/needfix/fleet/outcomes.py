"""Outcomes: what is inferred for every open rule of a checklist, for each evidence that its servers show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from needfix.decide.checklist import RuleChecklist
from needfix.decide.needs import combined
from needfix.fleet.arrays import WORD, Ints, Words
from needfix.fleet.bits import packed, width
from needfix.infer.inference import infer
from needfix.model.decision import ACTIONS, DECISIONS, Action, DecisionKind
from needfix.model.evidence import Claimed, Evidence, Files, Requires, Running, Setting, Superseded, Symptoms

OUTCOMES: tuple[tuple[DecisionKind, Action], ...] = tuple(
    (decision, action) for decision in DECISIONS for action in ACTIONS
)
"""Every decision with every action; their places are the codes of outcomes."""

CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}


class Facts(NamedTuple):
    """The part of the evidence that differs from server to server.

    `required` is about rules that a rule requires.
    """

    files: Files
    superseded: Superseded = "no"
    required: Requires = "met"
    symptoms: Symptoms = "unreported"
    running: Running = "unknown"
    claimed: Claimed = "no-list"


class Outcomes:
    """The outcomes of open rules. Rules that are equal in everything else are inferred once."""

    def __init__(self, rules: Sequence[RuleChecklist]) -> None:
        profiles = [
            (r.affected, r.rule.apply, r.rule.if_missing, r.required_levels, r.is_unproven, _settings(r))
            for r in rules
        ]
        self._profiles = tuple(dict.fromkeys(profiles))
        places = {profile: place for place, profile in enumerate(self._profiles)}
        self._profile_of_rule = np.array([places[profile] for profile in profiles], np.int64)
        self._size = width(len(rules))
        self._known: dict[Facts, Ints] = {}
        self._by_content: dict[tuple[int, ...], Ints] = {}
        self._rules_with: dict[tuple[DecisionKind, Facts], Words] = {}

    def codes(self, facts: Facts) -> Ints:
        """The code of each rule's outcome: the same array wherever all of them are the same."""
        known = self._known.get(facts)
        if known is None:
            of_profiles = tuple(self._code(place, facts) for place in range(len(self._profiles)))
            codes = np.array(of_profiles, np.uint8)[self._profile_of_rule]
            known = self._known[facts] = self._by_content.setdefault(of_profiles, codes)
        return known

    def _code(self, place: int, facts: Facts) -> int:
        affected, apply, if_missing, levels, is_unproven, settings = self._profiles[place]
        files: Files = "unknown" if is_unproven and facts.files == "present" else facts.files
        outcome = infer(
            Evidence(
                affected,
                files,
                combined([levels, facts.required]),
                facts.symptoms,
                apply,
                if_missing,
                facts.superseded,
                facts.claimed,
                facts.running,
                settings[files == "present"],
            )
        )
        return CODES[outcome.decision, outcome.action]

    def rules_with(self, decision: DecisionKind, facts: Facts) -> Words:
        """The rules for which facts lead to a decision."""
        key = decision, facts
        if key not in self._rules_with:
            self._rules_with[key] = self.rules_of(self.codes(facts), _CODES_OF[decision])
        return self._rules_with[key]

    def rules_of(self, codes: Ints, selected: Iterable[int]) -> Words:
        """The rules whose outcome is one of these."""
        is_selected = np.zeros(len(OUTCOMES), np.bool_)
        is_selected[list(selected)] = True
        found = np.zeros(self._size * WORD, np.bool_)
        found[: len(codes)] = is_selected[codes]
        return packed(found)


def _settings(rule: RuleChecklist) -> tuple[Setting, Setting]:
    """Whether something has to be set where its own files are not all there, and where they are."""
    return rule.setting("unknown"), rule.setting("present")


def codes_of(decisions: Iterable[DecisionKind]) -> list[int]:
    """The codes of all outcomes with these decisions."""
    selected = frozenset(decisions)
    return [code for code, (decision, _) in enumerate(OUTCOMES) if decision in selected]


_CODES_OF = {decision: codes_of([decision]) for decision in DECISIONS}

NOT_AFFECTED = CODES["not-affected", "none"]
"""The outcome of rules that are closed, where no claim and no symptom speaks against it."""
