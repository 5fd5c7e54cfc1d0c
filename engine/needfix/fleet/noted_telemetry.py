"""What of the events, services, counters and values of the registry of a batch is not understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.noted import NotedFacts, is_message_lacking
from needfix.fleet.arrays import Flags
from needfix.fleet.columns import part
from needfix.fleet.facts import Batch
from needfix.fleet.noted_objects import Noted, Objects, judged, named, unread
from needfix.intake.known_names import MESSAGES_NOT_FOUND
from needfix.intake.registry_names import registry_key, registry_view
from needfix.intake.vocabularies import LONGEST_NOTHING, is_lacking, service_state
from needfix.versions import parse_clock_time, parse_file_version

_BEGINNINGS = {r"\s+".join(map(re.escape, text.split()[:3])) for text in MESSAGES_NOT_FOUND}
_NOT_FOUND = rf"^\s*(?i:{'|'.join(sorted(_BEGINNINGS))})"
"""What a message begins with that may say that Windows did not find it."""


def of_events(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    """Sources that say nothing, and messages that Windows did not find."""
    events = part(batch.records, "events") if facts.sources else None
    sources = events.texts("source") if events is not None else None
    if events is None or sources is None:
        return
    found = Objects(events, is_left_out)
    yield from found.noted("event-unreadable", sources, judged(sources, is_lacking))
    messages = events.texts("message")
    if messages is not None:
        is_short = pc.less_equal(pc.utf8_length(messages.distinct), LONGEST_NOTHING)
        may_lack = pc.or_(is_short, pc.match_substring_regex(messages.distinct, _NOT_FOUND))
        codes = np.flatnonzero(pc.fill_null(may_lack, fill_value=False).to_numpy(zero_copy_only=False))
        is_noted = np.zeros(messages.unstated + 1, np.bool_)
        texts = messages.distinct.take(pa.array(codes)).to_pylist()
        is_noted[codes] = list(map(is_message_lacking, texts))
        is_observed = named(sources, facts.sources)
        own = sources.codes
        yield from found.noted("event-unreadable", messages, is_noted, lambda rows: is_observed[own[rows]])


def of_services(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    """States of services that are not known."""
    services = part(batch.records, "services") if facts.services else None
    states = services.texts("state") if services is not None else None
    names = services.texts("name") if services is not None else None
    if services is None or states is None or names is None:
        return
    is_noted = judged(states, lambda text: service_state(text) is None)
    if is_noted.any():
        own, codes = judged(names, lambda name: facts.observes(facts.services, name)), names.codes
        found = Objects(services, is_left_out)
        yield from found.noted("state-unreadable", states, is_noted, lambda rows: own[codes[rows]])


def of_counters(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    """Times of readings that cannot be read."""
    counters = part(batch.records, "counters") if facts.counters else None
    times = counters.texts("at") if counters is not None else None
    names = counters.texts("name") if counters is not None else None
    if counters is None or times is None or names is None:
        return
    own = judged(names, lambda name: facts.observes(facts.counters, name))[names.codes]
    found = Objects(counters, is_left_out)
    is_noted = unread(times, own, parse_clock_time)
    yield from found.noted("time-unreadable", times, is_noted, own.take)


def of_registry(batch: Batch, facts: NotedFacts, is_left_out: Flags) -> Iterator[Noted]:
    """Keys, views and versions of values of the registry that are not understood."""
    values = part(batch.records, "registry") if facts.values else None
    names = values.texts("name") if values is not None else None
    if values is None or names is None:
        return
    found = Objects(values, is_left_out)
    for code, (field, is_read) in _OF_REGISTRY.items():
        known = facts.versions_of_registry if field == "value" else facts.values
        column = values.texts(field)
        if column is None:
            continue
        own = named(names, known)[names.codes]
        yield from found.noted(code, column, unread(column, own, is_read), own.take)


_OF_REGISTRY: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "registry-key-unreadable": ("path", registry_key),
    "registry-view-unreadable": ("view", registry_view),
    "registry-value-unreadable": ("value", parse_file_version),
}
"""The notes about fields of values of the registry, and how these are read."""
