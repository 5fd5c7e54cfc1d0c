"""Short ways to write catalogues, and to tell what lint finds in them."""

from __future__ import annotations

from pathlib import Path

from needfix.authoring.lint import covered, lint
from needfix.model.finding import Finding
from tests.decide.support import Document, load


def findings(folder: Path, code: str, *documents: Document) -> list[Finding]:
    """What one check finds."""
    return [finding for finding in lint(load(folder, *documents)) if finding.code == code]


def covers(folder: Path, *documents: Document) -> dict[str, set[str]]:
    """All that each rule's fix covers."""
    return {newer: set(older) for newer, older in covered(load(folder, *documents)).covers.items()}
