"""YAML read into nodes that know their line and column, with limits on what is let in.

Only parsing is PyYAML's. No tag constructs anything, so data never becomes code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import yaml

from needfix.errors import Position, Problem

DEEPEST = 32
MOST_ALIASES = 100
MOST_NODES = 200_000
MOST_BYTES = 16 * 1024 * 1024


def _init_pure(parser: Any, stream: str | bytes) -> None:
    yaml.reader.Reader.__init__(parser, stream)
    yaml.scanner.Scanner.__init__(parser)
    yaml.parser.Parser.__init__(parser)


_PARSER: type[Any] = getattr(yaml, "CParser", None) or type(
    "_Parser",
    (yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser),
    {"__init__": _init_pure},
)
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_TEXT_TAG = "tag:yaml.org,2002:str"
_KINDS = {
    "str": "text", "int": "number", "float": "number", "bool": "boolean", "null": "null",
    "timestamp": "timestamp", "merge": "merge", "value": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text as written, and the kind that YAML 1.1 reads it as."""

    text: str
    kind: str
    at: Position


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their nodes, in the order written. Keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    at: Position

    def get(self, key: str) -> Node | None:
        """The node behind a key."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


class _StopError(Exception):
    """Reading cannot go on; carries the problem that stopped it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_documents(text: str | bytes, file: str, problems: list[Problem]) -> list[Node]:
    """The documents of a YAML text. What is wrong is added to `problems`."""
    if len(text) > MOST_BYTES:
        problems.append(
            Problem(Position(file, 1), "the file is too large", f"at most {MOST_BYTES} bytes", "split it")
        )
        return []
    builder = _Builder(file, problems)
    documents: list[Node] = []
    try:
        documents.extend(builder.documents(text))
    except _StopError as stop:
        problems.append(stop.problem)
    except yaml.YAMLError as error:
        problems.append(_syntax_problem(error, file))
    return documents


class _Builder:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._aliases = 0
        self._nodes = 0
        self._anchors: dict[str, tuple[Node, int]] = {}

    def documents(self, text: str | bytes) -> Iterator[Node]:
        parser = _PARSER(text)
        while not parser.check_event(yaml.StreamEndEvent):
            if parser.check_event(yaml.StreamStartEvent):
                parser.get_event()
                continue
            parser.get_event()
            self._anchors = {}
            node = self._node(parser, 0)
            parser.get_event()
            if not _is_empty(node):
                yield node

    def _node(self, parser: Any, depth: int) -> Node:
        event = parser.get_event()
        at = self._position(event.start_mark)
        if depth > DEEPEST:
            self._stop(at, "the nesting is too deep", f"at most {DEEPEST} levels")
        self._count(1, at)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, at)
        before = self._nodes
        node = self._new(parser, event, at, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before + 1)
        return node

    def _new(self, parser: Any, event: Any, at: Position, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, self._kind(event, at), at)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(parser, at, depth)
        return self._mapping(parser, at, depth)

    def _sequence(self, parser: Any, at: Position, depth: int) -> Sequence:
        items = []
        while not parser.check_event(yaml.SequenceEndEvent):
            items.append(self._node(parser, depth + 1))
        parser.get_event()
        return Sequence(tuple(items), at)

    def _mapping(self, parser: Any, at: Position, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not parser.check_event(yaml.MappingEndEvent):
            key = self._node(parser, depth + 1)
            value = self._node(parser, depth + 1)
            if self._is_key(key, entries) and isinstance(key, Scalar):
                entries[key.text] = (key, value)
        parser.get_event()
        return Mapping(tuple(entries.values()), at)

    def _is_key(self, key: Node, entries: dict[str, tuple[Scalar, Node]]) -> bool:
        if not isinstance(key, Scalar):
            self._report(key.at, "a key is a list or a mapping", "a name", "write the key as plain text")
        elif key.kind == "merge":
            self._report(
                key.at, "merge keys (<<) are not read", "keys written out", "copy the merged keys here"
            )
        elif key.text in entries:
            first = entries[key.text][0].at
            self._report(
                key.at,
                f"the key {key.text!r} stands here a second time",
                "every key once",
                f"remove it or the one in line {first.line}",
            )
        else:
            return True
        return False

    def _kind(self, event: Any, at: Position) -> str:
        if event.tag is not None and event.tag != "!":
            name = event.tag.removeprefix("tag:yaml.org,2002:")
            if event.tag == _TEXT_TAG:
                return "text"
            self._report(at, f"the tag {name!r} is not read", "plain YAML without tags", "remove the tag")
        if not event.implicit[0] or event.style is not None:
            return "text"
        return _KINDS[_implicit_tag(event.value)]

    def _alias(self, event: Any, at: Position) -> Node:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            self._stop(at, "there are too many aliases", f"at most {MOST_ALIASES} in a file")
        if event.anchor not in self._anchors:
            self._stop(at, f"the alias *{event.anchor} has no anchor before it", "an anchor of that name")
        node, size = self._anchors[event.anchor]
        self._count(size, at)
        return replace(node, at=at)

    def _count(self, nodes: int, at: Position) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            self._stop(at, "the file unfolds into too many values", f"at most {MOST_NODES}")

    def _position(self, mark: Any) -> Position:
        return Position(self._file, mark.line + 1, mark.column + 1)

    def _report(self, at: Position, what: str, expected: str, mend: str) -> None:
        self._problems.append(Problem(at, what, expected, mend))

    def _stop(self, at: Position, what: str, expected: str) -> NoReturn:
        raise _StopError(Problem(at, what, expected, "write the file without it, or split it"))


def _implicit_tag(text: str) -> str:
    for first in (text[:1], None):
        for tag, pattern in _RESOLVERS.get(first, ()):
            if pattern.match(text):
                return str(tag).rpartition(":")[2]
    return "str"


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind == "null"


def _syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1)
    said = [
        getattr(error, "context", None),
        getattr(error, "problem", None) or getattr(error, "reason", None),
    ]
    what = ", ".join(part for part in said if part) or str(error)
    mend = "check the quotes, the colons and the indentation here and in the line above"
    return Problem(at, f"this is not YAML: {what}", "YAML", mend)
