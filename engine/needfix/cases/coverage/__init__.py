"""Coverage: what the cases of rules reach of them. The engine does not depend on it."""

from needfix.cases.coverage.coverage import coverage

__all__ = ["coverage"]
