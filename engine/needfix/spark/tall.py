"""On executors: tall rows, those of a server together, as native records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.fleet.texts import as_strings
from needfix.inventory.csv_columns import ALIASES, Layout
from needfix.inventory.csv_server import GatheredServer
from needfix.inventory.items import Item
from needfix.spark.faults import OfServer, file_named
from needfix.spark.reading import FILE, KEY, ROW, Batches, Told, in_utc
from needfix.spark.servers import told


class _Row(NamedTuple):
    key: str
    name: str
    at: Position
    cells: list[str]


def tall(batches: Batches, most: int) -> Iterator[Told]:
    """The servers of rows that come in the order of their keys, whatever batch a row is in."""
    return told(_items(batches), most)


def _items(batches: Batches) -> Iterator[Item]:
    """The servers and problems of a partition."""
    key = ""
    here: dict[str, GatheredServer] = {}
    for batch in batches:
        layout = _layout(batch.schema.names)
        for row in _rows(batch, layout):
            if row.key != key:
                yield from _finished(here.values())
                key, here = row.key, {}
            yield from _add(here, layout, row)
    yield from _finished(here.values())


def _add(here: dict[str, GatheredServer], layout: Layout, row: _Row) -> Iterable[Problem]:
    """Take in a row. The same name has the same key, but names of one key may differ."""
    if not row.name:
        return [Problem(row.at, "the row has no server", 'text such as "MAIL01"')]
    folded = row.name.casefold()
    if folded not in here:
        here[folded] = GatheredServer(layout, row.name, row.at)
    problems = here[folded].add(row.cells, row.at.line)
    return [problem._replace(at=row.at) for problem in problems]


def _layout(names: Sequence[str]) -> Layout:
    known = ((ALIASES.get(name.casefold()), place) for place, name in enumerate(names))
    return Layout({column: place for column, place in known if column is not None})


def _finished(gathered: Iterable[GatheredServer]) -> Iterator[Item]:
    servers = (one.finished() for one in gathered)
    return (server for server in servers if server is not None)


def _rows(batch: pa.RecordBatch, layout: Layout) -> Iterator[_Row]:
    columns = [_cells(column) for column in in_utc(batch).columns]
    names, keys = columns[layout.columns["server"]], batch.column(KEY).to_pylist()
    for row, cells in enumerate(zip(*columns, strict=True)):
        name = names[row].strip()
        yield _Row(keys[row] or "", name, _at(batch, row, name), list(cells))


def _at(batch: pa.RecordBatch, row: int, name: str) -> Position:
    if FILE not in batch.schema.names:
        return OfServer.named(name)
    return Position(file_named(batch.column(FILE)[row].as_py()), batch.column(ROW)[row].as_py() + 1)


def _cells(column: pa.Array) -> Sequence[str]:
    """A column as the cells of a table; a list stands in one cell."""
    if pa.types.is_list(column.type):
        return [";".join(filter(None, own or ())) for own in column.to_pylist()]
    return [text or "" for text in as_strings(column).to_pylist()]
