"""What a note counts in a batch: servers, or objects in their lists, by the codes of their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from needfix.fleet.arrays import Flags, Ints
from needfix.fleet.columns import Lists, ObjectColumn, Texts
from needfix.fleet.copies import texts_of_codes


class UnlistedRows(NamedTuple):
    """Very many rows: how many, the first, and what lists them."""

    total: int
    first: int
    find: Callable[[], Ints]


class Noted(NamedTuple):
    """What a note counts in a batch, and the distinct words.

    `rows` are those of what occurs, in order: of servers, or of objects where `lists` is given.
    """

    code: str
    rows: Ints | UnlistedRows
    words: Sequence[str]
    lists: Lists | None = None

    @property
    def total(self) -> int:
        """How often it occurs."""
        return self.rows.total if isinstance(self.rows, UnlistedRows) else len(self.rows)

    @property
    def first(self) -> int:
        """The server of the first."""
        rows = np.array([self.rows.first]) if isinstance(self.rows, UnlistedRows) else self.rows[:1]
        return int(_owners(rows, self.lists)[0])

    @property
    def servers(self) -> Ints:
        """The server of each."""
        rows = self.rows.find() if isinstance(self.rows, UnlistedRows) else self.rows
        return _owners(rows, self.lists)


def _owners(rows: Ints, lists: Lists | None) -> Ints:
    if lists is None:
        return rows
    found: Ints = np.searchsorted(lists.begins, rows, side="right") - 1
    return found


def kept(rows: Ints, objects: ObjectColumn, is_left_out: Flags) -> Ints:
    """The rows of objects whose server is not left out."""
    if not len(rows) or not is_left_out.any():
        return rows
    return rows[~is_left_out[_owners(rows, objects.lists)]]


class Objects(NamedTuple):
    """Objects in lists, and the servers that are left out."""

    objects: ObjectColumn
    is_left_out: Flags

    def texts(self, name: str) -> Texts | None:
        """A field as codes."""
        return self.objects.texts(name)

    def noted(
        self,
        code: str,
        column: Texts,
        is_noted: Flags,
        is_among: Callable[[Ints], Flags] | None = None,
    ) -> Iterator[Noted]:
        """The objects whose text is to be noted, among some of them."""
        if not is_noted.any():
            return
        every = np.flatnonzero(is_noted.take(column.codes))
        among = every if is_among is None else every[is_among(every)]
        rows = kept(among, self.objects, self.is_left_out)
        there = texts_of_codes(column, column.codes[rows]) if len(rows) else []
        yield Noted(code, rows, [text for _, text in there], self.objects.lists)


def judged(column: Texts, is_noted: Callable[[str], bool]) -> Flags:
    """For each code of a column whether its text is to be noted."""
    return np.array([text is not None and is_noted(text) for text in column.values()], np.bool_)


def unread(column: Texts, rows: Flags, is_read: Callable[[str], object]) -> Flags:
    """The codes of the texts in some rows of a column of which nothing is read."""
    found = np.zeros(column.unstated + 1, np.bool_)
    for code, text in texts_of_codes(column, column.codes[rows]):
        found[code] = is_read(text) is None
    return found


def named(names: Texts, known: frozenset[str]) -> Flags:
    """For each code of a column of names whether it is one of some, which are casefolded."""
    return judged(names, lambda text: text.casefold() in known)
