"""The facts of one server from one file as a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from needfix.inventory.producers.facts import LISTS, OTHERS, Facts

Entries = dict[str, list[Any]]


class United:
    """Unites facts: entries add up, and those of a group are its state at the last of its times.

    A group is a query whose rows a log has at several times: as they are added and removed, or all of them.
    """

    def __init__(self) -> None:
        self._alone: list[Facts] = []
        self._groups: dict[str, list[Facts]] = {}

    def add(self, facts: Facts) -> None:
        """Add facts, in any order of time."""
        (self._groups.setdefault(facts.group, []) if facts.group else self._alone).append(facts)

    def count(self, key: str) -> int:
        """How many entries of a list were added at most."""
        own = (*self._alone, *(facts for group in self._groups.values() for facts in group))
        return sum(len(facts.entries.get(key, ())) for facts in own)

    def record(self) -> dict[str, Any]:
        """The record, without the server's name; each entry once, and what stands for others last."""
        kept = [*self._alone, *(facts for group in self._groups.values() for facts in _state(group))]
        lists: dict[str, dict[str, Any]] = {}
        for facts in kept:
            for key, entries in facts.entries.items():
                own = lists.setdefault(key, {})
                for entry in entries:
                    own.setdefault(json.dumps(entry, sort_keys=True), entry)
        found: dict[str, Any] = {
            key: sorted(lists[key].values(), key=_is_others) for key in LISTS if key in lists
        }
        if sum(map(_may_be_windows, found.get("products", ()))) > 1:
            from needfix.inventory.producers.one_windows import (  # noqa: PLC0415 - few servers need it
                one_windows,
            )

            found["products"] = one_windows(found["products"])
        pending = [facts.restart_pending for facts in kept if facts.restart_pending is not None]
        if pending:
            found["restart_pending"] = any(pending)
        if collected := min((facts.collected for facts in kept if facts.collected), default=None):
            found["collected"] = collected
        return found


def _may_be_windows(entry: Any) -> bool:  # noqa: ANN401 - an entry of any list
    return "windows" in str(entry.get("name")).casefold()


def _is_others(entry: object) -> bool:
    return entry == OTHERS


def _state(group: list[Facts]) -> Iterator[Facts]:
    """What is left of a group's rows after the last one, in the order of time; at one time as they stand."""
    left: list[Facts] = []
    for facts in sorted(group, key=lambda one: one.time):
        if facts.replaces:
            # Rows of one time are of one state.
            left = [one for one in left if one.replaces and one.time == facts.time]
            left.append(facts)
        elif facts.removes:
            place = next((n for n, one in enumerate(left) if one.entries == facts.entries), None)
            if place is not None:
                del left[place]
        else:
            left.append(facts)
    yield from left
