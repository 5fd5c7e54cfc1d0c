"""Lint: what the rules of a catalogue have wrong, or leave for a person to settle."""

from needfix.authoring.lint.coverage import Coverage, Covered, covered
from needfix.authoring.lint.lint import CHECKS, CODES, Mendable, lint, mendable

__all__ = ["CHECKS", "CODES", "Coverage", "Covered", "Mendable", "covered", "lint", "mendable"]
