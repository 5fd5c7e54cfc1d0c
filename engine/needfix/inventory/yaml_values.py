"""Builds values from YAML events: texts as written, lists and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needfix.intake.kinds import Plain
from needfix.intake.limits import YAML_VALUES
from needfix.intake.record import pointer_to
from needfix.inventory.places import RecordFlaw
from needfix.yamltext import EventBuilder, Limits, position

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import yaml

    from needfix.inventory.places import Places
    from needfix.yamltext import AnyMark, Flaw
    from needfix.yamltext.builder import Entries

_LIMITS = Limits("record", values=YAML_VALUES)
_MOST_FLAWS = 20
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class YamlObject(dict[str, object]):
    """An object, with the places where it and its keys begin."""

    __slots__ = ("at", "keys_at")

    def __init__(self, entries: Entries[object], at: AnyMark | None) -> None:
        super().__init__((key, value) for key, (_, value) in entries.items())
        self.at = at
        self.keys_at = {key: event.start_mark for key, (event, _) in entries.items()}


class ValueBuilder(EventBuilder[object]):
    """Builds one record after another; `flaws` are those of the last one."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        super().__init__(events, file, _LIMITS)
        self.flaws: list[RecordFlaw] = []

    def record(self, event: yaml.Event) -> object:
        """The value that begins with this event."""
        self.flaws.clear()
        self.begin_subject()
        return self.value(event)

    def scalar(self, event: yaml.ScalarEvent, *, is_plain: bool) -> str | None:
        """The text; `Plain` where YAML may read it as another type."""
        text: str = event.value
        if not is_plain:
            return text
        return None if text in _NULLS else Plain(text)

    def sequence(self, event: yaml.Event, items: list[object]) -> list[object]:
        """The list as it is."""
        del event
        return items

    def mapping(self, event: yaml.Event, entries: Entries[object], *, is_cut: bool) -> YamlObject:
        """The object with the places of its keys."""
        del is_cut
        return YamlObject(entries, event.start_mark)

    def nothing(self, event: yaml.Event) -> None:
        """Null."""

    def flaw(self, event: yaml.Event, flaw: Flaw) -> None:
        """Record a flaw; the whole record is then bad."""
        if len(self.flaws) < _MOST_FLAWS and all(flaw.what != known.what for known in self.flaws):
            self.flaws.append(RecordFlaw(flaw.what, self.at(event)))

    def places(self, value: object, wanted: Collection[str]) -> Places:
        """The places of keys and of objects in a value that was built."""
        return {
            pointer: position(self.file, mark)
            for pointer, mark in _marks(value, "", wanted)
            if pointer in wanted
        }


def _marks(value: object, pointer: str, wanted: Collection[str]) -> Iterator[tuple[str, AnyMark]]:
    """The pointers of keys and objects that are within what is wanted, without case."""
    if isinstance(value, YamlObject):
        if value.at is not None:
            yield pointer, value.at
        for key, mark in value.keys_at.items():
            inner = f"{pointer}{pointer_to('', key).casefold()}"
            if inner in wanted and mark is not None:
                yield from _marks(value[key], inner, wanted)
                yield inner, mark
    elif isinstance(value, list):
        for number, element in enumerate(value):
            if (inner := f"{pointer}/{number}") in wanted:
                yield from _marks(element, inner, wanted)
