"""Coverage as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from needfix.model.coverage import TARGET_KINDS, Coverage, RuleCoverage, Target, TargetKind
from needfix.printable import printable
from needfix.report.github import annotation
from needfix.report.style import View

_NOUNS: dict[TargetKind, tuple[str, str]] = {
    "decision": ("decision", "decisions"),
    "level": ("level", "levels"),
    "branch": ("branch", "branches"),
    "file": ("file", "files"),
    "boundary": ("boundary side", "boundary sides"),
    "symptom": ("symptom", "symptoms"),
}


def coverage_lines(coverage: Coverage, view: View) -> Iterator[str]:
    """Rules with what no case reaches, and its position; all rules where the view is `whole`."""
    for rule in coverage.rules:
        head = f"{printable(str(rule.at))}: {view.style.paint('COVERAGE', 'heading')}"
        if rule.is_bare:
            yield f"{head} {_nothing(rule)}"
        elif rule.missing or view.whole:
            yield f"{head} {_counts(rule)}"
            yield from (f"    {printable(str(t.at))}: {printable(_missing(t))}" for t in rule.missing)
    yield coverage_total(coverage)


def coverage_total(coverage: Coverage) -> str:
    """One line: the share of all rules that the cases reach."""
    missing = sum(len(rule.missing) for rule in coverage.rules)
    targets = sum(len(rule.targets) for rule in coverage.rules)
    return f"coverage: {percent(coverage.percent)}, {targets - missing} of {targets}"


def coverage_annotations(coverage: Coverage) -> Iterator[str]:
    """A warning for each thing that no case reaches, at its line."""
    for rule in coverage.rules:
        if rule.is_bare:
            yield annotation("warning", rule.at, f"COVERAGE {rule.rule}", _nothing(rule))
        for target in () if rule.is_bare else rule.missing:
            yield annotation("warning", target.at, f"COVERAGE {rule.rule}", _missing(target))


def coverage_document(coverage: Coverage) -> dict[str, Any]:
    """Coverage as JSON has it."""
    return {
        "percent": round(coverage.percent, 2),
        "rules": [
            {"rule": rule.rule, "targets": [_target(target) for target in rule.targets]}
            for rule in coverage.rules
        ],
    }


def percent(number: float) -> str:
    """A percentage, rounded down: 100 only where nothing is missing."""
    return "100 %" if number == 100 else f"{int(number * 10) / 10:g} %"  # noqa: PLR2004 - a hundred percent


def _counts(rule: RuleCoverage) -> str:
    counted = [(kind, *rule.of(kind)) for kind in TARGET_KINDS]
    return f"{rule.rule}: " + ", ".join(
        f"{_NOUNS[kind][1]} {reached} of {number}" for kind, reached, number in counted if number
    )


def _nothing(rule: RuleCoverage) -> str:
    return f"{rule.rule}: no case runs, so none of {len(rule.targets)} parts is reached"


def _missing(target: Target) -> str:
    return f"no case reaches the {_NOUNS[target.kind][0]} {target.what}"


def _target(target: Target) -> dict[str, Any]:
    return {
        "kind": target.kind,
        "what": target.what,
        "file": target.at.file,
        "line": target.at.line,
        "column": target.at.column,
        "reached": target.reached,
    }
