"""The door for programs: decisions and summaries of whole fleets, in Arrow."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Literal, TypeAlias, Unpack, get_args

import pyarrow as pa

from needfix.catalogue import Catalogue
from needfix.decide.arguments import checked_catalogue, described_type, rules_named
from needfix.errors import Problem, UsageError
from needfix.fleet.engine import fleet_engine_of
from needfix.fleet.reading import arrow
from needfix.fleet.reading.piece import Piece, smaller
from needfix.fleet.reading.stated import pieces_as_stated
from needfix.fleet.run import FleetRun, decide_all
from needfix.fleet.several_records import each_once, pieces_of_files, settled
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.reading_options import ReadingOptions, options_of, options_without_files
from needfix.model.decision import DECISIONS, DecisionKind, check_words
from needfix.model.document import Summary
from needfix.model.inventory_options import InventoryOptions
from needfix.model.note import Note
from needfix.model.run_request import Repeated, Selection

Source: TypeAlias = (
    str
    | os.PathLike[str]
    | Iterable[str | os.PathLike[str]]
    | pa.Table
    | pa.RecordBatch
    | pa.RecordBatchReader
)
"""Paths of inventories, or an inventory in Arrow."""

OnProblem = Callable[[Problem], None]
OnNote = Callable[[Note], None]
ReasonDetail = Literal["codes"]
"""How reasons are given in rows."""


def summary(
    catalogue: Catalogue,
    source: Source,
    *,
    rules: Iterable[str] | None = None,
    on_problem: OnProblem | None = None,
    join: bool = False,
    **stated: Unpack[ReadingOptions],
) -> Summary:
    """How many servers have each decision and action for each rule, and which servers need most fixes.

    `rules` are ids of rules in any spelling; only these are counted.
    The problems of bad records are passed to `on_problem`, and these records are left out. Without it,
    InventoryError lists the problems, up to a hundred, when everything has been read. Paths that name
    no inventory, and columns that do not fit, raise InventoryError; a source of another type, and
    unknown rules, raise UsageError. `notes` of the summary are about what was not read, not understood or not
    counted. Several records of one server are bad
    records; with `join` they are united. What may be `stated` of the inventories are the keywords of
    `needfix.ReadingOptions`; those about files are only for paths.
    """
    bad = BadRecords(on_problem)
    selection = Selection(_named(catalogue, rules, "summary"))
    run, pieces = _begun(catalogue, source, selection, "summary", bad, stated=stated, join=join)
    for _ in decide_all(run.count, run.cut(pieces), bad):
        pass
    bad.conclude()
    return replace(run.summary(bad.count), notes=tuple(bad.notes))


def decisions(  # noqa: PLR0913 - what is decided, and what is wanted of it
    catalogue: Catalogue,
    source: Source,
    *,
    only: Collection[DecisionKind] = DECISIONS,
    rules: Iterable[str] | None = None,
    reasons: ReasonDetail | None = "codes",
    on_problem: OnProblem | None = None,
    on_note: OnNote | None = None,
    join: bool = False,
    **stated: Unpack[ReadingOptions],
) -> Iterator[pa.RecordBatch]:
    """The decisions of the kinds in `only`, in batches with the columns of `DECISIONS_SCHEMA`.

    There is a row for each server and rule, by server in the order of the inventory. `rules` are ids of
    rules in any spelling, None all rules. `reasons` are codes; with None they are null, which is far
    faster where servers differ.
    The problems of bad records are passed to `on_problem`, and these records are left out. Without it,
    nothing is yielded after the first, and InventoryError lists the problems, up to a hundred, when
    everything has been read. Several records of one server are bad records; with `join` they are united into
    one server, which comes after all others. Notes on what was not read, not understood or not counted are
    passed to `on_note` at the end, one for each kind and file. Words outside a closed list, unknown rules,
    and a source of another type raise UsageError at once. What may be `stated` is as in `summary`.
    """
    kinds: tuple[Any, ...] = (only,) if isinstance(only, str) else tuple(only)
    check_words(kinds, DECISIONS, "decision")
    check_words([] if reasons is None else [reasons], get_args(ReasonDetail), "kind of reasons")
    selection = Selection(_named(catalogue, rules, "decisions"), decisions=kinds)
    bad = BadRecords(on_problem)
    run, pieces = _begun(catalogue, source, selection, "decisions", bad, stated=stated, join=join)
    if reasons is None:
        tables = decide_all(run.rows_without_reasons, run.cut_for_tables(pieces), bad)
        return _noting(chain.from_iterable(table.made for table in tables), bad, on_note)
    rows = decide_all(run.rows, run.cut(smaller(pieces)), bad)
    return _noting((table.made for table in rows), bad, on_note)


def _noting(
    batches: Iterator[pa.RecordBatch], bad: BadRecords, on_note: OnNote | None
) -> Iterator[pa.RecordBatch]:
    yield from batches
    if on_note is not None:
        for note in bad.notes:
            on_note(note)
    bad.conclude()


def _named(catalogue: Catalogue, rules: Iterable[str] | None, function: str) -> tuple[str, ...] | None:
    known = checked_catalogue(catalogue, f"fleet.{function}")
    return None if rules is None else rules_named(known, rules)


def _begun(  # noqa: PLR0913 - what a run is made of
    catalogue: Catalogue,
    source: Source,
    selection: Selection,
    function: str,
    bad: BadRecords,
    *,
    stated: ReadingOptions,
    join: bool,
) -> tuple[FleetRun, Iterator[Piece]]:
    policy: Repeated = "unite" if join else "refuse" if bad.keep_going else "stop"
    pieces = _pieces(source, function, policy, stated)
    return FleetRun(fleet_engine_of(catalogue), selection, today=datetime.now(UTC).date()), pieces


def _pieces(source: Source, function: str, policy: Repeated, stated: ReadingOptions) -> Iterator[Piece]:
    if isinstance(source, pa.RecordBatch | pa.Table | pa.RecordBatchReader):
        return _of_arrow(source, policy, options_without_files(stated, function=f"fleet.{function}"))
    if isinstance(source, str | os.PathLike):
        source = [source]
    if isinstance(source, Mapping | bytes) or not isinstance(source, Iterable):
        raise _odd(source, function)
    paths: list[str | os.PathLike[str]] = []
    for path in source:
        if not isinstance(path, str | os.PathLike):
            raise _odd(path, function)
        paths.append(path)
    options = options_of(stated, [os.fspath(path) for path in paths], function=f"fleet.{function}")
    return pieces_of_files(paths, policy, options=options)


def _of_arrow(
    source: pa.RecordBatch | pa.Table | pa.RecordBatchReader, policy: Repeated, options: InventoryOptions
) -> Iterator[Piece]:
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if isinstance(source, pa.RecordBatchReader):
        if policy != "unite":  # a stream can be read only once
            return each_once(pieces_as_stated(arrow.pieces(source, options), options))
        source = source.read_all()
    table = source

    def read() -> Iterator[Piece]:
        return pieces_as_stated(arrow.pieces(table, options, unites=policy == "unite"), options)

    return each_once(read()) if policy == "stop" else settled(read, policy)


def _odd(source: object, function: str) -> UsageError:
    """The error for a source, or an element of one, that is neither paths nor Arrow."""
    what = f"fleet.{function} takes paths of inventories, or an Arrow table, batch or stream"
    hint = "decide servers and records one at a time with needfix.evaluate and Server.from_record"
    return UsageError(f"{what}, not {described_type(source)}\n    hint: {hint}")
