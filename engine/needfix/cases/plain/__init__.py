"""Decisions worked out a second time, slowly and plainly, without the code that they check."""

from needfix.cases.plain.decide import Answer, decide, disagreements, evidence_of

__all__ = ["Answer", "decide", "disagreements", "evidence_of"]
