"""Events to values, bounded in depth, in values and in aliases.

Subclasses define what a value is and how a flaw is handled: rules keep the place of every node,
inventories keep bare values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

import yaml

from needfix.errors import Position
from needfix.yamltext import flaws
from needfix.yamltext.events import position
from needfix.yamltext.flaws import EndError, Flaw

V = TypeVar("V")
Entries = dict[str, tuple[yaml.ScalarEvent, V]]
"""The keys of an object, each with the event that it was read from and its value."""

_TEXT_TAGS = ("tag:yaml.org,2002:str", "!")


class Limits(NamedTuple):
    """The most values, depth and aliases of one `subject`, such as a record."""

    subject: str
    values: int
    depth: int = 32
    aliases: int = 100


class EventBuilder(ABC, Generic[V]):
    """Builds one value after another from the events of a file."""

    def __init__(self, events: Iterator[yaml.Event], file: str, limits: Limits) -> None:
        self.file = file
        self._events = events
        self._limits = limits
        self._values = 0
        self._aliases = 0
        self._anchors: dict[str, tuple[V, int]] = {}

    @abstractmethod
    def scalar(self, event: yaml.ScalarEvent, *, is_plain: bool) -> V:
        """A single value; `is_plain` means neither quoted nor tagged as text."""

    @abstractmethod
    def sequence(self, event: yaml.Event, items: list[V]) -> V:
        """A list."""

    @abstractmethod
    def mapping(self, event: yaml.Event, entries: Entries[V], *, is_cut: bool) -> V:
        """An object; `is_cut` means that some of its keys were not read."""

    @abstractmethod
    def nothing(self, event: yaml.Event) -> V:
        """The value in place of one that is not read."""

    @abstractmethod
    def flaw(self, event: yaml.Event, flaw: Flaw) -> None:
        """Record a flaw; may raise EndError."""

    def again(self, event: yaml.AliasEvent, value: V) -> V:
        """A value that an alias refers to."""
        del event
        return value

    def at(self, event: yaml.Event) -> Position:
        """Where an event begins."""
        return position(self.file, event.start_mark)

    def begin_document(self) -> None:
        """Forget anchors, which hold within one document."""
        self._anchors.clear()

    def begin_subject(self) -> None:
        """Count values from 0."""
        self._values = 0

    def value(self, event: yaml.Event, depth: int = 1) -> V:
        """The value that begins with this event."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._values
        self._values = before + 1
        if before >= self._limits.values:
            self._too_many(event)
        value = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else self._collection(event, depth)
        anchor: str | None = event.anchor  # type: ignore[attr-defined]  # every event of a value has it
        if anchor:
            self._remember(event, anchor, (value, self._values - before))
        return value

    def _scalar(self, event: yaml.ScalarEvent) -> V:
        tag: str | None = event.tag
        if not tag:
            return self.scalar(event, is_plain=not event.style)
        is_text = tag in _TEXT_TAGS
        if not is_text:
            self.flaw(event, flaws.tag(tag))
        return self.scalar(event, is_plain=not (event.style or is_text))

    def _collection(self, event: yaml.Event, depth: int) -> V:
        tag: str | None = event.tag  # type: ignore[attr-defined]  # as above
        if tag and tag != "!":
            self.flaw(event, flaws.tag(tag))
        if depth > self._limits.depth:
            self.flaw(event, flaws.too_deep(self._limits.subject, self._limits.depth))
            self._skip()
            return self.nothing(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, [self.value(inner, depth + 1) for inner in self._until_end()])
        return self._mapping(event, depth)

    def _mapping(self, start: yaml.Event, depth: int) -> V:
        entries: Entries[V] = {}
        is_cut = False
        for event in self._until_end():
            key = self._key(event, depth)
            value = self.value(next(self._events), depth + 1)
            if key is None:
                is_cut = True
            elif (first := entries.setdefault(key.value, (key, value))[0]) is not key:
                self._twice(key, first)
        return self.mapping(start, entries, is_cut=is_cut)

    def _twice(self, key: yaml.ScalarEvent, first: yaml.ScalarEvent) -> None:
        self.flaw(key, flaws.key_twice(key.value, self.at(first).line))

    def _key(self, event: yaml.Event, depth: int) -> yaml.ScalarEvent | None:
        if not isinstance(event, yaml.ScalarEvent):
            self.value(event, depth + 1)
            self.flaw(event, flaws.key_not_text())
            return None
        if event.value == "<<" and not event.style:
            self.flaw(event, flaws.merge_key())
            return None
        if event.tag or event.anchor:
            self.value(event, depth + 1)
        return event

    def _alias(self, event: yaml.AliasEvent) -> V:
        self._aliases += 1
        if self._aliases > self._limits.aliases:
            raise EndError(self.at(event), flaws.too_many_aliases(self._limits.aliases))
        anchor = event.anchor or ""
        if anchor not in self._anchors:
            self.flaw(event, flaws.alias_of_nothing(anchor))
            return self.nothing(event)
        value, count = self._anchors[anchor]
        self._values += count
        if self._values > self._limits.values:
            self._too_many(event)
        return self.again(event, value) if self._values <= self._limits.values else self.nothing(event)

    def _remember(self, event: yaml.Event, anchor: str, value: tuple[V, int]) -> None:
        self._anchors[anchor] = value
        held = sum(count for _, count in self._anchors.values())
        if len(self._anchors) > self._limits.aliases or held > self._limits.values:
            raise EndError(self.at(event), flaws.too_many_anchors(self._limits.aliases))

    def _too_many(self, event: yaml.Event) -> None:
        self.flaw(event, flaws.too_many_values(self._limits.subject, self._limits.values))

    def _until_end(self) -> Iterator[yaml.Event]:
        """The events that begin the parts of the list or object that is being read."""
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _skip(self) -> None:
        """Skip to the end of a list or object without building it."""
        depth = 1
        while depth:
            event = next(self._events)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
