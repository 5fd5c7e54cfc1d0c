"""YAML read into nodes that know their line and column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from needfix.errors import Position, Problem
from needfix.intake.limits import RULE_FILE_BYTES, RULE_FILE_VALUES, byte_count
from needfix.yamltext import (
    NOT_YAML,
    SINGLE_QUOTES,
    EndError,
    EventBuilder,
    Flaw,
    Limits,
    YamlSyntaxError,
    events_of,
    has_open_path,
    position,
    syntax_flaw,
)
from needfix.yamltext.builder import Entries

_LIMITS = Limits("file", values=RULE_FILE_VALUES)
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_ANY_TEXT = _RESOLVERS.get(None, [])
_KINDS = {"int": "number", "float": "number", "bool": "boolean", "null": "null", "timestamp": "timestamp"}


class Scalar(NamedTuple):
    """A single value: its text as written, and the kind that YAML 1.1 reads it as."""

    text: str
    kind: str
    at: Position


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    at: Position


class Mapping(NamedTuple):
    """Keys with their nodes, in the order written. Keys are unique; `cut` means that some were not read."""

    entries: tuple[tuple[Scalar, Node], ...]
    at: Position
    cut: bool = False

    def get(self, key: str) -> Node | None:
        """The node behind a key."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def read_documents(text: str, file: str, problems: list[Problem]) -> list[Node]:
    """The documents of a YAML text. Mistakes are added to `problems`."""
    flaw = _flaw_of_text(text, file)
    if flaw is not None:
        problems.append(flaw)
        return []
    documents: list[Node] = []
    try:
        documents.extend(_documents(text, file, problems))
    except EndError as end:
        problems.append(_problem(end.at, end.flaw))
    except YamlSyntaxError as error:
        flawed, mark = syntax_flaw(error)
        if has_open_path(text, mark):
            flawed = flawed._replace(hint=SINGLE_QUOTES)
        problems.append(_problem(position(file, mark), flawed))
    return documents


def too_large(file: str) -> Problem:
    """The problem of a file with more bytes than are read."""
    what, most = "the file is too large", f"at most {RULE_FILE_BYTES} bytes"
    return Problem(Position(file, 1), what, most, "write several files")


def _flaw_of_text(text: str, file: str) -> Problem | None:
    # No character takes more than four bytes, so that most texts need not be counted.
    if len(text) * 4 > RULE_FILE_BYTES and byte_count(text) > RULE_FILE_BYTES:
        return too_large(file)
    bad = NOT_YAML.search(text)
    if bad is None:
        return None
    start = text.rfind("\n", 0, bad.start()) + 1
    at = Position(file, text.count("\n", 0, start) + 1, bad.start() - start + 1)
    what = f"the control character {ord(bad[0]):#04x} is not allowed in YAML"
    return Problem(at, what, hint="remove it, or write it as an escape in double quotes")


def _documents(text: str, file: str, problems: list[Problem]) -> Iterator[Node]:
    events = events_of(text)
    builder = _NodeBuilder(events, file, problems)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            builder.begin_document()
        elif isinstance(event, yaml.NodeEvent):
            node = builder.value(event)
            if not (isinstance(node, Scalar) and node.kind == "null"):
                yield node


class _NodeBuilder(EventBuilder[Node]):
    def __init__(self, events: Iterator[yaml.Event], file: str, problems: list[Problem]) -> None:
        super().__init__(events, file, _LIMITS)
        self._problems = problems

    def scalar(self, event: yaml.ScalarEvent, *, is_plain: bool) -> Scalar:
        kind = _kind(event.value) if is_plain and not event.tag else "text"
        return Scalar(event.value, kind, self.at(event))

    def sequence(self, event: yaml.Event, items: list[Node]) -> Sequence:
        return Sequence(tuple(items), self.at(event))

    def mapping(self, event: yaml.Event, entries: Entries[Node], *, is_cut: bool) -> Mapping:
        named = [(Scalar(key, "text", self.at(at)), value) for key, (at, value) in entries.items()]
        return Mapping(tuple(named), self.at(event), is_cut)

    def nothing(self, event: yaml.Event) -> Scalar:
        return Scalar("", "null", self.at(event))

    def flaw(self, event: yaml.Event, flaw: Flaw) -> None:
        if flaw.ends:
            raise EndError(self.at(event), flaw)
        self._problems.append(_problem(self.at(event), flaw))

    def again(self, event: yaml.AliasEvent, value: Node) -> Node:
        return value._replace(at=self.at(event))


def _problem(at: Position, flaw: Flaw) -> Problem:
    return Problem(at, flaw.what, flaw.expected, flaw.hint, flaw.code)


def _kind(text: str) -> str:
    for tag, pattern in (*_RESOLVERS.get(text[:1], ()), *_ANY_TEXT):
        if pattern.match(text):
            return _KINDS.get(tag.rpartition(":")[2], "text")
    return "text"
