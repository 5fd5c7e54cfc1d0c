"""Decisions: evidence from `compare`, outcomes from `infer`, and the reasons for both."""
