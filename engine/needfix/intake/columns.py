"""The columns of tables, made from the fields of the record, and the object that each belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from needfix.errors import Position, Problem
from needfix.intake.fields import FILE, PRODUCT, RECORD, RecordObject
from needfix.intake.kinds import quoted
from needfix.intake.near import nearest
from needfix.intake.text import QUOTES, bare, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from needfix.intake.fields import Field
    from needfix.model.whole_lists import ProductRows


def _columns(entry: RecordObject) -> dict[str, Field]:
    """The fields of an object by column, without those that tables cannot represent."""
    return {field.column: field for field in entry.fields.values() if field.column}


def _row(entry: RecordObject, without: frozenset[str] = frozenset()) -> RecordObject:
    """An object as a row states it, with columns for keys; it needs the keys that have columns."""
    names = {key: field.column for key, field in entry.fields.items() if field.column}
    needs = tuple(tuple(names[key] for key in keys if key in names) for keys in entry.needs)
    fields = {column: field for column, field in _columns(entry).items() if column not in without}
    return RecordObject("row", fields, needs, entry.make)


def _of_server() -> Iterator[tuple[str, Field]]:
    """The columns about the server itself except its name; single values before lists."""
    for field in RECORD.fields.values():
        inner = field.holds.fields.values() if field.holds and not field.many else (field,)
        yield from ((own.column, own) for own in inner if own.column not in (None, "server"))


SHARED = frozenset(_columns(PRODUCT)) & frozenset(_columns(FILE))
"""The columns that a row's product and its file have in common, such as platform."""

SERVER_ROW = RecordObject("row", dict(_of_server()))
LISTS = tuple(key for key, field in SERVER_ROW.fields.items() if field.kind and field.kind.storage == "texts")
SCALARS = tuple(key for key in SERVER_ROW.fields if key not in LISTS)
_MANY = {key: field.holds for key, field in RECORD.fields.items() if field.holds and field.many}
FACTS = tuple(key for key in _MANY if key != "products")
"""The lists of objects to which each row adds one object; products are merged from rows instead."""

PARTS = {
    "server": SERVER_ROW,
    "shared": RecordObject("row", {key: _columns(PRODUCT)[key] for key in sorted(SHARED)}),
    **{key: _row(entry, SHARED if entry is PRODUCT else frozenset()) for key, entry in _MANY.items()},
}
"""The objects of a row, by the key of the record to which they are added; `shared` is for either."""

LIST_COLUMNS = {
    **{key: (PARTS[key].needs[0][0], key) for key in _MANY},
    **{key: (key, SERVER_ROW.fields[key].fact.within or key) for key in LISTS},
}
"""For each list of a record the column that names its entries, and the scope that it belongs to."""

_ORDER = ("server", "products", "shared", *FACTS)
COLUMNS = tuple(dict.fromkeys(("server", *(column for name in _ORDER for column in PARTS[name].fields))))
ALIASES: dict[str, str] = {
    **{column: column for column in COLUMNS},
    **{
        name: column
        for part in PARTS.values()
        for column, field in part.fields.items()
        for name in field.also
    },
}
"""Columns by all their names, without case."""

_SERVER_NOUNS = ("server", "computer", "host", "fqdn", "machine", "node", "device", "system")
_SERVER_NAME = re.compile(
    f"(?:ps|cs|dns|netbios|full|source|target)?(?:(?P<noun>{'|'.join(_SERVER_NOUNS)})(?:host)?(?:name|fqdn)?|csname)"
)
"""What other programs call the column of a server's name, without case and punctuation."""

_MOST_NAMED = 8


def no_server_column(names: Iterable[str], at: Position) -> Problem:
    """The problem of a table without the column `server`; the hint suggests the column to rename."""
    written = [name.strip() for name in names if name.strip()]
    listed = ", ".join(quoted(name)[1:-1] for name in written[:_MOST_NAMED])
    more = f" and {len(written) - _MOST_NAMED} more" if len(written) > _MOST_NAMED else ""
    likely = _likely_server(written)
    hint = (
        f"rename {quoted(likely)[1:-1]} to server"
        if likely
        else "name the column with --map 'NAME=server', or the server of the file with --server-name NAME"
    )
    return Problem(
        at,
        f'the header has no column "server" (it has {listed or "no names"}{more})',
        hint=hint,
        code="missing-key",
        pointer="/server",
    )


def _likely_server(names: Iterable[str]) -> str | None:
    """The unknown column that most likely has the server's name."""
    unknown = [name for name in names if name.casefold() not in ALIASES]
    found = [(match, name) for name in unknown if (match := _SERVER_NAME.fullmatch(_letters(name)))]
    by_noun = sorted(found, key=lambda pair: _SERVER_NOUNS.index(pair[0]["noun"] or "computer"))
    return by_noun[0][1] if by_noun else nearest("server", unknown)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


_MESSAGES = frozenset(
    column for part in PARTS.values() for column, field in part.fields.items() if field.fact.kind == "message"
)


class Layout:
    """The places of the columns of a table, by part, and what its `products` are."""

    def __init__(self, columns: Mapping[str, int], products: ProductRows = "own") -> None:
        self.columns = columns
        self.products = products
        self._places = {
            name: [(key, columns[key]) for key in part.fields if key in columns]
            for name, part in PARTS.items()
        }

    def stated(self, part: str, cells: list[str]) -> dict[str, Any]:
        """The cells of a part that are not empty, by column, without signs around them."""
        width = len(cells)
        found = {key: cells[index] for key, index in self._places[part] if index < width}
        return {key: cell for key, text in found.items() if (cell := _unwrapped(key, text)).strip()}


def _unwrapped(column: str, cell: str) -> str:
    """A cell as it is read; a message is free text."""
    if column in _MESSAGES:
        return cell
    return unwrapped(cell) if cell.rstrip()[-1:] in QUOTES else bare(cell)
