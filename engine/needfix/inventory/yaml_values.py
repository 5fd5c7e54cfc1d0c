"""Builds values from YAML events: texts as written, lists and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needfix.intake.kinds import Plain
from needfix.intake.limits import YAML_VALUES
from needfix.yamltext import EventBuilder, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

    from needfix.yamltext import Flaw
    from needfix.yamltext.builder import Entries

_LIMITS = Limits("record", values=YAML_VALUES)
_MOST_FLAWS = 20
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class ValueBuilder(EventBuilder[object]):
    """Builds one record after another; `flaws` are those of the last one."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        super().__init__(events, file, _LIMITS)
        self.flaws: list[str] = []

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

    def mapping(self, event: yaml.Event, entries: Entries[object], *, is_cut: bool) -> dict[str, object]:
        """The object without the places of its keys."""
        del event, is_cut
        return {key: value for key, (_, value) in entries.items()}

    def nothing(self, event: yaml.Event) -> None:
        """Null."""

    def flaw(self, event: yaml.Event, flaw: Flaw) -> None:
        """Record a flaw; the whole record is then bad."""
        del event
        if len(self.flaws) < _MOST_FLAWS and flaw.what not in self.flaws:
            self.flaws.append(flaw.what)
