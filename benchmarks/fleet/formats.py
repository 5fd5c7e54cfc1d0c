"""The files of a fleet, each written chunk by chunk in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.fleet.generator import MISSING, PACKAGES, Servers, version_texts
from benchmarks.sample import FILES, LEVELS, PRODUCTS, REVISIONS, product_name

ROW_GROUP = 100_000
COMPLETE = "files"
TALL = ("server", "product", "level", "file", "version", "complete")
"""The columns of the tall forms."""
FOLDERS = tuple(
    f"{drive}:\\{folder}\\bin" for drive in "CDEF" for folder in ("made-up", "program files\\made-up")
)
SHARE_OF_KEPT = 3
"""Of so many files one has a second copy, in a folder that keeps old files."""

Numbers: TypeAlias = NDArray[np.integer]
Writer = Callable[[pa.Table], None]


class _Words:
    """The strings of a fleet, taken by place."""

    def __init__(self) -> None:
        self._versions = pa.array(version_texts())
        self._files = pa.array(FILES)
        self._products = pa.array([product_name(product) for product in range(len(PRODUCTS))])
        self._levels = pa.array(LEVELS)
        kept = (f"C:\\WINNT\\$NtUninstallQ{number:06}$" for number in range(PACKAGES))
        self._paths = pa.array([f"{folder}\\{name}" for folder in (*FOLDERS, *kept) for name in FILES])

    def heads(self, made: Servers) -> dict[str, pa.Array]:
        """The server, product and level of each server."""
        numbers = range(made.first, made.first + len(made))
        return {
            "server": pa.array([f"EX{number:07}" for number in numbers]),
            "product": self._products.take(pa.array(made.products)),
            "level": self._levels.take(pa.array(made.levels)),
        }

    def copies(self, made: Servers) -> tuple[pa.Array, pa.Array, pa.Array]:
        """The servers' files one after the other: name and version, and where each server's begin."""
        there = made.versions != MISSING
        names = np.nonzero(there)[1].astype(np.int32)
        starts = np.concatenate(([0], np.cumsum(there.sum(axis=1)))).astype(np.int32)
        versions = self._versions.take(pa.array(made.versions[there]))
        return self._files.take(pa.array(names)), versions, pa.array(starts)

    def placed(self, files: Numbers, folders: Numbers, versions: Numbers) -> pa.Array:
        """Copies of files in folders."""
        paths = self._paths.take(pa.array(folders * len(FILES) + files))
        columns = [self._files.take(pa.array(files)), paths, self._versions.take(pa.array(versions))]
        return pa.StructArray.from_arrays(columns, ["name", "path", "version"])

    def of_file(self, made: Servers, file: int) -> pa.Array:
        """Each server's version of one file, null where it lacks the file."""
        places = made.versions[:, file]
        return self._versions.take(pa.array(places, mask=places == MISSING))


def _native(words: _Words, made: Servers) -> pa.Table:
    names, versions, starts = words.copies(made)
    files = pa.StructArray.from_arrays([names, versions], ["name", "version"])
    return _records(words, made, starts, files)


def _paths(words: _Words, made: Servers) -> pa.Table:
    """As `_native`, with paths; a third of the files have an older copy in a folder that keeps such."""
    there = made.versions != MISSING
    servers, files = np.nonzero(there)
    versions = made.versions[there]
    numbers = made.first + servers
    is_kept = (numbers + files) % SHARE_OF_KEPT == 0
    kept = np.flatnonzero(is_kept)
    order = np.argsort(np.concatenate([np.arange(len(servers)), kept]), kind="stable")
    folders = np.concatenate([numbers % len(FOLDERS), len(FOLDERS) + numbers[kept] % PACKAGES])
    names = np.concatenate([files, files[kept]])
    older = np.maximum(versions[kept] - 1 - numbers[kept] % REVISIONS, 0)
    own = words.placed(names[order], folders[order], np.concatenate([versions, older])[order])
    counts = there.sum(axis=1) + np.bincount(servers[kept], minlength=len(made))
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return _records(words, made, pa.array(starts), own)


def _records(words: _Words, made: Servers, starts: pa.Array, files: pa.Array) -> pa.Table:
    heads = words.heads(made)
    each = pa.array(np.arange(len(made) + 1, dtype=np.int32))
    products = pa.StructArray.from_arrays([heads["product"], heads["level"]], ["name", "level"])
    complete = pa.array([COMPLETE]).take(pa.array(np.zeros(len(made), dtype=np.int32)))
    return pa.table(
        {
            "server": heads["server"],
            "products": pa.ListArray.from_arrays(each, products),
            "files": pa.ListArray.from_arrays(starts, files),
            "complete": pa.ListArray.from_arrays(each, complete),
        }
    )


def _tall(words: _Words, made: Servers) -> pa.Table:
    names, versions, starts = words.copies(made)
    places = pa.array(np.repeat(np.arange(len(made)), np.diff(starts.to_numpy())))
    heads = {name: column.take(places) for name, column in words.heads(made).items()}
    complete = pa.array([COMPLETE]).take(pa.array(np.zeros(len(places), dtype=np.int32)))
    return pa.table({**heads, "file": names, "version": versions, "complete": complete})


def _wide(words: _Words, made: Servers) -> pa.Table:
    files = {name: words.of_file(made, place) for place, name in enumerate(FILES)}
    return pa.table({**words.heads(made), **files})


def _lines(words: _Words, made: Servers) -> pa.Table:
    """One column: a record of the native form, as text."""
    heads = words.heads(made)
    names, versions, starts = words.copies(made)
    copies = pc.binary_join_element_wise('{"name": "', names, '", "version": "', versions, '"}', "")
    files = pc.binary_join(pa.ListArray.from_arrays(starts, copies), ", ")
    parts = (
        '{"server": "', heads["server"], '", "products": [{"name": "', heads["product"], '", "level": "',
        heads["level"], '"}], "files": [', files, f'], "complete": ["{COMPLETE}"]}}\n', "",
    )  # fmt: skip
    return pa.table({"line": pc.binary_join_element_wise(*parts)})


def _csv(words: _Words, made: Servers) -> pa.Table:
    """One column: a row of the tall form, as text."""
    cells = _tall(words, made)
    rows = pc.binary_join_element_wise(*(cells[name].combine_chunks() for name in TALL), ",")
    return pa.table({"line": pc.binary_join_element_wise(rows, "\n", "")})


def _parquet(stack: ExitStack, path: Path, schema: pa.Schema) -> Writer:
    writer = stack.enter_context(pq.ParquetWriter(path, schema, compression="zstd"))
    return lambda table: writer.write_table(table, row_group_size=len(table))


def _text(stack: ExitStack, path: Path, _schema: pa.Schema, header: str = "") -> Writer:
    file = stack.enter_context(closing(pa.OSFile(str(path), "wb")))
    file.write(header.encode())

    def write(table: pa.Table) -> None:
        for chunk in table["line"].chunks:
            _validity, _offsets, data = chunk.buffers()
            file.write(data)

    return write


def _text_of_rows(stack: ExitStack, path: Path, schema: pa.Schema) -> Writer:
    return _text(stack, path, schema, f"{','.join(TALL)}\n")


class Format(NamedTuple):
    """The ending of a file, how servers become rows of it, and how rows are written."""

    ending: str
    rows: Callable[[_Words, Servers], pa.Table]
    start: Callable[[ExitStack, Path, pa.Schema], Writer]


FORMATS = {
    "native": Format("parquet", _native, _parquet),
    "paths": Format("parquet", _paths, _parquet),
    "tall": Format("parquet", _tall, _parquet),
    "wide": Format("parquet", _wide, _parquet),
    "lines": Format("jsonl", _lines, _text),
    "csv": Format("csv", _csv, _text_of_rows),
}


def path_of(folder: Path, name: str, kind: str, count: int) -> Path:
    """Where a fleet lies in a format."""
    return folder / f"fleet-{kind}-{count}-{name}.{FORMATS[name].ending}"


def write(servers: Iterable[Servers], paths: dict[str, Path]) -> None:
    """Write a fleet in all the requested formats; each file is there whole or not at all."""
    words = _Words()
    started: dict[str, Writer] = {}
    with ExitStack() as stack:
        for made in _joined(servers):
            for name, path in paths.items():
                table = FORMATS[name].rows(words, made)
                if name not in started:
                    started[name] = FORMATS[name].start(stack, _beside(path), table.schema)
                started[name](table)
    for path in paths.values():
        _beside(path).replace(path)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _joined(servers: Iterable[Servers]) -> Iterator[Servers]:
    """Blocks put together to row groups."""
    waiting: list[Servers] = []
    for made in servers:
        waiting.append(made)
        if sum(map(len, waiting)) >= ROW_GROUP:
            yield _together(waiting)
            waiting = []
    if waiting:
        yield _together(waiting)


def _together(made: list[Servers]) -> Servers:
    return Servers(
        made[0].first,
        np.concatenate([part.products for part in made]),
        np.concatenate([part.levels for part in made]),
        np.concatenate([part.versions for part in made]),
    )
