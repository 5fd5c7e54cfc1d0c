"""Which fix contains which: the same files, with minima at least as high, on levels that both affect."""

from needfix.containment.containment import Coverage, Covered, covered

__all__ = ["Coverage", "Covered", "covered"]
