"""The values of a YAML text, each with its span, so that a text can be edited in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from needfix.yamltext.events import events_of
from needfix.yamltext.spans import Span, span_of


class ScalarTree(NamedTuple):
    """A single value."""

    text: str
    span: Span


class ListTree(NamedTuple):
    """A list; `is_flow` where it stands in brackets."""

    items: tuple[Tree, ...]
    span: Span
    is_flow: bool


class MappingTree(NamedTuple):
    """A mapping with its keys in order; `is_flow` where it stands in braces."""

    entries: tuple[tuple[ScalarTree, Tree], ...]
    span: Span
    is_flow: bool

    def get(self, key: str) -> Tree | None:
        """The value behind a key."""
        return next((value for name, value in self.entries if name.text == key), None)


Tree = ScalarTree | ListTree | MappingTree


def trees_of(text: str) -> list[Tree]:
    """The value of each document of a text. Raises YamlSyntaxError where it is not YAML.

    The text has been read as rules before, so its size and depth are bounded.
    """
    events = events_of(text)
    return [_tree(event, events) for event in events if isinstance(event, yaml.NodeEvent)]


def _tree(event: yaml.Event, events: Iterator[yaml.Event]) -> Tree:
    if isinstance(event, yaml.ScalarEvent):
        return ScalarTree(event.value, span_of(event))
    if not isinstance(event, yaml.CollectionStartEvent):
        return ScalarTree("", span_of(event))
    start, end = span_of(event)
    items: list[Tree] = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            end = span_of(inner).end if event.flow_style else max([end, *(item.span.end for item in items)])
            break
        items.append(_tree(inner, events))
    is_flow = bool(event.flow_style)
    if isinstance(event, yaml.SequenceStartEvent):
        return ListTree(tuple(items), Span(start, end), is_flow)
    keys = (item if isinstance(item, ScalarTree) else ScalarTree("", item.span) for item in items[::2])
    return MappingTree(tuple(zip(keys, items[1::2], strict=True)), Span(start, end), is_flow)
