"""Levels that the vendor no longer supports: notes that change no decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from needfix.compare.installation import Installation, Installed
from needfix.intake.notes import Occurrence
from needfix.model.note import OUT_OF_SUPPORT
from needfix.model.product import ProductDefinition
from needfix.versions import parse_clock_time

_AFTER_DAY = re.compile("[T ]", re.IGNORECASE)


class EndOfSupport(NamedTuple):
    """The last day on which an installation is supported, and the words that name its level and that day."""

    last: date
    words: str


class LevelSupport:
    """Until when the levels of products are supported."""

    def __init__(self, products: Iterable[ProductDefinition]) -> None:
        self._ends = {
            product.product: {entry.level: entry.supported_until for entry in product.levels}
            for product in products
            if any(entry.supported_until for entry in product.levels)
        }

    @property
    def is_stated(self) -> bool:
        """Whether the end of support is known for any level."""
        return bool(self._ends)

    def of(self, here: Installed) -> tuple[EndOfSupport, ...]:
        """When the support ends of those products on a server for which every possible level has an end."""
        if not self._ends:
            return ()
        return tuple(found for own in here.installations if (found := self._end_of(own)) is not None)

    def _end_of(self, here: Installation) -> EndOfSupport | None:
        ends = self._ends.get(here.product.product)
        if ends is None or not here.possible or not here.is_known or here.contradictions:
            return None
        found = [(end, level) for level in here.possible if (end := ends.get(level)) is not None]
        if len(found) < len(here.possible):
            return None
        last, level = max(found)
        return EndOfSupport(last, f"{here.product.name} {level} until {last}")


def out_of_support(ends: Iterable[EndOfSupport], day: date) -> Iterator[Occurrence]:
    """What is to be noted on a day."""
    return (Occurrence(OUT_OF_SUPPORT, end.words) for end in ends if end.last < day)


@lru_cache(maxsize=1 << 12)
def day_of(collected: str) -> date | None:
    """The day, as it is written, on which facts were collected; None where it cannot be read."""
    moment = parse_clock_time(_AFTER_DAY.split(collected.strip(), maxsplit=1)[0])
    return None if moment is None else moment.first.date()
