"""The names of the servers of a run, in memory of fixed size: no server is decided twice."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from needfix.errors import Position, Problem
from needfix.inventory.name_filter import NameFilter

if TYPE_CHECKING:
    import sqlite3

MOST_IN_MEMORY = 1 << 16
"""Names that are kept in memory; from then on they are in a temporary file."""

_MOST_TABLES = 16

UNITE = "unite the records of a server with --join, or remove all but one"
_EXPECTED = "one record for each server"


def repeated(name: str, at: Position, first: Position, hint: str = UNITE) -> Problem:
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
        self._filter: NameFilter | None = None

    def first(self, name: str, at: Position) -> Position | None:
        """The place of the first record of a server; None where it is this one, which is kept."""
        key = name.casefold()
        found = self._recent.get(key)
        if found is None and self._older is not None and self._filter is not None and key in self._filter:
            found = self._older.find(key)
        if found is not None:
            return found
        if len(self._recent) >= self._most:
            self._store()
        self._recent[key] = at
        return None

    def _store(self) -> None:
        """Move the names in memory to the file."""
        if self._older is None or self._filter is None:
            self._older, self._filter = _NamesOnDisk(), NameFilter()
        self._older.add(self._recent)
        for key in self._recent:
            self._filter.add(key)
        self._recent = {}


class _NamesOnDisk:
    """A table in a temporary file, of which a few megabytes are in memory."""

    def __init__(self) -> None:
        import sqlite3  # noqa: PLC0415 - few runs have so many servers

        self._table: sqlite3.Connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._table.close)
        self._table.execute("PRAGMA cache_size = -8192")
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute("PRAGMA synchronous = OFF")
        self._tables = 0
        self._files: dict[str, int] = {}
        self._by_number: list[str] = []

    def add(self, places: dict[str, Position]) -> None:
        """Add names that are not there yet: in order in a table of their own, which is fast."""
        rows = (
            (_bytes(key), self._number(at.file), at.line, at.column) for key, at in sorted(places.items())
        )
        self._table.execute("BEGIN")
        self._create(self._tables)
        self._table.executemany(f"INSERT INTO servers{self._tables} VALUES (?, ?, ?, ?)", rows)  # noqa: S608 - a number
        self._tables += 1
        if self._tables == _MOST_TABLES:
            self._unite()
        self._table.execute("COMMIT")

    def _create(self, number: int) -> None:
        columns = "name BLOB PRIMARY KEY, file INTEGER, line INTEGER, col INTEGER"
        self._table.execute(f"CREATE TABLE servers{number} ({columns}) WITHOUT ROWID")

    def _unite(self) -> None:
        """Bring all names together in the first table."""
        every = " UNION ALL ".join(f"SELECT * FROM servers{number}" for number in range(1, self._tables))  # noqa: S608
        self._table.execute(f"INSERT INTO servers0 {every} ORDER BY 1")
        for number in range(1, self._tables):
            self._table.execute(f"DROP TABLE servers{number}")
        self._tables = 1

    def find(self, key: str) -> Position | None:
        """The place of a name."""
        name = _bytes(key)
        for number in range(self._tables):
            query = f"SELECT file, line, col FROM servers{number} WHERE name = ?"  # noqa: S608 - as above
            row = self._table.execute(query, (name,)).fetchone()
            if row is not None:
                return Position(self._by_number[row[0]], row[1], row[2])
        return None

    def _number(self, file: str) -> int:
        if file not in self._files:
            self._files[file] = len(self._by_number)
            self._by_number.append(file)
        return self._files[file]


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
