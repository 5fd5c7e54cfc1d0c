"""On executors: the work on a partition. The same partition always gives the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from needfix.errors import InventoryError
from needfix.fleet.reading.piece import smaller
from needfix.fleet.run import FleetRun
from needfix.model.document import Summary
from needfix.model.run_request import Selection
from needfix.spark.faults import NOTE_TYPE, TYPE, Faults, SparkProblem, placed
from needfix.spark.reading import Batches, Reader
from needfix.spark.several_records import HashesOfNames
from needfix.spark.shipping import Shipped, engine_of

_MOST_ROWS = 1 << 17
_TEXT = pa.string()
ROWS = pa.schema(
    {
        "server": _TEXT,
        "rule": _TEXT,
        "decision": _TEXT,
        "action": _TEXT,
        "reasons": pa.list_(_TEXT),
        "severity": _TEXT,
        "advisories": _TEXT,
        "problem": _TEXT,
    }
)
COUNTS = pa.schema(
    {
        "rule": _TEXT,
        "decision": _TEXT,
        "action": _TEXT,
        "server": _TEXT,
        "problem": TYPE,
        "number": pa.int64(),
        "note": NOTE_TYPE,
        "contradiction": _TEXT,
        "bucket": pa.int32(),
        "hashes": pa.binary(),
    }
)
"""A row counts an outcome of a rule; or what is fix-required on a server; or the same problem; or servers, of
all or with facts that exclude each other; or it has a note, or hashes of the names of servers."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Writes the decisions of a partition; bad records end the task, or have rows with their problems."""

    catalogue: Shipped
    today: date
    selection: Selection
    reader: Reader
    keep_going: bool
    is_strict: bool = False

    def __call__(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """The rows of a partition."""
        run = _run(self)
        faults = Faults()
        parts = (
            (part, read.fault) for read in self.reader(batches) for part in run.cut(smaller([read.piece]))
        )
        for part, fault in parts:
            made = run.rows(part)
            found = [fault(problem) for problem in made.found.problems]
            faults.add(found)
            if self.keep_going or not faults.count:
                yield from _in_texts(made.made)
                yield from _of_faults(found)
        if faults.count and not self.keep_going:
            raise InventoryError(faults.first_problems())


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts the decisions of a partition, and keeps its first problems and its notes."""

    catalogue: Shipped
    today: date
    selection: Selection
    reader: Reader
    is_strict: bool = False

    def __call__(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """The counts of a partition."""
        run = _run(self)
        faults = Faults()
        notes: list[dict[str, object]] = []
        names = HashesOfNames()
        for read in self.reader(batches):
            names.add(read.piece)
            for part in run.cut([read.piece]):
                found = run.count(part).found
                faults.add([read.fault(problem) for problem in found.problems])
                notes += ({"note": placed(note, read.fault)} for note in found.notes)
        found_rows = [*_of_summary(run.summary()), *faults.counted(), *notes, *names.counted()]
        yield pa.RecordBatch.from_pylist(found_rows, COUNTS)


def _run(work: Rows | Counts) -> FleetRun:
    engine = engine_of(work.catalogue)
    return FleetRun(engine, work.selection, is_strict=work.is_strict, today=work.today)


def _of_summary(summary: Summary) -> Iterator[dict[str, object]]:
    yield {"number": summary.servers}
    for code, count in summary.contradictions.items():
        yield {"contradiction": code, "number": count}
    for load in summary.most_laden:
        yield {"server": load.server, "number": load.required}
    for rule, counts in summary.rules.items():
        for (decision, action), count in counts.items():
            yield {"rule": rule, "decision": decision, "action": action, "number": count}


def _in_texts(decisions: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Decisions as Spark takes them: texts for codes, and not too many rows at once."""
    for start in range(0, decisions.num_rows, _MOST_ROWS):
        part = decisions.slice(start, _MOST_ROWS)
        columns = [part.column(field.name).cast(field.type) for field in ROWS if field.name != "problem"]
        yield pa.RecordBatch.from_arrays([*columns, pa.nulls(len(part), _TEXT)], schema=ROWS)


def _of_faults(faults: Iterable[SparkProblem]) -> Iterator[pa.RecordBatch]:
    rows = [{"problem": str(fault.problem)} for fault in faults]
    if rows:
        yield pa.RecordBatch.from_pylist(rows, ROWS)
