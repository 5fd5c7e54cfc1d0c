"""What of a batch is not understood, not used or not counted: each distinct text is looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.noted import NotedFacts
from needfix.fleet.arrays import Flags
from needfix.fleet.columns import as_strings
from needfix.fleet.facts import Batch, Statements, mask_of
from needfix.fleet.kinds import PRODUCT_FIELDS, Entries
from needfix.fleet.noted_files import BatchVersions, of_files
from needfix.fleet.noted_objects import Noted, kept
from needfix.fleet.noted_telemetry import of_counters, of_events, of_registry, of_services
from needfix.intake.kinds import SymptomId
from needfix.model.server import SCOPES, InstalledProduct, as_read
from needfix.versions import parse_clock_time


def noted(
    batch: Batch, facts: NotedFacts, entries: Entries, versions: BatchVersions, is_left_out: Flags
) -> list[Noted]:
    """What is to be noted of the servers of a batch, but for those that are left out."""
    return [
        found
        for found in (
            *_of_collection(batch, is_left_out),
            *_of_failures(batch, is_left_out),
            *_of_products(batch, facts, entries, is_left_out),
            *of_files(batch, facts, versions, is_left_out),
            *_of_symptoms(batch, facts, is_left_out),
            *of_events(batch, facts, is_left_out),
            *of_services(batch, facts, is_left_out),
            *of_counters(batch, facts, is_left_out),
            *of_registry(batch, facts, is_left_out),
            *_of_scopes(batch, is_left_out),
        )
        if found.total
    ]


_SURELY_A_TIME = (
    r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?)?$"
)


def _of_collection(batch: Batch, is_left_out: Flags) -> Iterator[Noted]:
    """Times of collection that cannot be read; nearly all have a form that surely can be."""
    if "collected" not in batch.records.schema.names:
        return
    column = _plain_texts(batch.records.column("collected"))
    if column.null_count == len(column):
        return
    is_odd = pc.invert(pc.fill_null(pc.match_substring_regex(column, _SURELY_A_TIME), fill_value=True))
    every = np.flatnonzero(is_odd.to_numpy(zero_copy_only=False) & ~is_left_out)
    texts = ((text or "").strip() for text in column.take(pa.array(every)).to_pylist())
    found = [(row, text) for row, text in zip(every.tolist(), texts, strict=True) if text]
    found = [(row, text) for row, text in found if parse_clock_time(text) is None]
    rows = np.array([row for row, _ in found], np.int64)
    yield Noted("time-unreadable", rows, sorted({text for _, text in found}))


def _of_failures(batch: Batch, is_left_out: Flags) -> Iterator[Noted]:
    for owners, column in batch.listed("failures"):
        texts = [text or "" for text in column.values()]
        yield _of_statements("collecting-failed", Statements(owners.owners, column.codes, texts), is_left_out)


def _plain_texts(column: pa.Array) -> pa.Array:
    return as_strings(column.dictionary_decode() if pa.types.is_dictionary(column.type) else column)


def _of_products(batch: Batch, facts: NotedFacts, entries: Entries, is_left_out: Flags) -> Iterator[Noted]:
    if batch.products is None:
        return
    words: dict[str, dict[int, str]] = {}
    for number, texts in enumerate(entries.listed):
        stated = dict(zip(PRODUCT_FIELDS, texts, strict=True))
        for found in facts.of_entry(as_read(InstalledProduct, **stated)) if stated["name"] else ():
            words.setdefault(found.code, {})[number] = found.word
    for code, of_entries in words.items():
        is_noted = np.zeros(len(entries.listed), np.bool_)
        is_noted[list(of_entries)] = True
        codes = entries.kinds.codes
        rows = kept(np.flatnonzero(is_noted[codes]), batch.products, is_left_out)
        there = np.unique(codes[rows]).tolist()
        yield Noted(code, rows, [of_entries[one] for one in there], batch.products.lists)


def _of_symptoms(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    for kind in ("observed", "absent"):
        stated = batch.stated_symptoms(kind).only(lambda name: name and name not in facts.symptoms)
        if len(stated.servers):
            yield _of_statements("symptom-unknown", stated, is_left_out)


def _of_statements(code: str, stated: Statements, is_left_out: Flags) -> Noted:
    """What servers state, each once for a server."""
    numbers = {what: number for number, what in enumerate(dict.fromkeys(stated.what))}
    codes = np.array([numbers[what] for what in stated.what], np.int64)[stated.codes]
    own = ~is_left_out[stated.servers]
    pairs = np.unique(stated.servers[own] * len(numbers) + codes[own])
    words = {_written(stated.what[code]) for code in np.unique(stated.codes[own]).tolist()}
    return Noted(code, pairs // len(numbers), sorted(words))


def _written(what: object) -> str:
    return what.written if isinstance(what, SymptomId) else str(what)


def _of_scopes(batch: Batch, is_left_out: Flags) -> Iterator[Noted]:
    lacking = batch.scopes & ~batch.reports
    if not lacking.any():
        return
    for scope in SCOPES:
        rows = np.flatnonzero(((lacking & mask_of([scope])) != 0) & ~is_left_out)
        yield Noted("complete-without-list", rows, [scope])


def servers_noted(found: Iterable[Noted], count: int) -> Flags:
    """The servers of which there is anything to note."""
    flags = np.zeros(count, np.bool_)
    for one in found:
        flags[one.servers] = True
    return flags
