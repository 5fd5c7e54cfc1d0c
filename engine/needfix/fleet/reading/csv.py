"""Tall CSV in columns, block by block. What Arrow refuses, or may read otherwise, the plain reader reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from needfix.fleet.reading import tall
from needfix.fleet.reading.blocks import Block, blocks, is_utf8
from needfix.fleet.reading.csv_shape import crosses_lines, is_plain
from needfix.fleet.reading.others import piece_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.tall import TallRows
from needfix.fleet.reading.tall_cells import trimmed
from needfix.inventory.csv_table import CsvTable, Row
from needfix.inventory.items import GiveUpError
from needfix.inventory.source import Source, opened
from needfix.inventory.text import HEAD_BYTES, ReplayedBytes, encoding_of, first_surrogate

_FEW = 1 << 14
"""Bytes that are not worth cutting in halves."""

_ROWS = 1 << 14
_CODE = pa.dictionary(pa.int32(), pa.string())


def pieces(file: str) -> Iterator[Piece]:
    """The servers and problems of a file."""
    try:
        table = _table(file)
        yield from tall.pieces(partial(_rows, table), file, tuple(table.columns))
    except GiveUpError as end:
        yield piece_of([], file, end.problems)


class _Table(NamedTuple):
    """What the header tells, and how many lines there are down to it."""

    file: str
    delimiter: str
    header: str
    lines: int
    columns: dict[str, int]
    encoding: str

    @property
    def width(self) -> int:
        """How many columns there are, known or not."""
        return len(next(csv.reader([self.header], delimiter=self.delimiter)))


def _table(file: str) -> _Table:
    with opened(file) as source:
        table = CsvTable(source)
        header = table.header.rstrip("\r\n")
        return _Table(file, table.delimiter, header, table.header_line, table.columns, source.encoding)


def _rows(table: _Table) -> Iterator[TallRows]:
    """The rows of the file; from the first quote that goes on in another line they are read plainly."""
    with Path(table.file).open("rb") as raw:
        raw.seek(encoding_of(raw.read(HEAD_BYTES))[1])
        above = b"".join(islice(raw, table.lines))
        if (
            table.encoding != "utf-8"
            or first_surrogate(table.header) >= 0
            or b"\r" in above.replace(b"\r\n", b"")
        ):
            with opened(table.file) as source:
                yield from _read_plainly(table, CsvTable(source).rows(), 1)
            return
        place = raw.tell()
        for block in blocks(raw, table.lines + 1):
            if crosses_lines(block.data):
                raw.seek(place)
                text = ReplayedBytes(_header(table), raw).as_text("utf-8")
                yield from _below(table, Source(table.file, "utf-8", "", text), block)
                return
            place += len(block.data)
            yield from _block(table, block)


def _block(table: _Table, block: Block) -> Iterator[TallRows]:
    """The rows of a block in columns, or of its halves, down to lines that only the plain reader reads."""
    columns = _columns(table, block.data)
    halves = block.halves() if columns is None and len(block.data) > _FEW else None
    if columns is not None:
        yield tall.consecutive_rows(columns, block.first)
    elif halves is not None:
        for half in halves:
            yield from _block(table, half)
    else:
        text = ReplayedBytes(_header(table), io.BytesIO(block.data)).as_text("utf-8")
        yield from _below(table, Source(table.file, "utf-8", "", text), block)


def _header(table: _Table) -> bytes:
    return f"{table.header}\n".encode()


def _columns(table: _Table, data: bytes) -> pa.RecordBatch | None:
    """Lines as columns; None where they are not what Arrow and the plain reader read alike."""
    data = data.rstrip(b"\r\n")
    if not is_plain(data, table.delimiter) or not is_utf8(data):
        return None
    names = [str(place) for place in range(table.width)]
    wanted = {str(place): pa.string() if name == "server" else _CODE for name, place in table.columns.items()}
    try:
        found = pcsv.read_csv(
            pa.BufferReader(data),
            pcsv.ReadOptions(column_names=names, block_size=len(data) + 1),
            pcsv.ParseOptions(delimiter=table.delimiter, quote_char='"' if b'"' in data else False),
            pcsv.ConvertOptions(column_types=wanted, include_columns=list(wanted), check_utf8=False),
        )
    except (pa.ArrowException, ValueError):
        return None
    batch = found.combine_chunks().to_batches()[0].rename_columns(list(table.columns))
    are_all_named = pc.min(pc.binary_length(trimmed(batch.column("server")))).as_py()
    return batch if are_all_named and batch.num_rows == data.count(b"\n") + 1 else None


def _below(table: _Table, source: Source, block: Block) -> Iterator[TallRows]:
    """The rows of a source that has the header above the lines of a block."""
    shifted = Block(b"", block.first - 1)
    try:
        yield from _read_plainly(table, CsvTable(source).rows(), shifted.first)
    except GiveUpError as end:
        raise GiveUpError(*map(shifted.in_file, end.problems)) from None


def _read_plainly(table: _Table, rows: Iterator[Row], first: int) -> Iterator[TallRows]:
    """Rows that the plain reader reads, where the line of its first is so. A file given up ends behind the last."""
    some: list[Row] = []
    try:
        for row in rows:
            some.append(row)
            if len(some) >= _ROWS:
                yield _tall(table, some, first)
                some = []
    except GiveUpError:
        if some:
            yield _tall(table, some, first)
        raise
    if some:
        yield _tall(table, some, first)


def _tall(table: _Table, rows: list[Row], first: int) -> TallRows:
    columns = [pa.array([_cell(row, place) for row in rows], pa.string()) for place in table.columns.values()]
    lines = np.array([row.line for row in rows], np.int64) + first - 1
    flaws = {number: row.flaw for number, row in enumerate(rows) if row.flaw}
    return TallRows(pa.RecordBatch.from_arrays(columns, list(table.columns)), lines, flaws)


def _cell(row: Row, place: int) -> str | None:
    """A cell, without the marks of bytes that are no text."""
    if place >= len(row.cells):
        return None
    cell = row.cells[place]
    return cell.encode(errors="replace").decode() if row.flaw else cell
