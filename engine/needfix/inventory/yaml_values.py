"""Values from YAML events: text, lists and objects, bounded in depth, nodes and aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import yaml

from needfix.errors import Position, Problem
from needfix.inventory.items import GiveUpError
from needfix.inventory.kinds import Plain, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Mark(Protocol):
    """A place as the parser tells it, whichever parser it is."""

    line: int
    column: int


_MOST_DEPTH = 32
_MOST_ALIASES = 100
_MOST_NODES = 500_000
_MOST_FLAWS = 20
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TEXT_TAG = "tag:yaml.org,2002:str"
_ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


def position(file: str, mark: _Mark | None) -> Position:
    """The position of a mark."""
    return Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1)


class ValueBuilder:
    """Builds one record after another; `flaws` are those of the last one."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self.flaws: list[str] = []
        self._events = events
        self._file = file
        self._nodes = 0
        self._aliases = 0
        self._anchors: dict[str, tuple[object, int]] = {}

    def forget_anchors(self) -> None:
        """A new document begins; anchors hold within one."""
        self._anchors.clear()

    def record(self, event: yaml.Event) -> object:
        """The value that begins with this event."""
        self.flaws.clear()
        self._nodes = 0
        return self._value(event, 1)

    def _value(self, event: yaml.Event, depth: int) -> object:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._nodes
        self._count(1)
        value = self._content(event, depth)
        anchor = getattr(event, "anchor", None)
        if anchor:
            self._remember(event, anchor, (value, self._nodes - before))
        return value

    def _content(self, event: yaml.Event, depth: int) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        self._refuse_tag(getattr(event, "tag", None))
        if depth > _MOST_DEPTH:
            self._flaw(f"the record is nested more than {_MOST_DEPTH} deep")
            self._skip()
            return None
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(inner, depth + 1) for inner in self._until_end()]
        return self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self._until_end():
            key = self._key(event, depth)
            value = self._value(next(self._events), depth + 1)
            if key in found:
                self._flaw(f"the key {quoted(key)} is there twice in one object")
            if key is not None:
                found[key] = value
        return found

    def _key(self, event: yaml.Event, depth: int) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, depth + 1)
            self._flaw("a key that is not text")
            return None
        if event.value == "<<" and not event.style:
            self._flaw("a merge key (<<), which is not read")
            return None
        self._refuse_tag(event.tag)
        return str(event.value)

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        text: str = event.value
        if event.tag == _TEXT_TAG:
            return text
        self._refuse_tag(event.tag)
        if event.style:
            return text
        return None if text in _NULLS else Plain(text)

    def _alias(self, event: yaml.AliasEvent) -> object:
        self._aliases += 1
        if self._aliases > _MOST_ALIASES:
            self._give_up(event, f"more than {_MOST_ALIASES} aliases in one file")
        if event.anchor not in self._anchors:
            self._flaw(f"the alias *{event.anchor} stands for nothing that is complete before it")
            return None
        value, nodes = self._anchors[event.anchor]
        self._count(nodes)
        return value if self._nodes <= _MOST_NODES else None

    def _remember(self, event: yaml.Event, anchor: str, value: tuple[object, int]) -> None:
        self._anchors[anchor] = value
        held = sum(nodes for _, nodes in self._anchors.values())
        if len(self._anchors) > _MOST_ALIASES or held > _MOST_NODES:
            self._give_up(event, f"more than {_MOST_ALIASES} anchors, or too much behind them")

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > _MOST_NODES:
            self._flaw(f"the record has more than {_MOST_NODES} values, aliases followed")

    def _refuse_tag(self, tag: str | None) -> None:
        if tag is not None:
            self._flaw(f"the tag {quoted(tag)}, which is not read")

    def _flaw(self, what: str) -> None:
        if len(self.flaws) < _MOST_FLAWS and what not in self.flaws:
            self.flaws.append(what)

    def _give_up(self, event: yaml.Event, what: str) -> None:
        raise GiveUpError(
            Problem(position(self._file, event.start_mark), f"{what}; the rest of the file is not read")
        )

    def _until_end(self) -> Iterator[yaml.Event]:
        """The events that begin the parts of the list or object that is being read."""
        for event in self._events:
            if isinstance(event, _ENDS):
                return
            yield event

    def _skip(self) -> None:
        """Go past the end of a list or object without building it."""
        depth = 1
        while depth:
            event = next(self._events)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, _ENDS):
                depth -= 1
