"""Rows of osquery's tables: which table a row is of, and what it states of a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from needfix.intake.other_values import as_whole
from needfix.intake.written_times import of_seconds
from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.files import place_of
from needfix.inventory.producers.kind import needing
from needfix.inventory.producers.systems import with_revision
from needfix.inventory.producers.written import Written, are_short, as_text


class Table(NamedTuple):
    """A table: its name in osquery, and what is read of a row.

    A row is of the table where it has all columns of one of `needs`; where its query is named after the
    table, those of one of `least` are enough. Names of columns are folded. Rows of a table that `is_log` are
    no state of the server: they stay true when they are no longer listed. No other program writes columns
    that are `distinct`. A table that `is_single` has one row, which takes the place of an older one.
    """

    name: str
    needs: tuple[frozenset[str], ...]
    least: tuple[frozenset[str], ...]
    read: Callable[[Written], Facts]
    is_log: bool = False
    is_single: bool = False
    distinct: tuple[frozenset[str], ...] = ()

    def fits(self, columns: frozenset[str], *, is_named: bool) -> bool:
        """Whether a row with these columns is of the table."""
        return any(needed <= columns for needed in (self.least if is_named else self.needs))


def _facts(written: Written, **entries: list[object]) -> Facts:
    """Facts of a row, whose server is that of the query."""
    return Facts.of(None, written.at, **entries)


def _file(written: Written) -> Facts:
    """A file. `file_version` is the fixed number of its version resource; that of the product is another."""
    place = place_of(written.text("filename"), written.text("path", "directory"))
    if not place or written.text("type") == "directory":
        return _facts(written)
    entry = {
        **place,
        "version": written.text("fileversion"),
        "modified": _epoch(written, "mtime"),
        "size": as_whole(written.value("size")),
    }
    return _facts(written, files=[entry])


def _epoch(written: Written, *names: str) -> str | None:
    """A time that is written as seconds since 1970; None where it is none of those, and for 0."""
    seconds = as_whole(written.value(*names))
    return of_seconds(seconds) if seconds else None


def _program(written: Written) -> Facts:
    """A program of the uninstall keys; entries without a name are parts of others, such as updates."""
    name = written.text("name")
    entry = {"name": name, "build": written.text("version")}
    return Facts.of_programs(_facts(written).server, written.at, [entry])


def _system(written: Written) -> Facts:
    """The operating system; its revision, which every update raises, is written apart or in the build."""
    name = written.text("name")
    if name is None:
        return _facts(written, products=[OTHERS])
    build = written.text("version")
    if build is None and (parts := [written.text(part) for part in ("major", "minor", "build")]):
        build = ".".join(part for part in parts if part) if all(parts) else None
    revision = written.text("revision", "ubr") or (written.text("build") or "").partition(".")[2]
    is_windows = (written.text("platform") or "windows").casefold() == "windows"
    entry = {
        "name": name,
        "build": with_revision(build, revision) if is_windows else None,
        "platform": written.text("arch") if is_windows else None,
    }
    return _facts(written, products=[entry, OTHERS])


def _patch(written: Written) -> Facts:
    found = written.text("hotfixid")
    return _facts(written, hotfixes=[found] if found else [])


def _service(written: Written) -> Facts:
    name = written.text("name")
    entry = {"name": name, "state": written.text("status")}
    return _facts(written, services=[entry] if name else [])


def _history(written: Written) -> Facts:
    """An installation of an update that succeeded claims it, until one succeeds that removes it."""
    updates = list(dict.fromkeys(f"KB{number}" for number in _UPDATE.findall(written.text("title") or "")))
    operation = _OPERATIONS.get((written.text("operation") or "").casefold())
    result = _RESULTS.get((written.text("resultcode") or "").casefold())
    if not updates or operation is None or result is None:
        return _facts(written)
    is_there = operation == "installation" and result == "succeeded"
    found = _facts(written, hotfixes=list(updates) if is_there else [])
    if operation == "installation" and not is_there:
        return found
    time = as_whole(written.value("date")) or 0
    return found._replace(group=f"update {' '.join(updates)}", time=time, replaces=True)


_UPDATE = re.compile(r"\bKB ?(\d{5,8})\b", re.IGNORECASE | re.ASCII)
_OPERATIONS = {
    "installation": "installation",
    "1": "installation",
    "uninstallation": "removal",
    "2": "removal",
}
_RESULTS = {"succeeded": "succeeded", "2": "succeeded", "succeededwitherrors": "partly", "3": "partly"}


def _value(written: Written) -> Facts:
    """A value of the registry; subkeys and values without a name are listed as well, and are none."""
    name = written.text("name")
    key = written.text("key")
    path = written.text("path")
    if key is None and path is not None and name is not None:
        key = path.removesuffix(f"\\{name}")
    data = as_text(written.values.get("data"))
    is_none = (written.text("type") or "").casefold() == "subkey" or name == _DEFAULT
    if not key or name is None or data is None or is_none:
        return _facts(written)
    return _facts(written, registry=[{"path": key, "name": name, "value": data}])


_DEFAULT = "(Default)"


def _computer(written: Written) -> Facts:
    """The names of the computer, which say of other rows whose they are."""
    return _facts(written)


TABLES: tuple[Table, ...] = (
    Table(
        "registry",
        needing("key name data", "path name data type", "path name data mtime"),
        needing("key name data", "path name data"),
        _value,
        distinct=needing("key name data", "path name data type", "path name data mtime"),
    ),
    Table(
        "windows_update_history",
        needing("title resultcode", "title operation"),
        needing("title"),
        _history,
        is_log=True,
        distinct=needing("title resultcode", "title operation"),
    ),
    Table("patches", needing("hotfixid"), needing("hotfixid"), _patch),
    Table(
        "services",
        needing("name status starttype", "name status displayname", "name status servicetype"),
        needing("name status"),
        _service,
    ),
    Table(
        "os_version",
        needing(
            "name version build", "name version codename", "name version platformlike",
            "name major minor build",
        ),
        needing("name"),
        _system,
        is_single=True,
        distinct=needing("name version codename", "name version platformlike", "name major minor build"),
    ),
    Table(
        "programs",
        needing(
            "name version publisher", "name version installsource", "name version uninstallstring",
            "name version installdate", "name version identifyingnumber", "name version installlocation",
        ),
        needing("name"),
        _program,
    ),
    Table(
        "file",
        needing("path fileversion", "filename fileversion", "path mtime", "filename mtime", "path filename"),
        needing("path", "filename"),
        _file,
        distinct=needing(
            "path mtime", "filename mtime", "path filename inode", "path filename directory",
            "path filename device", "path filename hostdisplayname", "path filename hosthostname",
        ),
    ),
    Table(
        "system_info",
        needing("hostname computername hardwaremodel", "hostname computername cpubrand", "hostname uuid"),
        needing("hostname", "computername"),
        _computer,
        distinct=needing("hostname computername hardwaremodel", "hostname computername cpubrand"),
    ),
)  # fmt: skip
"""The tables that state facts, in the order in which they are tried."""

PROGRAMS = next(table for table in TABLES if table.name == "programs")
_NAME_AND_VERSION = frozenset({"name", "version"})


class Query(NamedTuple):
    """What the name of a query says: the table it is about, and whether it lists all products there are.

    Queries of the pack that needfix makes are named after their tables, `pack/needfix/file`, with more behind
    a hyphen where there are several of a table. The rows of its query `products` are all products there are,
    where the name is exactly what osquery makes of the pack and the query.
    """

    table: str = ""
    is_whole: bool = False


def query_named(name: str) -> Query:
    """What the name of a query says, whatever stands between pack and query."""
    return _known_query(name) if are_short([name]) else Query()


@lru_cache(maxsize=1 << 12)
def _known_query(name: str) -> Query:
    own = _OF_OWN_PACK.fullmatch(name)
    word = own[2].partition("-")[0] if own else _LAST.split(name)[-1]
    if own and word == "products":
        return Query("programs", is_whole=_LISTS_PRODUCTS.fullmatch(name) is not None)
    return Query(word) if any(table.name == word for table in TABLES) else Query()


_OF_OWN_PACK = re.compile(r"(?:pack)?([/_:.-]?)needfix\1?[/_:.-](.+)", re.DOTALL)
_LISTS_PRODUCTS = re.compile(r"pack([/_:.-])needfix\1products")
_LAST = re.compile(r"[/:.]")


def table_of(columns: frozenset[str], named: str = "") -> Table | None:
    """The table of a row with these columns, of a query that is perhaps named after one."""
    return _known_table(columns, named) if are_short(columns) else _table_of(columns, named)


def _table_of(columns: frozenset[str], named: str) -> Table | None:
    for table in TABLES:
        if table.name == named and table.fits(columns, is_named=True):
            return table
    found = next((table for table in TABLES if table.fits(columns, is_named=False)), None)
    return PROGRAMS if found is None and columns == _NAME_AND_VERSION else found


_known_table = lru_cache(maxsize=1 << 12)(_table_of)
