"""The place of a rule's cases in the text of a file, or where they would go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import yaml

from needfix.errors import Position
from needfix.yamltext import AnyMark, events_of, position

Kind = Literal["list", "flow", "none"]


class Mark(NamedTuple):
    """A place in a text; both count from 0."""

    line: int
    column: int


class CasesPlace(NamedTuple):
    """The cases of one document.

    `kind`: a list of lines, a list in brackets, or none at all.
    `indent` is the column of the items, or of the document's keys where there are none. `start`
    and `end` are those of the value, `items` the spans of the items in brackets; new lines go
    after the line `last`.
    """

    kind: Kind
    indent: int
    start: Mark
    end: Mark
    last: int
    items: tuple[tuple[Mark, Mark], ...] = ()


class _Node(NamedTuple):
    """An event's span with what lies in it. `end` is the end of the last thing that is written."""

    event: yaml.Event
    start: Mark
    end: Mark
    children: tuple[_Node, ...] = ()

    @property
    def is_flow(self) -> bool:
        return bool(getattr(self.event, "flow_style", False))


def place_of_cases(text: str, at: Position) -> CasesPlace | None:
    """The place in the document that begins at a position.

    None where its keys are in braces, and where its cases are an alias.
    """
    for root in _roots(events_of(text)):
        if (root.start.line + 1, root.start.column + 1) == (at.line, at.column):
            return None if root.is_flow or not isinstance(root.event, yaml.MappingStartEvent) else _in(root)
    return None


def _in(root: _Node) -> CasesPlace | None:
    pairs = zip(root.children[::2], root.children[1::2], strict=True)
    value = next((value for key, value in pairs if _text(key) == "cases"), None)
    if value is None:
        return CasesPlace("none", root.start.column, root.end, root.end, _last_line(root))
    if not isinstance(value.event, yaml.SequenceStartEvent):
        return None
    if not value.is_flow:
        return CasesPlace("list", value.start.column, value.start, value.end, _last_line(value))
    spans = tuple((item.start, item.end) for item in value.children)
    return CasesPlace("flow", root.start.column, value.start, value.end, value.end.line, spans)


def _text(node: _Node) -> str | None:
    return node.event.value if isinstance(node.event, yaml.ScalarEvent) else None


def _last_line(node: _Node) -> int:
    """The line that the last thing in a node ends on; a block of text ends where the next line begins."""
    return node.end.line if node.end.column else node.end.line - 1


def _roots(events: Iterator[yaml.Event]) -> Iterator[_Node]:
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            yield _node(event, events)


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> _Node:
    start = _mark(event.start_mark)
    if not isinstance(event, yaml.CollectionStartEvent):
        return _Node(event, start, _mark(event.end_mark))
    children: list[_Node] = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            end = _mark(inner.end_mark)
            break
        children.append(_node(inner, events))
    else:
        end = start
    is_flow = bool(event.flow_style)
    return _Node(event, start, end if is_flow or not children else children[-1].end, tuple(children))


def _mark(mark: AnyMark | None) -> Mark:
    at = position("", mark)
    return Mark(at.line - 1, at.column - 1)
