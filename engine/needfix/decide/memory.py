"""A memory that cannot grow without bound."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 1024


class Memory(Generic[K, V]):
    """Remembers what was made for a key; starts anew when it is full."""

    def __init__(self) -> None:
        self._known: dict[K, V] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """What is remembered for a key, made where there is nothing yet."""
        value = self._known.get(key)
        if value is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            value = self._known[key] = make()
        return value
