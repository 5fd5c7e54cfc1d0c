"""Lint: what the rules of a catalogue have wrong, or leave for a person to settle."""

from needfix.lint.lint import CHECKS, CODES, Repairable, lint, repairable

__all__ = ["CHECKS", "CODES", "Repairable", "lint", "repairable"]
