"""Mutants as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from needfix.model.mutation import MutantResult, Mutation, Witness
from needfix.printable import printable
from needfix.report.cases.coverage import percent
from needfix.report.github import annotation
from needfix.report.style import View


def mutation_lines(mutation: Mutation, view: View) -> Iterator[str]:
    """The mutants that no case notices, each with a case that would; all where the view is `whole`."""
    for mutant in mutation.mutants:
        if mutant.fate == "survived" or view.whole:
            colour = "error" if mutant.fate == "survived" else "dim"
            fate = view.style.paint(mutant.fate.upper(), colour)
            yield f"{printable(str(mutant.at))}: {fate} {printable(f'{mutant.rule}: {mutant.change}')}"
            yield from (f"    {printable(line)}" for line in _told(mutant))
    yield mutation_total(mutation)


def mutation_total(mutation: Mutation) -> str:
    """One line: how many mutants the cases notice."""
    noticed, survived = mutation.count("noticed"), mutation.count("survived")
    alike = mutation.count("alike")
    told = f"; {alike} more change no decision that was found" if alike else ""
    return f"mutation: {percent(mutation.score)}, {noticed} of {noticed + survived} mutants noticed{told}"


def mutation_annotations(mutation: Mutation) -> Iterator[str]:
    """A warning for each mutant that no case notices, at the line that it changes."""
    for mutant in mutation.mutants:
        if mutant.fate == "survived":
            title = f"SURVIVED {mutant.rule}"
            yield annotation("warning", mutant.at, title, "\n".join([mutant.change, *_told(mutant)]))


def mutation_document(mutation: Mutation) -> dict[str, Any]:
    """Mutation as JSON has it."""
    return {
        "score": round(mutation.score, 2),
        "noticed": mutation.count("noticed"),
        "survived": mutation.count("survived"),
        "alike": mutation.count("alike"),
        "mutants": [_document(mutant) for mutant in mutation.mutants],
    }


def _told(mutant: MutantResult) -> Iterator[str]:
    if mutant.case is not None:
        yield f"noticed by {mutant.case}"
    if mutant.witness is not None:
        witness = mutant.witness
        yield f"here the rule decides {witness.decision}, {witness.action}, and changed so {_other(witness)}:"
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
