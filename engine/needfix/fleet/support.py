"""Levels out of support in columns: each kind of server is looked at once, and each day of collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.level_support import EndOfSupport, day_of
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import as_strings
from needfix.fleet.facts import Batch
from needfix.fleet.noted_objects import Noted
from needfix.model.note import OUT_OF_SUPPORT

_BEGINS_WITH_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)"
_CHARACTERS_OF_DAY = 10


def out_of_support(
    batch: Batch,
    kinds: Ints,
    ends: Mapping[int, Sequence[EndOfSupport]],
    is_left_out: Flags,
    today: date,
) -> Iterator[Noted]:
    """What is to be noted of servers by their kinds; `ends` has those of each kind that is not left out."""
    most = max(map(len, ends.values()), default=0)
    if not most:
        return
    days = days_of_collection(batch, today)
    for place in range(most):
        own = {kind: of_kind[place] for kind, of_kind in ends.items() if place < len(of_kind)}
        last = np.full(max(ends) + 1, date.max.toordinal())
        last[list(own)] = [end.last.toordinal() for end in own.values()]
        rows = np.flatnonzero(~is_left_out)
        rows = rows[days[rows] > last[kinds[rows]]]
        words = dict.fromkeys(own[kind].words for kind in np.unique(kinds[rows]).tolist())
        if len(rows):
            yield Noted(OUT_OF_SUPPORT, rows, list(words))


def days_of_collection(batch: Batch, today: date) -> Ints:
    """The day on which the facts of each server were collected, by its number; today where it is unknown."""
    if "collected" not in batch.records.schema.names:
        return np.full(len(batch), today.toordinal())
    column = batch.records.column("collected")
    texts = as_strings(column.dictionary_decode() if pa.types.is_dictionary(column.type) else column)
    begins = pc.match_substring_regex(texts, _BEGINS_WITH_DAY)
    parts = pc.if_else(begins, pc.utf8_slice_codeunits(texts, 0, _CHARACTERS_OF_DAY), texts)
    encoded = parts.dictionary_encode()
    known = [day_of(text) or today for text in encoded.dictionary.to_pylist()]
    numbers = np.array([*(day.toordinal() for day in known), today.toordinal()])
    codes = pc.fill_null(encoded.indices, len(known)).to_numpy(zero_copy_only=False)
    found: Ints = numbers[codes]
    return found
