"""The registry of checks, and their run: a new check is a function and a line here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.lint.branch_checks import AMBIGUOUS, FOR_NOBODY, TWO_MINIMA, WITHOUT_FIX
from needfix.lint.builds import BEFORE_LOWEST, BEYOND, NOT_CARRIED, OUTSIDE, SHIPPED
from needfix.lint.case_files import MISSPELLED_FILE
from needfix.lint.check import AnyCheck, Check, Detection, FinalCheck, OtherFindings
from needfix.lint.completeness import (
    CASE_TO_REVIEW,
    OPEN_REVIEW,
    SAME_NAME,
    UNKNOWN_NAME,
    WITHOUT_CASE,
    WITHOUT_REFERENCE,
)
from needfix.lint.definitions import BLIND_KEY_FILES, IN_A_FOLDER, NAME_TWICE, TOO_WIDE, WITHOUT_LEVEL
from needfix.lint.edits import Edit
from needfix.lint.file_checks import NOT_COMPARED, TWO_KINDS
from needfix.lint.fixes import CONTAINS, SAME_FIX
from needfix.lint.identity import CIRCLE, REPEATED
from needfix.lint.levels import CARRIES_FIX, NEVER_AFFECTED, OUT_OF_ORDER
from needfix.lint.minima import IMPOSSIBLE, WITHOUT_COPIES
from needfix.lint.product_names import OVERLAPPING
from needfix.lint.references import UNKNOWN_RULE, UNSUPPORTED, UPDATE_OF_A_RULE
from needfix.lint.registry_values import EQUAL_VERSION, EXCLUDING_VALUES
from needfix.lint.requires import CONTAINED, NEVER_MET
from needfix.lint.silences import IDLE, UNKNOWN_SILENCE, silenced
from needfix.lint.symptoms import NEVER_SEEN, OBSERVATION_REDUNDANT, SAME_OBSERVATIONS, WITHOUT_SYMPTOMS
from needfix.lint.texts import LEFT_OVER, TOO_LONG, UNTITLED, VENDORS_WORDS
from needfix.lint.twice import ID_TWICE, LEVEL_TWICE, OBSERVATION_TWICE, PRODUCT_TWICE
from needfix.model.finding import Finding
from needfix.model.rule import Rule

CHECKS: tuple[AnyCheck, ...] = (
    # References to other rules, and to articles
    OPEN_REVIEW, UNKNOWN_RULE, UNSUPPORTED, CONTAINS, SAME_FIX, REPEATED, CIRCLE, ID_TWICE, WITHOUT_REFERENCE,
    CONTAINED, UPDATE_OF_A_RULE,
    # Levels and branches
    NEVER_MET, NEVER_AFFECTED, CARRIES_FIX, OUT_OF_ORDER, LEVEL_TWICE, FOR_NOBODY, WITHOUT_FIX, AMBIGUOUS,
    UNKNOWN_NAME, PRODUCT_TWICE,
    # Files and minima
    SHIPPED, BEFORE_LOWEST, TWO_MINIMA, TWO_KINDS, NOT_COMPARED, NOT_CARRIED, IMPOSSIBLE, WITHOUT_COPIES,
    OUTSIDE, BEYOND, EQUAL_VERSION, EXCLUDING_VALUES,
    # Symptoms
    WITHOUT_SYMPTOMS, OBSERVATION_TWICE, OBSERVATION_REDUNDANT, SAME_OBSERVATIONS, NEVER_SEEN,
    # Texts
    VENDORS_WORDS, UNTITLED, TOO_LONG, LEFT_OVER,
    # Cases and silences
    WITHOUT_CASE, IDLE, UNKNOWN_SILENCE, CASE_TO_REVIEW, SAME_NAME, MISSPELLED_FILE,
    # Product definitions
    BLIND_KEY_FILES, WITHOUT_LEVEL, NAME_TWICE, OVERLAPPING, TOO_WIDE,
    IN_A_FOLDER,
)  # fmt: skip
CODES = tuple(check.code for check in CHECKS)


class Repairable(NamedTuple):
    """A finding, and its certain repair, if there is one."""

    finding: Finding
    edit: Edit | None


def lint(catalogue: Catalogue, checks: Iterable[AnyCheck] = CHECKS) -> tuple[Finding, ...]:
    """The findings of the checks: errors and warnings, then notes, each in the order of files and lines.

    Silenced findings are included, with the reason.
    """
    return tuple(found.finding for found in repairable(catalogue, checks))


def repairable(catalogue: Catalogue, checks: Iterable[AnyCheck] = CHECKS) -> tuple[Repairable, ...]:
    """The same findings, each with its repair."""
    chosen = tuple(checks)
    found = [
        _repairable(check, one)
        for check in chosen
        if isinstance(check, Check)
        for one in check.find(catalogue)
    ]
    found.extend(_finally(catalogue, chosen, [one.finding for one in found]))
    # Entries of a rule that are alike show the same.
    once = {(one.finding.code, one.finding.at, one.finding.what): one for one in reversed(found)}
    return tuple(sorted(once.values(), key=lambda one: _order(one.finding)))


def _order(finding: Finding) -> tuple[bool, Position, str, str]:
    return finding.severity == "note", finding.at, finding.code, finding.what


def _repairable(check: AnyCheck, found: Detection) -> Repairable:
    why, silences = found.why or check.why, found.about.silences if isinstance(found.about, Rule) else ()
    finding = Finding(check.code, check.severity, found.name, found.at, found.what, why, found.hint)
    return Repairable(silenced(finding, silences), found.edit)


def _finally(
    catalogue: Catalogue, checks: Sequence[AnyCheck], findings: Sequence[Finding]
) -> Iterator[Repairable]:
    run = OtherFindings(
        catalogue, findings, frozenset(check.code for check in checks if isinstance(check, Check)), CODES
    )
    for check in checks:
        if isinstance(check, FinalCheck):
            yield from (_repairable(check, found) for found in check.find(run))
