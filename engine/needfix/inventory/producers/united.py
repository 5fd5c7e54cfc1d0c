"""The facts of one server from one file as a record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

from needfix.intake.limits import ENTRIES
from needfix.inventory.newest import folded_path
from needfix.inventory.producers.facts import LISTS, OF_TABLE, OTHERS, Facts
from needfix.model.whole_lists import ProductRows

Entries = dict[str, list[Any]]


class United:
    """Unites facts in the order of their times: entries add up, and those of a group are its state at last.

    A group is a query whose rows a log has at several times: as they are added and removed, or all of them.
    """

    def __init__(self) -> None:
        self._alone: list[Facts] = []
        self._states: dict[str, _State] = {}
        self._counts: Counter[str] = Counter()
        self._gone: set[Hashable] = set()
        self.products: ProductRows = "own"
        """What the products of the record are, once it is made."""

    def add(self, facts: Facts) -> None:
        """Add facts; of one time those that remove rows come first."""
        if not (facts.entries or facts.replaces or facts.collected or facts.restart_pending is not None):
            return
        if facts.removes and (not facts.time or facts.group.startswith(OF_TABLE)):
            self._remove(facts)
        elif facts.group:
            state = self._states.get(facts.group)
            if state is None and not facts.entries:
                return
            if state is None:
                state = self._states[facts.group] = _State(self._counts)
            state.take(facts)
        else:
            self._alone.append(facts)
            _count(self._counts, facts, 1)

    def _remove(self, facts: Facts) -> None:
        """Take in that a row was removed at a time that is not known, or from a query that is not.

        It may have been removed last, so that it counts nowhere.
        """
        key = _as_row(facts)
        if key not in self._gone:
            self._gone.add(key)
            _count(self._counts, facts, 1)

    @property
    def too_long(self) -> str | None:
        """The list that has more entries than a record may have, if there is one."""
        return next((key for key, count in self._counts.items() if count > ENTRIES), None)

    def record(self) -> dict[str, Any]:
        """The record, without the server's name; each entry once, and what stands for others last."""
        kept = [*self._alone, *(facts for state in self._states.values() for facts in state)]
        if self._gone:
            kept = [facts for facts in kept if _as_row(facts) not in self._gone]
        lists: dict[str, dict[Hashable, Any]] = {}
        for facts in kept:
            for key, entries in facts.entries.items():
                own = lists.setdefault(key, {})
                for entry in entries:
                    own.setdefault(_as_key(entry), entry)
        if any(facts.is_whole for facts in kept):
            lists.get("products", {}).pop(_as_key(OTHERS), None)
        if _as_key(OTHERS) in lists.get("products", {}):
            self.products = "list" if any(facts.lists_products for facts in kept) else "some"
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


def _as_key(entry: Any) -> Hashable:  # noqa: ANN401 - an entry of any list
    """What entries that state the same have in common."""
    try:
        return frozenset(entry.items()) if isinstance(entry, dict) else entry
    except TypeError:
        return json.dumps(entry, sort_keys=True)


def _as_row(facts: Facts) -> Hashable:
    """The same of a row; None for a whole snapshot, of which no row is removed."""
    if any(len(own) > _MOST_OF_ROW for own in facts.entries.values()):
        return None
    return tuple((key, tuple(map(_as_key, own))) for key, own in facts.entries.items())


_MOST_OF_ROW = 8


def _may_be_windows(entry: Any) -> bool:  # noqa: ANN401 - an entry of any list
    return "windows" in str(entry.get("name")).casefold()


def _is_others(entry: object) -> bool:
    return entry == OTHERS


def _count(counts: Counter[str], facts: Facts, by: int) -> None:
    for key, entries in facts.entries.items():
        counts[key] += by * len(entries)


class _State:
    """The rows of a query that are there, after what was added, removed and replaced so far.

    Rows of an unknown time, 0, may be newer than all others, so that no other row takes their place.
    """

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self._rows: dict[int, Facts] = {}
        self._next = 0
        self._alike: dict[Hashable, list[int]] = {}
        self._about: dict[Hashable, int] = {}
        self._replaced: float | None = None

    def __iter__(self) -> Iterator[Facts]:
        return iter(self._rows.values())

    def take(self, facts: Facts) -> None:
        """Take in what comes next in the order of time."""
        if facts.removes:
            alike = self._alike.get(_as_row(facts))
            if alike:
                self._drop(alike[0])
            return
        if facts.replaces and facts.time != self._replaced:
            self._clear()
            self._replaced = facts.time
        self._add(facts)

    def _add(self, facts: Facts) -> None:
        """Add a row, in place of an older one about the same thing, whose removal the log may lack."""
        subject = _subject(facts)
        older = None if subject is None else self._about.get(subject)
        if older in self._rows and 0 < self._rows[older].time < facts.time:
            self._drop(older)
        if subject is not None:
            self._about[subject] = self._next
        self._rows[self._next] = facts
        self._alike.setdefault(_as_row(facts), []).append(self._next)
        self._next += 1
        _count(self._counts, facts, 1)

    def _drop(self, place: int) -> None:
        facts = self._rows.pop(place)
        key = _as_row(facts)
        self._alike[key].remove(place)
        if not self._alike[key]:
            del self._alike[key]
        _count(self._counts, facts, -1)

    def _clear(self) -> None:
        rows = self._rows
        self._rows, self._alike, self._about = {}, {}, {}
        for facts in rows.values():
            _count(self._counts, facts, -1)
        for facts in rows.values():
            if not facts.time:
                self._add(facts)


def _subject(facts: Facts) -> Hashable:
    """What a row is about, if there is only one such thing: a file, a service or a value of the registry."""
    if len(facts.entries) != 1:
        return None
    key, entries = next(iter(facts.entries.items()))
    names = _OF_ONE.get(key)
    if names is None or len(entries) != 1:
        return None
    own = [entries[0].get(name) for name in names]
    return None if own[0] is None else (key, *(folded_path(str(one)) for one in own))


_OF_ONE = {"files": ("path",), "services": ("name",), "registry": ("path", "name")}
