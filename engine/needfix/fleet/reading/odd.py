"""Records in columns that the plain reader may find bad: those are given to it."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.fleet.arrays import Flags
from needfix.fleet.facts import Batch
from needfix.fleet.native import Part, part

_DURATION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})? ?[smhd]")


def odd_records(records: pa.RecordBatch) -> Flags:
    """The records of a batch that may be bad."""
    found = Batch(records).is_odd.copy()
    counters = part(records, "counters")
    if counters is not None and len(counters.lists.elements):
        found[counters.lists.owners[_odd_counters(counters)]] = True
    return found


def _odd_counters(told: Part) -> Flags:
    """Readings that lack a name or a value, or tell what has a form of its own."""
    names, held = told.texts("name"), told.texts("for")
    count = len(told.lists.elements)
    if names is None or "value" not in told.columns:
        return np.ones(count, np.bool_)
    is_finite = pc.fill_null(pc.is_finite(told.columns["value"]), fill_value=False)
    found = ~is_finite.to_numpy(zero_copy_only=False)
    found |= np.array([text is None for text in names.values()])[names.codes]
    if held is not None:
        is_unfit = [text is not None and not _DURATION.fullmatch(text) for text in held.values()]
        found |= np.array(is_unfit)[held.codes]
    if "samples" in told.columns:
        found |= told.columns["samples"].is_valid().to_numpy(zero_copy_only=False)
    return found
