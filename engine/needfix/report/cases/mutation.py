"""Mutants as people and programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from needfix.model.mutation import Fate, MutantResult, Mutation, Witness
from needfix.printable import printable
from needfix.report.cases.coverage import percent
from needfix.report.github import annotation
from needfix.report.style import View


def mutation_lines(mutation: Mutation, view: View) -> Iterator[str]:
    """The mutants that no case detects, each with what to do; all mutants where the view is `whole`."""
    for mutant in mutation.mutants:
        is_open = mutant.fate in _OPEN
        if is_open or view.whole:
            fate = view.style.paint(_FATES[mutant.fate], "error" if is_open else "dim")
            yield f"{printable(str(mutant.at))}: {fate} {printable(f'{mutant.rule}: {mutant.change}')}"
            yield from (f"    {printable(line)}" for line in _explained(mutant))
    for idle in mutation.idle:
        fate = view.style.paint("IDLE", "error")
        yield f"{printable(str(idle.at))}: {fate} {printable(f'{idle.rule}: {idle.change}')}"
        yield f"    {_IDLE}"
    yield mutation_total(mutation)


_OPEN: tuple[Fate, ...] = ("survived", "not-distinguished")
_FATES: dict[Fate, str] = {
    "noticed": "DETECTED",
    "survived": "SURVIVED",
    "not-distinguished": "NOT DISTINGUISHED",
    "accepted": "ACCEPTED",
}
_NOT_DISTINGUISHED = (
    "no generated server shows a difference; add a case that does, or accept the change with a reason:",
    "mutation: {{accept: [{{change: {change}, reason: …}}]}}",
)
_IDLE = "remove this accepted change: it is not a mutant, or a server distinguishes it"


def mutation_total(mutation: Mutation) -> str:
    """One line: how many mutants the cases detect."""
    detected = f"{mutation.count('noticed')} of {mutation.counted} mutants detected"
    total = f"mutation: {percent(mutation.score)}, {detected}"
    further = {
        "not distinguished: no generated server shows a difference": mutation.count("not-distinguished"),
        "accepted with a reason": mutation.count("accepted"),
    }
    return "; ".join([total, *(f"{count} {what}" for what, count in further.items() if count)])


def mutation_annotations(mutation: Mutation) -> Iterator[str]:
    """A warning for each mutant that no case detects, at the line that it changes."""
    for mutant in mutation.mutants:
        if mutant.fate in _OPEN:
            title = f"{_FATES[mutant.fate]} {mutant.rule}"
            yield annotation("warning", mutant.at, title, "\n".join([mutant.change, *_explained(mutant)]))
    for idle in mutation.idle:
        yield annotation("warning", idle.at, f"IDLE {idle.rule}", f"{idle.change}\n{_IDLE}")


def mutation_document(mutation: Mutation) -> dict[str, Any]:
    """Mutation as JSON has it."""
    return {
        "score": round(mutation.score, 2),
        "noticed": mutation.count("noticed"),
        "survived": mutation.count("survived"),
        "not_distinguished": mutation.count("not-distinguished"),
        "accepted": mutation.count("accepted"),
        "mutants": [_document(mutant) for mutant in mutation.mutants],
    }


def _explained(mutant: MutantResult) -> Iterator[str]:
    if mutant.case is not None:
        yield f"detected by {mutant.case}"
    if mutant.reason is not None:
        yield f"accepted: {mutant.reason}"
    if mutant.fate == "not-distinguished":
        first, second = _NOT_DISTINGUISHED
        yield from (first, second.format(change=json.dumps(mutant.change, ensure_ascii=False)))
    if mutant.witness is not None:
        witness = mutant.witness
        yield f"here the rule decides {witness.decision}, {witness.action}, the mutant {_other(witness)}:"
        yield from witness.lines


def _other(witness: Witness) -> str:
    return f"{witness.otherwise}, {witness.other_action}"


def _document(mutant: MutantResult) -> dict[str, Any]:
    return {
        "rule": mutant.rule,
        "file": mutant.at.file,
        "line": mutant.at.line,
        "column": mutant.at.column,
        "change": mutant.change,
        "fate": mutant.fate,
        "case": mutant.case,
        "reason": mutant.reason,
        "witness": _witness(mutant.witness) if mutant.witness is not None else None,
    }


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "name": witness.name,
        "given": witness.given,
        "expect": witness.decision,
        "action": witness.action,
        "mutant": {"decision": witness.otherwise, "action": witness.other_action},
    }
