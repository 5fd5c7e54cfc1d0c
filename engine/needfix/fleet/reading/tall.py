"""Tall tables: a row for each file, product, event and so on; the rows of a server are together.

Servers whose rows say plain things are made in columns. The others are gathered row by row, as from CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.errors import Position, Problem
from needfix.fleet.arrays import Flags
from needfix.fleet.reading.mixed import mixed
from needfix.fleet.reading.piece import Piece
from needfix.fleet.reading.returning import Returning
from needfix.fleet.reading.tall_records import records
from needfix.fleet.reading.tall_runs import ServerRuns, TallRows, consecutive_rows, named, one_run
from needfix.intake.columns import Layout
from needfix.intake.limits import ROWS
from needfix.intake.notes import Notes
from needfix.inventory.csv_server import DividedServer, GatheredServer
from needfix.inventory.items import GiveUpError
from needfix.model.server import Server
from needfix.model.whole_lists import ProductRows

__all__ = ["TallRows", "consecutive_rows", "pieces"]

_MOST_ROWS = ROWS + 2
"""Rows of one server that are held: two more than it may have."""


def pieces(  # noqa: PLR0913 - what a table is, and how it is read
    rows: Callable[[], Iterator[TallRows]],
    file: str,
    columns: Sequence[str],
    products: ProductRows = "own",
    *,
    is_strict: bool = False,
    returning_servers: Collection[str] | None = None,
) -> Iterator[Piece]:
    """The servers of a table, whose rows can be read again; the last piece has the notes.

    With `returning_servers` the rows of these may be in several places, and those of any server may be of
    several times: there is a record for each. `products` are what those of the table are.
    """
    notes = Notes(is_strict=is_strict)
    layout = Layout({name: place for place, name in enumerate(columns)}, products)
    if returning_servers is None:
        table = _Table(rows, file, layout, notes)
    else:
        table = _UnitedTable(rows, file, layout, notes, returning_servers)
    try:
        for some in rows():
            yield from table.add(some)
    except GiveUpError:
        yield from table.cut_off()
        raise
    yield from table.end()
    if notes:
        yield mixed([], [], file, [])._replace(notes=tuple(notes))


class _Table:
    """Makes pieces of rows. The server of the last row is open, and held until another one begins."""

    def __init__(
        self, rows: Callable[[], Iterator[TallRows]], file: str, layout: Layout, notes: Notes
    ) -> None:
        self._file = file
        self._notes = notes
        self._layout = layout
        self._returning = Returning(rows, file)
        self._open: list[ServerRuns] = []
        self._spoils_next = False

    def add(self, rows: TallRows) -> Iterator[Piece]:
        """Take in rows; hands on the servers that are finished, and what is wrong."""
        found = named(rows, self._file, is_spoilt=self._spoils_next)
        self._spoils_next = found.spoils_after
        if found.spoils_before and self._open:
            self._open[-1].is_spoilt[-1] = True
        if found.problems:
            yield mixed([], [], self._file, found.problems)
        if len(found.runs):
            yield from self._add(found.runs)

    def end(self) -> Iterator[Piece]:
        """Hand on the last server and those that were held because their rows may continue."""
        yield from self._close()
        servers, problems = self._returning.confirmed()
        if servers or problems:
            yield mixed([], servers, self._file, problems)

    def cut_off(self) -> Iterator[Piece]:
        """Hand on what is wrong with the server at the end of what can be read."""
        if self._open:
            self._open[-1].is_spoilt[-1] = True
        yield from self._close()

    def _add(self, runs: ServerRuns) -> Iterator[Piece]:
        goes_on = bool(self._open) and self._open[0].goes_on_in(runs)
        if goes_on:
            self._hold(runs.part(0, 1))
        if len(runs) == 1 and goes_on:
            return
        yield from self._close()
        last = len(runs) - 1
        if last > goes_on:
            yield self._piece(runs.part(int(goes_on), last))
        self._hold(runs.part(last, last + 1))

    def _hold(self, run: ServerRuns) -> None:
        held = sum(len(part.lines) for part in self._open)
        if held < _MOST_ROWS:
            self._open.append(run)

    def _close(self) -> Iterator[Piece]:
        if self._open:
            yield self._piece(one_run(self._open))
        self._open = []

    def _may_be_known(self, keys: pa.Array) -> Flags:
        """The servers that are read row by row, as their rows may be in several places."""
        return self._returning.seen(keys)

    def _piece(self, runs: ServerRuns) -> Piece:
        batch, is_odd = records(runs.columns, runs.begins, runs.names)
        is_known = self._may_be_known(runs.keys)
        if self._layout.products != "own":  # their list has an entry for others
            is_odd[:] = True
        is_single = is_odd | is_known | np.logical_or.reduceat(runs.is_spoilt, runs.begins)
        lines = runs.lines[runs.begins]
        if not is_single.any():
            return mixed([(batch, lines)], [], self._file, [])
        servers: list[Server] = []
        problems: list[Problem] = []
        for run in np.flatnonzero(is_single).tolist():
            self._gather(runs, run, servers, problems, is_known=bool(is_known[run]))
        kept = batch.filter(pa.array(~is_single))
        return mixed([(kept, lines[~is_single])], servers, self._file, problems)

    def _gather(
        self, runs: ServerRuns, run: int, servers: list[Server], problems: list[Problem], *, is_known: bool
    ) -> None:
        """Read a run row by row."""
        gathered = GatheredServer(self._layout, runs.names[run].as_py(), self._at(runs, run))
        if is_known:
            problems += self._returning.begun(gathered)
        _add_rows(gathered, runs, run, problems)
        server = gathered.finished(problems, self._notes)
        if is_known and not self._returning.is_unsorted:
            held, found = self._returning.suspect(runs.keys[run].as_py(), gathered, server)
            servers += held
            problems += found
        elif server is not None:
            servers.append(server)

    def _at(self, runs: ServerRuns, run: int) -> Position:
        return Position(self._file, int(runs.lines[runs.rows(run).start]))


class _UnitedTable(_Table):
    """A table in which the rows of some servers come back; these are held until its end."""

    def __init__(
        self,
        rows: Callable[[], Iterator[TallRows]],
        file: str,
        layout: Layout,
        notes: Notes,
        returning: Collection[str],
    ) -> None:
        super().__init__(rows, file, layout, notes)
        self._returning_servers = pa.array(sorted(returning), pa.string())
        self._held: dict[str, DividedServer] = {}
        self._problems: list[Problem] = []

    def end(self) -> Iterator[Piece]:
        """Hand on the last server and those that were held."""
        yield from self._close()
        while self._held:
            problems: list[Problem] = []
            servers = self._held.pop(next(iter(self._held))).finished(problems, self._notes)
            yield mixed([], servers, self._file, problems)

    def _hold(self, run: ServerRuns) -> None:
        """Hold a run; of one that is long the rows so far are gathered."""
        if sum(len(part.lines) for part in self._open) >= _MOST_ROWS:
            self._gather(one_run(self._open), 0, [], self._problems, is_known=True)
            self._open = []
        self._open.append(run)

    def _may_be_known(self, keys: pa.Array) -> Flags:
        found: Flags = pc.is_in(keys, self._returning_servers).to_numpy(zero_copy_only=False)
        if self._held:
            found = found | np.array([key in self._held for key in keys.to_pylist()], np.bool_)
        return found

    def _piece(self, runs: ServerRuns) -> Piece:
        piece = super()._piece(runs)
        problems, self._problems = self._problems, []
        return piece._replace(problems=(*problems, *piece.problems))

    def _gather(
        self, runs: ServerRuns, run: int, servers: list[Server], problems: list[Problem], *, is_known: bool
    ) -> None:
        """Read a run row by row; the server stays open where its rows may come back."""
        key = runs.keys[run].as_py()
        gathered = self._held.get(key) or DividedServer(
            self._layout, runs.names[run].as_py(), self._at(runs, run)
        )
        if is_known:
            self._held[key] = gathered
        _add_rows(gathered, runs, run, problems)
        if not is_known:
            servers += gathered.finished(problems, self._notes)


def _add_rows(
    gathered: GatheredServer | DividedServer, runs: ServerRuns, run: int, problems: list[Problem]
) -> None:
    """Add the rows of a run to its server."""
    rows = runs.rows(run)
    gathered.spoilt |= bool(runs.is_spoilt[rows].any())
    columns = [
        column.to_pylist() for column in runs.columns.slice(rows.start, rows.stop - rows.start).columns
    ]
    lines, is_flawed = runs.lines[rows].tolist(), runs.is_flawed[rows].tolist()
    for cells, line, flawed in zip(zip(*columns, strict=True), lines, is_flawed, strict=True):
        if not flawed:
            problems += gathered.add([cell or "" for cell in cells], line)
