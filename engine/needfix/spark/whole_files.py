"""On executors: files, whole or in blocks of lines, through the readers of one machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from needfix.errors import Position, Problem
from needfix.fleet.reading import json_lines as lines_in_columns
from needfix.fleet.reading import others
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.tall_tables import names_of_layout
from needfix.intake.formats import format_of
from needfix.intake.text import HEAD_BYTES
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions, Naming
from needfix.spark.faults import SparkProblem, file_named
from needfix.spark.reading import BLOCK, FILE, Batches, NativeRecords

CONTENT, LAYOUT = "needfix_content", "needfix_layout"


class _FilePart(NamedTuple):
    """A file, or consecutive lines of a block of it, after so many others of the block."""

    file: str
    data: bytes
    block: int = 0
    before: int = 0

    @property
    def is_first(self) -> bool:
        """Whether its file begins with it."""
        return self.block == 0 and self.before == 0

    def fault(self, problem: Problem) -> SparkProblem:
        """A problem with its place in the file."""
        at = problem.at
        _, name, inner = at.file.partition(f"/{Path(self.file).name}/")  # a file in an archive
        file = f"{self.file}/{inner}" if name else self.file
        return SparkProblem(
            problem._replace(at=at._replace(file=file, line=at.line + self.before)), self.block
        )


def whole_files(
    batches: Batches,
    *,
    options: InventoryOptions = STATED_BY_FILES,
    is_strict: bool = False,
    unites: bool = False,
) -> Iterator[NativeRecords]:
    """The records of files that come whole, in any format."""
    for batch in batches:
        for uri, content in zip(batch.column(FILE), batch.column(CONTENT), strict=True):
            file = file_named(uri.as_py())
            part = _FilePart(file, content.as_buffer())
            with _on_disk(part, _below_root(file, options.naming)) as (folder, copy):
                naming = options.naming
                if naming.from_path:
                    naming = naming._replace(roots=(folder,))
                own = options._replace(naming=naming)
                for piece in pieces_of([copy], is_strict=is_strict, unites=unites, options=own):
                    yield NativeRecords(piece, part.fault)


def _below_root(file: str, naming: Naming) -> str:
    """The path of a file below the folder that was named, by which its server may be named."""
    parts = naming.below_root(file) if naming.from_path else ()
    return str(PurePosixPath(*parts)) if parts else Path(file).name


def tall_files(batches: Batches, *, options: InventoryOptions = STATED_BY_FILES) -> Iterator[pa.RecordBatch]:
    """Of Parquet files that come whole, the names of their columns where they are tall."""
    for batch in batches:
        layouts = [_layout(value.as_buffer(), options) for value in batch.column(CONTENT)]
        yield pa.RecordBatch.from_pydict(
            {FILE: batch.column(FILE).cast(pa.string()), LAYOUT: pa.array(layouts, pa.string())}
        )


def _layout(data: pa.Buffer, options: InventoryOptions) -> str | None:
    try:
        return names_of_layout(pq.read_schema(pa.BufferReader(data)), options)
    except (pa.ArrowException, OSError):
        return None  # it is reported as bad where it is read


def json_lines(batches: Batches, *, is_strict: bool = False) -> Iterator[NativeRecords]:
    """The records of JSON lines, whose files come in blocks: a file of another format is a problem."""
    foreign: set[str] = set()
    for part in _together(batches):
        problem = _other_format(part) if part.is_first else None
        if problem is not None:
            foreign.add(part.file)
            yield NativeRecords(others.piece_of([], part.file, [problem]), part.fault)
        elif part.file not in foreign:
            yield from _read(
                part, "lines.jsonl", lambda copy: lines_in_columns.pieces(str(copy), is_strict=is_strict)
            )


def _other_format(part: _FilePart) -> Problem | None:
    """The problem of a file whose beginning is not that of a format that can be read in blocks."""
    head = part.data[:HEAD_BYTES]
    if not head.strip():
        return None
    found = format_of(part.file, head, head.decode("utf-8", "replace"))
    if isinstance(found, Problem):
        return found
    if found.may_be_cut:
        return None
    what, hint = f"the content is {found.name}", f"give the file the ending {found.endings[0]}"
    return Problem(Position(part.file, 1), what, "JSON lines, which Spark reads by the ending", hint)


def _read(part: _FilePart, name: str, pieces: Callable[[Path], Iterator[Piece]]) -> Iterator[NativeRecords]:
    """The records of a part."""
    with _on_disk(part, name) as (_, copy):
        for piece in pieces(copy):
            yield NativeRecords(piece, part.fault)


@contextmanager
def _on_disk(part: _FilePart, name: str) -> Iterator[tuple[str, Path]]:
    """A folder and a copy of a part in it: the readers want it on a disk, since some look at it twice."""
    with TemporaryDirectory(prefix="needfix-") as folder:
        copy = Path(folder, name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(part.data)
        yield folder, copy


def _together(batches: Batches) -> Iterator[_FilePart]:
    last, before = ("", -1), 0
    for batch in batches:
        for begin, end in _runs(batch):
            file, block = batch.column(FILE)[begin].as_py(), batch.column(BLOCK)[begin].as_py()
            before = before if last == (file, block) else 0
            lines = batch.column(CONTENT).slice(begin, end - begin).to_pylist()
            yield _FilePart(file_named(file), b"\n".join(lines) + b"\n", block, before)
            last, before = (file, block), before + len(lines)


def _runs(batch: pa.RecordBatch) -> list[tuple[int, int]]:
    """Where the lines of each block of a file begin and end in a batch."""
    files = batch.column(FILE).dictionary_encode().indices.to_numpy()
    blocks = batch.column(BLOCK).to_numpy()
    changes = np.flatnonzero((np.diff(files) != 0) | (np.diff(blocks) != 0)) + 1
    bounds = [0, *changes.tolist(), batch.num_rows]
    return [(begin, end) for begin, end in pairwise(bounds) if begin < end]
