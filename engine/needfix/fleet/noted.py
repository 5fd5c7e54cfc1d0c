"""What of a batch is not understood, not used or not counted: each distinct text is looked at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.noted import NotedFacts, is_message_lacking, nameless_text
from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import Lists, ObjectColumn, Texts, as_strings, part
from needfix.fleet.copies import kept_paths, texts_at, texts_of_codes
from needfix.fleet.facts import Batch, Statements, mask_of
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.kinds import PRODUCT_FIELDS, Entries
from needfix.intake.kinds import SymptomId
from needfix.intake.known_names import MESSAGES_NOT_FOUND
from needfix.intake.registry_names import registry_key, registry_view
from needfix.intake.vocabularies import (
    LONGEST_NOTHING,
    OLD_FILES,
    is_lacking,
    old_folder,
    platform,
    service_state,
)
from needfix.model.server import SCOPES, InstalledProduct, as_read
from needfix.versions import parse_clock_time, parse_file_version

_BEGINNINGS = {r"\s+".join(map(re.escape, text.split()[:3])) for text in MESSAGES_NOT_FOUND}
_NOT_FOUND = rf"^\s*(?i:{'|'.join(sorted(_BEGINNINGS))})"
"""What a message begins with that may say that Windows did not find it."""


class Noted(NamedTuple):
    """What a note counts in a batch, and the distinct words.

    `rows` are those of what occurs, in order: of servers, or of objects where `lists` is given.
    """

    code: str
    rows: Ints
    words: Sequence[str]
    lists: Lists | None = None

    @property
    def first(self) -> int:
        """The server of the first."""
        return int(_owners(self.rows[:1], self.lists)[0])

    @property
    def servers(self) -> Ints:
        """The server of each."""
        return _owners(self.rows, self.lists)


def _owners(rows: Ints, lists: Lists | None) -> Ints:
    if lists is None:
        return rows
    found: Ints = np.searchsorted(lists.begins, rows, side="right") - 1
    return found


class BatchVersions(NamedTuple):
    """For each code of a column of versions whether it is a text that is no version."""

    version: Flags
    loaded: Flags


def noted(
    batch: Batch, facts: NotedFacts, entries: Entries, versions: BatchVersions, is_left_out: Flags
) -> list[Noted]:
    """What is to be noted of the servers of a batch, but for those that are left out."""
    return [
        found
        for found in (
            *_of_collection(batch, is_left_out),
            *_of_products(batch, facts, entries, is_left_out),
            *_of_files(batch, facts, versions, is_left_out),
            *_of_symptoms(batch, facts, is_left_out),
            *_of_events(batch, facts, is_left_out),
            *_of_services(batch, facts, is_left_out),
            *_of_counters(batch, facts, is_left_out),
            *_of_registry(batch, facts, is_left_out),
            *_of_scopes(batch, is_left_out),
        )
        if len(found.rows)
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
        rows = _kept(np.flatnonzero(is_noted[codes]), batch.products, is_left_out)
        there = np.unique(codes[rows]).tolist()
        yield Noted(code, rows, [of_entries[one] for one in there], batch.products.lists)


def _kept(rows: Ints, objects: ObjectColumn, is_left_out: Flags) -> Ints:
    """The rows of objects whose server is not left out."""
    if not len(rows) or not is_left_out.any():
        return rows
    return rows[~is_left_out[_owners(rows, objects.lists)]]


class _Objects(NamedTuple):
    """Objects in lists, and the servers that are left out."""

    objects: ObjectColumn
    is_left_out: Flags

    def texts(self, name: str) -> Texts | None:
        """A field as codes."""
        return self.objects.texts(name)

    def noted(
        self,
        code: str,
        column: Texts,
        is_noted: Flags,
        is_among: Callable[[Ints], Flags] | None = None,
    ) -> Iterator[Noted]:
        """The objects whose text is to be noted, among some of them."""
        if not is_noted.any():
            return
        every = np.flatnonzero(is_noted.take(column.codes))
        among = every if is_among is None else every[is_among(every)]
        rows = _kept(among, self.objects, self.is_left_out)
        there = texts_of_codes(column, column.codes[rows]) if len(rows) else []
        yield Noted(code, rows, [text for _, text in there], self.objects.lists)


def _judged(column: Texts, is_noted: Callable[[str], bool]) -> Flags:
    return np.array([text is not None and is_noted(text) for text in column.values()], np.bool_)


def _of_files(
    batch: Batch, facts: NotedFacts, versions: BatchVersions, is_left_out: Flags
) -> Iterator[Noted]:
    names = batch.files.texts("name") if batch.files is not None else None
    if batch.files is None or names is None:
        return
    yield from _of_nameless(batch, batch.files, names, facts, is_left_out)
    files = _Objects(batch.files, is_left_out)
    is_named = _named(names, facts.named)
    if not is_named.any():
        return
    counts = _CountingCopies(batch.files, names, is_named)
    yield from _of_paths(files, counts)
    platforms = files.texts("platform")
    if platforms is not None:
        is_unknown = _judged(platforms, lambda text: platform(text) is None)
        yield from files.noted("platform-unreadable", platforms, is_unknown, counts.among(is_named))
    for name, is_unreadable in zip(("version", "loaded"), versions, strict=True):
        column = files.texts(name)
        if column is not None and is_unreadable.any():
            own = counts.among(_named(names, facts.versioned))
            yield from files.noted("version-unreadable", column, is_unreadable, own)
    times = files.texts("modified") if facts.timed else None
    if times is not None:
        is_timed = _named(names, facts.timed)
        is_unreadable = np.zeros(times.unstated + 1, np.bool_)
        for code, text in texts_of_codes(times, times.codes[is_timed[names.codes]]):
            is_unreadable[code] = parse_clock_time(text) is None
        yield from files.noted("time-unreadable", times, is_unreadable, counts.among(is_timed))


def _of_nameless(
    batch: Batch, files: ObjectColumn, names: Texts, facts: NotedFacts, is_left_out: Flags
) -> Iterator[Noted]:
    is_vague, rows = _judged(names, facts.is_vague), batch.nameless_files
    if is_vague.any():
        rows = np.union1d(rows, np.flatnonzero(is_vague.take(names.codes)))
    rows = _kept(rows, files, is_left_out)
    if not len(rows):
        return
    paths = files.texts("path")
    own = texts_at(names, names.codes[rows])
    of_paths = texts_at(paths, paths.codes[rows]) if paths is not None else [None] * len(rows)
    pairs = dict.fromkeys(zip(own, of_paths, strict=True))
    yield Noted(
        "file-name-unreadable", rows, [nameless_text(name or "", path) for name, path in pairs], files.lists
    )


class _CountingCopies:
    """Copies of files that lie in no folder that keeps old files."""

    def __init__(self, files: ObjectColumn, names: Texts, is_named: Flags) -> None:
        self.names = names
        self.is_named = is_named
        self.paths = files.texts("path")
        self.kept = kept_paths(files)

    def among(self, names: Flags) -> Callable[[Ints], Flags]:
        """Whether rows are of such copies, with some of the names."""

        def are_among(rows: Ints) -> Flags:
            found: Flags = names[self.names.codes[rows]]
            if self.kept is None or self.paths is None:
                return found
            return found & ~self.kept[self.paths.codes[rows]]

        return are_among


def _of_paths(files: _Objects, copies: _CountingCopies) -> Iterator[Noted]:
    paths = copies.paths
    if paths is None:
        return
    if copies.kept is not None:
        found = np.empty(len(paths.codes), np.int32)
        there = np.zeros(paths.unstated + 1, np.bool_)
        count = kernels.rows_kept(
            paths.codes,
            copies.kept.view(np.uint8),
            copies.names.codes,
            copies.is_named.view(np.uint8),
            there.view(np.uint8),
            found,
        )
        rows = _kept(found[:count], files.objects, files.is_left_out)
        if len(rows) < count:
            there[:] = False
            there[paths.codes.take(rows)] = True
        folders = _folders(paths.distinct.filter(pa.array(there[:-1])))
        yield Noted("copies-not-counted", rows, folders, files.objects.lists)
    own = copies.among(copies.is_named)
    yield from files.noted("path-unreadable", paths, _say_nothing(paths.distinct), own)


def _folders(paths: pa.Array) -> list[str]:
    """The names of the folders of old files in which paths lie, each once."""
    column = pc.utf8_lower(paths)
    found = pc.struct_field(pc.extract_regex(column, OLD_FILES), "folder").dictionary_encode()
    folders = {text for text in found.dictionary.to_pylist() if text}
    others = ~pc.string_is_ascii(paths).to_numpy(zero_copy_only=False)  # case is another matter there
    folders.update(old_folder(paths[place].as_py()) for place in np.flatnonzero(others).tolist())
    return sorted(folders)


def _say_nothing(paths: pa.Array) -> Flags:
    """Which paths say nothing; what holds a folder of Windows is not looked at."""
    found = np.zeros(len(paths) + 1, np.bool_)
    is_path = pc.fill_null(pc.match_substring(paths, "\\"), fill_value=True)
    for place in np.flatnonzero(~is_path.to_numpy(zero_copy_only=False)).tolist():
        text = (paths[place].as_py() or "").strip()
        found[place] = bool(text) and is_lacking(text)
    return found


def _named(names: Texts, known: frozenset[str]) -> Flags:
    return _judged(names, lambda text: text.casefold() in known)


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


def _of_events(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    events = part(batch.records, "events") if facts.sources else None
    sources = events.texts("source") if events is not None else None
    if events is None or sources is None:
        return
    found = _Objects(events, is_left_out)
    yield from found.noted("event-unreadable", sources, _judged(sources, is_lacking))
    messages = events.texts("message")
    if messages is not None:
        is_short = pc.less_equal(pc.utf8_length(messages.distinct), LONGEST_NOTHING)
        may_lack = pc.or_(is_short, pc.match_substring_regex(messages.distinct, _NOT_FOUND))
        codes = np.flatnonzero(pc.fill_null(may_lack, fill_value=False).to_numpy(zero_copy_only=False))
        is_noted = np.zeros(messages.unstated + 1, np.bool_)
        texts = messages.distinct.take(pa.array(codes)).to_pylist()
        is_noted[codes] = list(map(is_message_lacking, texts))
        is_observed = _named(sources, facts.sources)
        own = sources.codes
        yield from found.noted("event-unreadable", messages, is_noted, lambda rows: is_observed[own[rows]])


def _of_services(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    services = part(batch.records, "services") if facts.services else None
    states = services.texts("state") if services is not None else None
    names = services.texts("name") if services is not None else None
    if services is None or states is None or names is None:
        return
    is_noted = _judged(states, lambda text: service_state(text) is None)
    if is_noted.any():
        own, codes = _judged(names, lambda name: facts.observes(facts.services, name)), names.codes
        found = _Objects(services, is_left_out)
        yield from found.noted("state-unreadable", states, is_noted, lambda rows: own[codes[rows]])


def _of_counters(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    counters = part(batch.records, "counters") if facts.counters else None
    times = counters.texts("at") if counters is not None else None
    names = counters.texts("name") if counters is not None else None
    if counters is None or times is None or names is None:
        return
    own = _judged(names, lambda name: facts.observes(facts.counters, name))[names.codes]
    is_noted = np.zeros(times.unstated + 1, np.bool_)
    for code, text in texts_of_codes(times, times.codes[own]):
        is_noted[code] = parse_clock_time(text) is None
    found = _Objects(counters, is_left_out)
    yield from found.noted("time-unreadable", times, is_noted, lambda rows: own[rows])


def _of_registry(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    values = part(batch.records, "registry") if facts.values else None
    names = values.texts("name") if values is not None else None
    if values is None or names is None:
        return
    found = _Objects(values, is_left_out)
    for code, (field, is_read) in _OF_REGISTRY.items():
        known = facts.versions_of_registry if field == "value" else facts.values
        column = values.texts(field)
        if column is None:
            continue
        own = _named(names, known)[names.codes]
        is_noted = np.zeros(column.unstated + 1, np.bool_)
        for number, text in texts_of_codes(column, column.codes[own]):
            is_noted[number] = is_read(text) is None
        yield from found.noted(code, column, is_noted, partial(_are_among, own))


_OF_REGISTRY: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "registry-key-unreadable": ("path", registry_key),
    "registry-view-unreadable": ("view", registry_view),
    "registry-value-unreadable": ("value", parse_file_version),
}
"""The notes about fields of values of the registry, and how these are read."""


def _are_among(own: Flags, rows: Ints) -> Flags:
    return own[rows]


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
