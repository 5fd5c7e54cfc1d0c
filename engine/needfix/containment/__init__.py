"""Which fix contains which: the same files, with minima at least as high, on levels that both affect."""

from needfix.containment.containment import ContainedFix, Containment, containment_of

__all__ = ["ContainedFix", "Containment", "containment_of"]
