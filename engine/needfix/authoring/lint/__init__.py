"""Lint: what a catalogue that loads still has wrong, or leaves for a person to settle."""

from needfix.authoring.lint.coverage import Coverage, Covered, covered
from needfix.authoring.lint.lint import CHECKS, lint

__all__ = ["CHECKS", "Coverage", "Covered", "covered", "lint"]
