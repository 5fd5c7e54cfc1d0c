"""Fleets as Arrow tables, and from these the numbers that hand-written NumPy works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.sample import FILES, LEVELS, PRODUCTS, product_name

GROUPS = len(PRODUCTS) * len(LEVELS)
LINES_BLOCK = 1 << 24
NATIVE = (("products", "name"), ("products", "level"), ("files", "name"), ("files", "version"))
"""The words of the native form: the lists, and a field of what they hold."""

NOWHERE = GROUPS
"""The group of servers whose product or level no rule knows."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some servers of a fleet: every server's product and level, and for each of FILES its version."""

    groups: NDArray[np.uint8]
    versions: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Fleet:
    """A fleet whose versions are parsed: each distinct one once, to a number with the same order.

    Servers have a version by its place among the distinct ones, and one past them for a file that is missing.
    The parts are made when they are called, so that threads share the work.
    """

    keys: NDArray[np.int64]
    parts: tuple[Callable[[], Part], ...]


def read_native(path: Path) -> pa.Table:
    """A fleet in the native form, its words as dictionaries."""
    return _read_records(path, NATIVE)


def read_paths(path: Path) -> pa.Table:
    """A fleet in the native form with paths, its words as dictionaries."""
    return _read_records(path, (*NATIVE, ("files", "path")))


def _read_records(path: Path, words: Sequence[tuple[str, str]]) -> pa.Table:
    fields = [f"{column}.list.element.{field}" for column, field in words]
    return pq.read_table(path, read_dictionary=[*fields, "complete.list.element"])


def read_lines(path: Path) -> pa.Table:
    """A fleet in JSON lines, its words as dictionaries."""
    table = pj.read_json(path, pj.ReadOptions(block_size=LINES_BLOCK))
    batches = table.select(["products", "files"]).to_batches()
    return pa.Table.from_batches([_with_dictionaries(batch) for batch in batches])


def read_wide(path: Path) -> pa.Table:
    """A fleet with a column for each file, its words as dictionaries."""
    return pq.read_table(path, read_dictionary=["product", "level", *FILES])


def _with_dictionaries(batch: pa.RecordBatch) -> pa.RecordBatch:
    lists = {name: batch.column(name) for name in batch.schema.names}
    return pa.record_batch({name: _list_with_dictionaries(column) for name, column in lists.items()})


def _list_with_dictionaries(lists: pa.ListArray) -> pa.ListArray:
    names = [field.name for field in lists.type.value_type]
    fields = [lists.values.field(name).dictionary_encode() for name in names]
    return pa.ListArray.from_arrays(lists.offsets, pa.StructArray.from_arrays(fields, names))


def parsed_native(table: pa.Table) -> Fleet:
    """The numbers of a fleet in the native form, one product a server."""
    batches = table.to_batches()
    keys, places = _distinct([batch["files"].values.field("version").dictionary for batch in batches])
    pairs = zip(batches, places, strict=True)
    return Fleet(keys, tuple(partial(_native_part, *pair, missing=len(keys)) for pair in pairs))


def _native_part(batch: pa.RecordBatch, places: NDArray[np.int32], missing: int) -> Part:
    products, files = batch["products"].flatten(), batch["files"]
    groups = _groups(products.field("name"), products.field("level"))
    starts = files.offsets.to_numpy()
    copies = files.flatten()
    servers = np.repeat(np.arange(len(groups)), np.diff(starts))
    index = _places(copies.field("name"), FILES) * np.int64(len(groups)) + servers
    versions = np.full((len(FILES), len(groups)), missing, dtype=np.int32)
    versions.reshape(-1)[index] = places.take(copies.field("version").indices.to_numpy())
    return Part(groups, versions)


def parsed_wide(table: pa.Table) -> Fleet:
    """The numbers of a fleet with a column for each file."""
    batches = table.to_batches()
    keys, places = _distinct([batch[name].dictionary for batch in batches for name in FILES])
    columns = iter([np.append(column, np.int32(len(keys))) for column in places])
    pairs = [(batch, [next(columns) for _ in FILES]) for batch in batches]
    return Fleet(keys, tuple(partial(_wide_part, *pair) for pair in pairs))


def _wide_part(batch: pa.RecordBatch, places: Sequence[NDArray[np.int32]]) -> Part:
    versions = np.empty((len(FILES), len(batch)), dtype=np.int32)
    for file, name in enumerate(FILES):
        word = batch[name].indices.fill_null(len(places[file]) - 1).to_numpy()
        places[file].take(word, out=versions[file], mode="clip")
    return Part(_groups(batch["product"], batch["level"]), versions)


def _distinct(dictionaries: Sequence[pa.Array]) -> tuple[NDArray[np.int64], list[NDArray[np.int32]]]:
    """The keys of all distinct versions, and for each dictionary the places of its words among them."""
    encoded = pa.chunked_array(dictionaries).dictionary_encode()
    return _keys(encoded.chunk(0).dictionary), [chunk.indices.to_numpy() for chunk in encoded.chunks]


def _keys(texts: pa.Array) -> NDArray[np.int64]:
    """Versions of four numbers as one number each."""
    numbers = pc.cast(pc.list_flatten(pc.split_pattern(texts, ".")), pa.int64())
    first, second, build, revision = numbers.to_numpy().reshape(-1, 4).T
    keys: NDArray[np.int64] = ((first << 16 | second) << 16 | build) << 16 | revision
    return keys


def _groups(products: pa.DictionaryArray, levels: pa.DictionaryArray) -> NDArray[np.uint8]:
    product = _places(products, [product_name(product) for product in range(len(PRODUCTS))])
    level = _places(levels, LEVELS)
    known = (product >= 0) & (level >= 0)
    return np.where(known, product * len(LEVELS) + level, NOWHERE).astype(np.uint8)


def _places(words: pa.DictionaryArray, known: Sequence[str]) -> NDArray[np.int8]:
    """For each word its place among those known, or -1."""
    place = {word: number for number, word in enumerate(known)}
    table = np.array([place.get(word, -1) for word in words.dictionary.to_pylist()], dtype=np.int8)
    found: NDArray[np.int8] = table.take(words.indices.to_numpy())
    return found
