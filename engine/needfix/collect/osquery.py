"""An osquery pack that asks for exactly the facts that rules need.

Its queries are named after the tables of which they have rows, which is how needfix recognises them in a log
of results. Nothing is called complete but the list of products: osquery does not say what it did not look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from needfix.collect.offline import not_surely_listed
from needfix.model.asked import Asked, AskedValue
from needfix.printable import json_text

_DAY = 86_400
_HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE", "HKCR": "HKEY_CLASSES_ROOT", "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG", "HKCU": "HKEY_CURRENT_USER",
}  # fmt: skip
_SOFTWARE = "software\\"


def osquery_pack(asked: Asked) -> str:
    """The pack, as JSON."""
    queries = {
        name: {"query": query, "interval": _DAY, "snapshot": True, "description": what}
        for name, what, query in _queries(asked)
        if query
    }
    return json_text({"platform": "windows", "queries": queries}, indent=2) + "\n"


def _queries(asked: Asked) -> Iterable[tuple[str, str, str]]:
    # The rows of `products` are taken for all products there are, those of `programs` for some of them.
    is_whole = not not_surely_listed(asked)
    yield "products" if is_whole else "programs", "Programs, and Windows with its revision", _PRODUCTS
    yield "file", "Files that rules compare, on disks with a letter", _files(asked.files)
    yield "patches", "Hotfixes that Windows lists", "SELECT hotfix_id FROM patches"
    yield "windows_update_history", "Updates that were installed or removed", _HISTORY
    yield "registry", "Values of the registry that rules ask for", _registry(asked.registry)
    yield "services", "Services that show symptoms", _services(own.name for own in asked.services)


_PRODUCTS = (
    "SELECT name, version FROM programs WHERE name <> '' UNION"
    " SELECT o.name, o.major || '.' || o.minor || '.' || o.build || coalesce('.' || r.data, '')"
    " FROM os_version o LEFT JOIN registry r ON r.key ="
    " 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion' AND r.name = 'UBR'"
)
_DISKS = "'NTFS', 'ReFS', 'FAT', 'FAT32', 'exFAT', 'CSVFS'"
"""File systems of disks, in words that do not depend on the language of Windows."""
_HISTORY = "SELECT title, date, operation, result_code FROM windows_update_history"


def _files(names: Iterable[str]) -> str:
    drives = "logical_drives d JOIN file f ON f.path LIKE d.device_id || '\\%%'"
    wanted = _listed("lower(f.filename)", names)
    condition = f"d.file_system IN ({_DISKS}) AND f.type = 'regular' AND {wanted}"
    return _select("f.path, f.filename, f.file_version, f.size, f.mtime", drives, condition if wanted else "")


def _registry(values: Iterable[AskedValue]) -> str:
    places = dict.fromkeys(
        (key, value.name) for value in values for key in _keys(value.path.partition("\\"), value.view)
    )
    wanted = (f"(key = {_quoted(key)} AND name = {_quoted(name)})" for key, name in places)
    return _select("key, name, type, data", "registry", " OR ".join(wanted))


def _keys(path: tuple[str, str, str], view: str | None) -> Iterable[str]:
    """The keys under which osquery, a program of 64 bits, sees a value in its views."""
    root, _, rest = path
    hive = _HIVES.get(root, root)
    if not rest.casefold().startswith(_SOFTWARE):
        return [f"{hive}\\{rest}"]
    own = rest[len(_SOFTWARE) :].removeprefix("WOW6432Node\\").removeprefix("Wow6432Node\\")
    views = {"64": f"{hive}\\SOFTWARE\\{own}", "32": f"{hive}\\SOFTWARE\\WOW6432Node\\{own}"}
    return views.values() if view is None else [views[view]]


def _services(names: Iterable[str]) -> str:
    every = list(names)
    wanted = filter(None, (_listed(f"lower({column})", every) for column in ("name", "display_name")))
    return _select("name, display_name, status, start_type", "services", " OR ".join(wanted))


def _select(columns: str, table: str, condition: str) -> str:
    """A query; none where it has no condition."""
    parts = ("SELECT", columns, "FROM", table, "WHERE", condition)
    return " ".join(parts) if condition else ""


def _listed(what: str, names: Iterable[str]) -> str:
    """The condition that something is one of some names, in any case; none where there are none.

    `lower` changes only the letters of ASCII, so that any other is left open.
    """
    every = [name.lower() for name in names]
    texts = ", ".join(_quoted(name) for name in every if name.isascii())
    likes = [f"{what} LIKE {_quoted(_pattern(name))} ESCAPE '!'" for name in every if not name.isascii()]
    conditions = [*([f"{what} IN ({texts})"] if texts else []), *likes]
    return conditions[0] if len(conditions) == 1 else f"({' OR '.join(conditions)})" if conditions else ""


def _pattern(name: str) -> str:
    """A pattern of LIKE for a name, with any letter in place of those that are not of ASCII."""
    escaped = re.sub("([!%_])", r"!\1", name)
    return "".join(letter if letter.isascii() else "_" for letter in escaped)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
