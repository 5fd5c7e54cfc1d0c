"""Gathers notes: many occurrences become one note for each code and file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from needfix.errors import Position, Problem
from needfix.model.note import MOST_WORDS, NO_MISTAKES, NOTE_KINDS, Note

_MOST_FILES = 1000
"""Files for which a code has notes of their own; those of further files are united."""

_MOST_CHARACTERS = 80
_ORDER = {code: place for place, code in enumerate(NOTE_KINDS)}


class Occurrence(NamedTuple):
    """Something about one record that a note counts: the code of the note, and the word that is in it."""

    code: str
    word: str


Placed = tuple[Occurrence, Position | None]
"""What occurs in a record, and the place of the record."""


@dataclass(slots=True)
class _Entry:
    count: int = 0
    at: Position | None = None
    words: set[str] = field(default_factory=set)

    def add(self, count: int, at: Position | None, words: Iterable[str]) -> None:
        self.count += count
        if at is not None and (self.at is None or (at.file, at.line) < (self.at.file, self.at.line)):
            self.at = at._replace(column=0)
        for word in words:
            self.words.add(word if len(word) <= _MOST_CHARACTERS else f"{word[: _MOST_CHARACTERS - 1]}…")
            if len(self.words) > MOST_WORDS:
                self.words.remove(max(self.words))


class Notes:
    """Notes by code and file, of bounded size. Iterate over them by file and code.

    The order in which occurrences are added makes no difference. Places are lines, without columns. Where it
    `is_strict`, records of which there is anything to note are bad, unless it is about no mistake.
    """

    def __init__(self, *, is_strict: bool = False) -> None:
        self.is_strict = is_strict
        self._entries: dict[tuple[str, str | None], _Entry] = {}
        self._files: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Note]:
        for code, file in sorted(self._entries, key=lambda key: (key[1] or "", _ORDER[key[0]])):
            entry = self._entries[code, file]
            yield Note(code, file, entry.count, entry.at, tuple(sorted(entry.words)))

    def add(self, code: str, at: Position | None, word: str | Iterable[str] = (), count: int = 1) -> None:
        """Add so many occurrences, the first of them at a place, of a word or of several."""
        file = at.file if at is not None and at.line else None
        self._entry(code, file).add(count, at, (word,) if isinstance(word, str) else word)

    def take(
        self, occurrences: Iterable[Occurrence], at: Position | None, server: str | None = None
    ) -> list[Problem]:
        """Add what occurs in one record. Where notes are strict, these are its problems instead."""
        if at is None and server is not None:
            at = Position(f"server {server}", 0)
        problems: list[Problem] = []
        for code, word in occurrences:
            if self.is_strict and code not in NO_MISTAKES:
                problems.append(Note(code, None, 1, at, (word,)).as_problem()._replace(server=server))
            else:
                self.add(code, at, word)
        return list(dict.fromkeys(problems))

    def take_placed(self, placed: Iterable[Placed], server: str) -> list[Problem]:
        """The same for what occurs in the records of a server, each with its place."""
        found = (problem for one, at in placed for problem in self.take([one], at, server))
        return list(dict.fromkeys(found))

    def merge(self, others: Iterable[Note]) -> None:
        """Add notes that were gathered elsewhere."""
        for note in others:
            self._entry(note.code, note.file).add(note.count, note.at, note.words)

    def _entry(self, code: str, file: str | None) -> _Entry:
        entry = self._entries.get((code, file))
        if entry is not None:
            return entry
        if self._files.get(code, 0) >= _MOST_FILES:
            return self._entries.setdefault((code, None), _Entry())
        self._files[code] = self._files.get(code, 0) + 1
        return self._entries.setdefault((code, file), _Entry())


def by_code(notes: Iterable[Note], most_files: int) -> Iterator[Note]:
    """The notes, with those of a code united where they are of more than so many files."""
    every = list(notes)
    for code in dict.fromkeys(note.code for note in every):
        own = [note for note in every if note.code == code]
        if len(own) <= most_files:
            yield from own
            continue
        entry = _Entry()
        for note in own:
            entry.add(note.count, None, note.words)
        yield Note(code, None, entry.count, own[0].at, tuple(sorted(entry.words)))
