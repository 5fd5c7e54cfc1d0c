"""Silences: findings that rules silence, and silences that are findings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from needfix.intake.near import did_you_mean, nearest
from needfix.lint.check import Detection, FinalCheck, OtherFindings, all_rules
from needfix.model.accepted import Silence
from needfix.model.finding import Finding
from needfix.model.rule import Rule


def silenced(finding: Finding, silences: Iterable[Silence]) -> Finding:
    """The finding, with the reason if one of these silences applies to it."""
    reasons = (silence.reason for silence in silences if silence.code == finding.code)
    reason = next(reasons, None)
    return replace(finding, silenced=reason) if reason is not None else finding


def _idle(run: OtherFindings) -> Iterator[Detection]:
    found = {(finding.rule, finding.at.file, finding.code) for finding in run.findings}
    for rule, silence in _silences(run):
        if silence.code in run.ran and (rule.id, silence.at.file, silence.code) not in found:
            yield Detection(
                rule, silence.at, f"{silence.code} is silenced but finds nothing here", "remove it"
            )


def _unknown(run: OtherFindings) -> Iterator[Detection]:
    for rule, silence in _silences(run):
        if silence.code not in run.known:
            what = f"{silence.code} is silenced, but no check has that code"
            yield Detection(rule, silence.at, what, hint_of_code(silence.code, run.known))


def _silences(run: OtherFindings) -> Iterator[tuple[Rule, Silence]]:
    return ((rule, silence) for rule in all_rules(run.catalogue) for silence in rule.silences)


def hint_of_code(code: str, known: Sequence[str]) -> str:
    """A hint for a code that no check has."""
    is_whole = len(code) >= len(known[0])
    close = nearest(code, known) if is_whole else None
    return did_you_mean(close, "write the code of a check such as NF301")


IDLE = FinalCheck(
    "NF602",
    "warning",
    "a rule silences a check that finds nothing in it",
    "it would hide later findings of the check, for a reason that no longer holds",
    _idle,
)
UNKNOWN_SILENCE = FinalCheck(
    "NF603",
    "warning",
    "a rule silences a code that no check has",
    "the check that was meant still reports its findings",
    _unknown,
)
