"""Coverage: what the cases of rules reach of them. The engine knows nothing of it."""

from needfix.cases.coverage.coverage import coverage

__all__ = ["coverage"]
