"""The names of the servers of a run, in memory of fixed size: no server is decided twice."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem

if TYPE_CHECKING:
    import sqlite3

MOST_IN_MEMORY = 1024
"""Names that are kept in memory; from then on they are in a temporary file."""

_HINT = "unite the records of a server with --join, or remove all but one"
_EXPECTED = "one record for each server"


def repeated(name: str, at: Position, first: Position, hint: str = _HINT) -> Problem:
    """The problem of a further record of a server."""
    where = f" at {first}" if first.line else ""
    what = f"{name} has another record{where}; names are compared without case"
    return Problem(at, what, _EXPECTED, hint, "repeated-server", name, "/server")


class KnownServers:
    """The place of the first record of each server. Names differ in more than case."""

    def __init__(self, most: int | None = None) -> None:
        self._most = MOST_IN_MEMORY if most is None else most
        self._recent: dict[str, Position] = {}
        self._older: _NamesOnDisk | None = None

    def first(self, name: str, at: Position) -> Position | None:
        """The place of the first record of a server; None where it is this one, which is kept."""
        key = name.casefold()
        found = self._recent.get(key)
        if found is None and self._older is not None:
            found = self._older.find(key)
        if found is not None:
            return found
        if len(self._recent) >= self._most:
            self._older = self._older or _NamesOnDisk()
            self._older.add(self._recent)
            self._recent = {}
        self._recent[key] = at
        return None


class _NamesOnDisk:
    """A table in a temporary file, of which a few megabytes are in memory."""

    def __init__(self) -> None:
        import sqlite3  # noqa: PLC0415 - few runs have so many servers

        self._table: sqlite3.Connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._table.close)
        self._table.execute("PRAGMA cache_size = -8192")
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("PRAGMA synchronous = OFF")
        self._table.execute(
            "CREATE TABLE servers (name BLOB PRIMARY KEY, file INTEGER, line INTEGER, col INTEGER)"
            " WITHOUT ROWID"
        )
        self._files: dict[str, int] = {}
        self._by_number: list[str] = []

    def add(self, places: dict[str, Position]) -> None:
        """Add names that are not there yet."""
        rows = (
            (_bytes(key), self._number(at.file), at.line, at.column) for key, at in sorted(places.items())
        )
        self._table.execute("BEGIN")
        self._table.executemany("INSERT INTO servers VALUES (?, ?, ?, ?)", rows)
        self._table.execute("COMMIT")

    def find(self, key: str) -> Position | None:
        """The place of a name."""
        query = "SELECT file, line, col FROM servers WHERE name = ?"
        row = self._table.execute(query, (_bytes(key),)).fetchone()
        return None if row is None else Position(self._by_number[row[0]], row[1], row[2])

    def _number(self, file: str) -> int:
        if file not in self._files:
            self._files[file] = len(self._by_number)
            self._by_number.append(file)
        return self._files[file]


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
