"""Faults put into the engine one by one, to see that a law notices each: `python -m tests.faults`."""
