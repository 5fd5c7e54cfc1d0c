"""Decisions: what compare makes of the facts, and what is inferred from it."""
