"""Values that are made once for objects that never change: product definitions, entries of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, TypeVarTuple

Of = TypeVarTuple("Of")
V = TypeVar("V")

_MOST = 1 << 10


class ByIdentity(Generic[*Of, V]):
    """A function whose answers are kept for the very same objects.

    Definitions take long to hash, and equal ones can have their levels written differently. The cache is
    cleared when it is full; it keeps the objects too, so that no other ones get their identities.
    """

    def __init__(self, make: Callable[[*Of], V]) -> None:
        self._make = make
        self._known: dict[tuple[int, ...], tuple[tuple[*Of], V]] = {}

    def __call__(self, *of: *Of) -> V:
        """The value for these objects."""
        key = tuple(map(id, of))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[key] = of, self._make(*of)
        return known[1]
