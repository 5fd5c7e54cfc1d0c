"""The registry of checks, and their run: adding a check is one function and one line here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.authoring.lint.check import Check
from needfix.authoring.lint.fixes import COVERS, SAME_FIX
from needfix.authoring.lint.references import UNKNOWN_RULE, UNSUPPORTED
from needfix.authoring.lint.review import OPEN_REVIEW
from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.model.finding import Finding

CHECKS = (OPEN_REVIEW, UNKNOWN_RULE, UNSUPPORTED, COVERS, SAME_FIX)


def lint(catalogue: Catalogue, checks: Iterable[Check] = CHECKS) -> tuple[Finding, ...]:
    """What the checks find: what asks for something, then notes, each in the order of files and lines."""
    found = (finding for check in checks for finding in _findings(check, catalogue))
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[bool, Position, str, str]:
    return finding.severity == "note", finding.at, finding.code, finding.what


def _findings(check: Check, catalogue: Catalogue) -> Iterator[Finding]:
    for found in check.find(catalogue):
        yield Finding(check.code, check.severity, found.rule.id, found.at, found.what, check.why, found.mend)
