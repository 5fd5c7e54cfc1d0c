"""Lint: what the rules of a catalogue have wrong, or leave for a person to settle."""

from needfix.lint.lint import CHECKS, CODES, Mendable, lint, mendable

__all__ = ["CHECKS", "CODES", "Mendable", "lint", "mendable"]
