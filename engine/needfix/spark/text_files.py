"""On executors: files of text formats, whole or in blocks of lines, through the readers of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from needfix.errors import Problem
from needfix.inventory.formats import read_source
from needfix.inventory.source import opened
from needfix.spark.faults import Fault, file_named
from needfix.spark.reading import BLOCK, FILE, Batches, Told
from needfix.spark.servers import told

CONTENT = "needfix_content"


class _Lines(NamedTuple):
    """Lines that stand together in a block of a file, and how many of the block stand before them."""

    file: str
    block: int
    before: int
    data: bytes

    def fault(self, problem: Problem) -> Fault:
        """A problem with its place in the block."""
        at = problem.at
        return Fault(problem._replace(at=at._replace(file=self.file, line=at.line + self.before)), self.block)


def whole_files(batches: Batches, most: int) -> Iterator[Told]:
    """The records of files that come whole, in any format."""
    for batch in batches:
        for uri, content in zip(batch.column(FILE), batch.column(CONTENT), strict=True):
            file = file_named(uri.as_py())
            yield from _read(_Lines(file, 0, 0, content.as_buffer()), Path(file).name, most)


def json_lines(batches: Batches, most: int) -> Iterator[Told]:
    """The records of JSON lines, whose files come in blocks."""
    for lines in _together(batches):
        yield from _read(lines, "lines.jsonl", most)


def _read(lines: _Lines, name: str, most: int) -> Iterator[Told]:
    """The records of a file, which the readers want to lie on a disk: some look at it twice."""
    with TemporaryDirectory(prefix="needfix-") as folder:
        copy = Path(folder, name)
        copy.write_bytes(lines.data)
        with opened(str(copy)) as source:
            yield from told(read_source(source), most, lines.fault)


def _together(batches: Batches) -> Iterator[_Lines]:
    last, before = ("", -1), 0
    for batch in batches:
        for begin, end in _runs(batch):
            file, block = batch.column(FILE)[begin].as_py(), batch.column(BLOCK)[begin].as_py()
            before = before if last == (file, block) else 0
            lines = batch.column(CONTENT).slice(begin, end - begin).to_pylist()
            yield _Lines(file_named(file), block, before, b"\n".join(lines) + b"\n")
            last, before = (file, block), before + len(lines)


def _runs(batch: pa.RecordBatch) -> list[tuple[int, int]]:
    """Where the lines of each block of a file begin and end in a batch."""
    files = batch.column(FILE).dictionary_encode().indices.to_numpy()
    blocks = batch.column(BLOCK).to_numpy()
    changes = np.flatnonzero((np.diff(files) != 0) | (np.diff(blocks) != 0)) + 1
    bounds = [0, *changes.tolist(), batch.num_rows]
    return [(begin, end) for begin, end in pairwise(bounds) if begin < end]
