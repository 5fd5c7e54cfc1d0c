"""Short ways to write catalogues, and to list what lint finds in them."""

from __future__ import annotations

from pathlib import Path

from needfix.catalogue import Catalogue, load_for_lint
from needfix.containment import containment_of
from needfix.lint import lint
from needfix.model.finding import Finding
from tests.support.catalogues import Document, load, write


def findings(folder: Path, code: str, *documents: Document) -> list[Finding]:
    """What one check finds."""
    return [finding for finding in lint(for_lint(folder, *documents)) if finding.code == code]


def shown(folder: Path, code: str, *documents: Document) -> list[str]:
    """The same, as text only."""
    return [finding.what for finding in findings(folder, code, *documents)]


def line(folder: Path, finding: Finding) -> str:
    """The line of the file that a finding stands at."""
    lines = (folder / "rules.yaml").read_text(encoding="utf-8").splitlines()
    return lines[finding.at.line - 1].strip()


def for_lint(folder: Path, *documents: Document) -> Catalogue:
    """A catalogue of these rules, whether or not they fit together."""
    return load_for_lint(write(folder, *documents))


def covers(folder: Path, *documents: Document) -> dict[str, set[str]]:
    """All that each rule's fix covers."""
    return {newer: set(older) for newer, older in containment_of(load(folder, *documents)).contains.items()}
