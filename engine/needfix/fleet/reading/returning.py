"""Servers whose rows continue after those of another one, found in memory of fixed size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Problem
from needfix.fleet.arrays import Flags
from needfix.fleet.columns import bytes_of
from needfix.fleet.kernels import columns as kernels
from needfix.fleet.known_names import NamesOfRecords, names_of_several
from needfix.fleet.reading.tall_runs import TallRows, named
from needfix.inventory.csv_server import GatheredServer
from needfix.inventory.items import GiveUpError
from needfix.model.server import Server

_LINES = 1 << 20
_LINE = 64


class NameFilter:
    """Bloom filter over server names: fixed size, may take a new name for a known one."""

    def __init__(self) -> None:
        self._lines = np.zeros((_LINES, _LINE), np.uint8)

    def enter(self, names: pa.Array) -> Flags:
        """Which of these were entered before, be it just before among these; then all of them are."""
        hashes, found = np.zeros(len(names), np.uint64), np.zeros(len(names), np.bool_)
        kernels.hash_texts(*bytes_of(names), hashes)
        kernels.enter_names(hashes, self._lines, found.view(np.uint8))
        return found


_MOST_SUSPECTS = 256


class Returning:
    """Distinguishes new servers from those whose rows continue.

    A server that the filter takes for known is a suspect: it is held until the rows were read once
    more for how often its own begin. In a file that has one that comes back, the filter is believed.
    """

    def __init__(self, rows: Callable[[], Iterator[TallRows]], file: str) -> None:
        self._rows = rows
        self._file = file
        self._finished = NameFilter()
        self._suspects: dict[str, tuple[GatheredServer, Server | None]] = {}
        self.is_unsorted = False

    def seen(self, keys: pa.Array) -> Flags:
        """Which of these servers may have been there before."""
        return self._finished.enter(keys)

    def begun(self, gathered: GatheredServer) -> list[Problem]:
        """Examine a server that may have been there before: it is spoilt if it was."""
        if not self.is_unsorted:
            return []
        gathered.spoilt = True
        return [gathered.scattered()]

    def suspect(
        self, key: str, gathered: GatheredServer, server: Server | None
    ) -> tuple[list[Server], list[Problem]]:
        """Hold a server; hands back those that were held, once they are many."""
        self._suspects.setdefault(key, (gathered, server))
        return self.confirmed() if len(self._suspects) >= _MOST_SUSPECTS else ([], [])

    def confirmed(self) -> tuple[list[Server], list[Problem]]:
        """The servers that were held and are new, and the problems of those whose rows continue."""
        if not self._suspects:
            return [], []
        returning = _returning(self._rows(), self._file, self._suspects.keys())
        self.is_unsorted = self.is_unsorted or bool(returning)
        held = self._suspects.items()
        servers = [server for key, (_, server) in held if key not in returning and server is not None]
        problems = [gathered.scattered(returning[key]) for key, (gathered, _) in held if key in returning]
        self._suspects = {}
        return servers, problems


def _returning(rows: Iterator[TallRows], file: str, keys: Collection[str]) -> dict[str, int]:
    """Which of these servers have rows in more than one place, with the line of the first."""
    names = pa.array(list(keys), pa.string())
    seen: dict[str, int] = {}
    returning: dict[str, int] = {}
    before = None
    for some in _readable(rows):
        runs = named(some, file, is_spoilt=False).runs
        if not len(runs):
            continue
        goes_on = int(runs.keys[0].as_py() == before)
        own, lines = runs.keys.slice(goes_on), runs.lines[runs.begins[goes_on:]]
        is_one = pc.is_in(own, names).to_numpy(zero_copy_only=False)
        for key, line in zip(own.filter(pa.array(is_one)).to_pylist(), lines[is_one].tolist(), strict=True):
            if seen.setdefault(key, line) != line:
                returning[key] = seen[key]
        before = runs.keys[-1].as_py()
    return returning


def returning_servers(rows: Callable[[], Iterator[TallRows]], file: str) -> frozenset[str]:
    """The servers, without case, whose rows are in more than one place."""
    return names_of_several(_begun(rows(), file))


def _begun(rows: Iterator[TallRows], file: str) -> Iterator[NamesOfRecords]:
    """The server of each run of rows, once."""
    before = None
    for some in _readable(rows):
        runs = named(some, file, is_spoilt=False).runs
        if len(runs):
            goes_on = int(runs.keys[0].as_py() == before)
            yield NamesOfRecords.of(runs.keys.slice(goes_on), file, runs.lines[runs.begins[goes_on:]])
            before = runs.keys[-1].as_py()


def _readable(rows: Iterator[TallRows]) -> Iterator[TallRows]:
    with suppress(GiveUpError):
        yield from rows
