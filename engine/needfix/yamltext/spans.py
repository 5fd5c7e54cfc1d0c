"""The lists of a YAML text: where each begins, and the span of each item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from needfix.yamltext.events import events_of, position


class Span(NamedTuple):
    """A part of a text: the offset of its first character, and the offset after its last."""

    start: int
    end: int


class ListSpan(NamedTuple):
    """A list and its items; `is_flow` where it stands in brackets."""

    line: int
    column: int
    span: Span
    is_flow: bool
    items: tuple[Span, ...]


def lists_of(text: str) -> Iterator[ListSpan]:
    """The lists of a text, those inside others first. Raises YamlSyntaxError where it is not YAML."""
    events = events_of(text)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            found: list[ListSpan] = []
            _span(event, events, found)
            yield from found


def _span(event: yaml.Event, events: Iterator[yaml.Event], found: list[ListSpan]) -> Span:
    """The span of a value. A list or mapping without brackets ends with its last value."""
    if not isinstance(event, yaml.CollectionStartEvent):
        return span_of(event)
    start, end = span_of(event)
    items: list[Span] = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            end = span_of(inner).end if event.flow_style else max([end, *(item.end for item in items)])
            break
        items.append(_span(inner, events, found))
    if isinstance(event, yaml.SequenceStartEvent):
        at = position("", event.start_mark)
        found.append(ListSpan(at.line, at.column, Span(start, end), bool(event.flow_style), tuple(items)))
    return Span(start, end)


def span_of(event: yaml.Event) -> Span:
    """The span of one event; every event of this parser has its marks."""
    start, end = event.start_mark, event.end_mark
    return Span(start.index if start else 0, end.index if end else 0)
