"""`needfix evaluate` for fleets: inventories in columns, decided in batches."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from needfix.catalogue import Catalogue
from needfix.cli.arguments import known_rule
from needfix.cli.bad_records import BadRecords
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.output import Discarded, binary_output, output, style_of
from needfix.errors import UsageError
from needfix.model.decision import DECISIONS
from needfix.model.fleet_summary import FleetSummary
from needfix.report.document import Summary, View
from needfix.report.fleet_summary import write_summary, write_summary_json
from needfix.report.formats import FORMATS, report_of

if TYPE_CHECKING:
    from needfix.fleet.reading.piece import Piece
    from needfix.fleet.run import Outcome, Run

R = TypeVar("R")

FLEET_FORMATS = ("summary", "summary-json", "parquet")
_ENDINGS = (".parquet", ".pq")
LIBRARIES = ("numpy", "pyarrow")
_WORTH_A_LINE = 0.01


def is_terminal() -> bool:
    """Whether standard output is shown to a person."""
    return sys.stdout.isatty()


def is_fleet(arguments: argparse.Namespace) -> bool:
    """Whether a run is for columns: by its report, or because an inventory is in Parquet."""
    return arguments.format in FLEET_FORMATS or any(map(_holds_parquet, arguments.inventory))


def _holds_parquet(name: str) -> bool:
    if name.lower().endswith(_ENDINGS):
        return True
    return Path(name).is_dir() and any(file.suffix.lower() in _ENDINGS for file in Path(name).rglob("*"))


class FleetRun:
    """One run of the command over a fleet."""

    def __init__(self, arguments: argparse.Namespace, catalogue: Catalogue) -> None:
        self._arguments = arguments
        self._catalogue = catalogue
        self._format = arguments.format or "summary"
        self._bad = BadRecords()
        self._alone = 0
        self._summary = FleetSummary(0, {})
        if self._format == "parquet" and arguments.output in (None, "-") and is_terminal():
            raise UsageError("Parquet is no text for a terminal\n    mend: name a file with --output")

    def run(self) -> int:
        """Decide the fleet and write the report; the answer is the exit code."""
        with _libraries():
            run, pieces = self._begin()
            if self._format == "parquet":
                self._write_parquet(run, pieces)
            else:
                self._write_text(run, pieces)
        self._tell_slow_servers()
        return self._exit_code()

    def _begin(self) -> tuple[Run, Iterator[Piece]]:
        from needfix.fleet.engine import FleetEngine  # noqa: PLC0415 - brings in NumPy and Arrow
        from needfix.fleet.reading.formats import pieces_of  # noqa: PLC0415
        from needfix.fleet.run import Run  # noqa: PLC0415
        from needfix.fleet.wanted import wanted  # noqa: PLC0415

        rules = [known_rule(self._catalogue, rule_id) for rule_id in self._arguments.rule or ()]
        engine = FleetEngine(self._catalogue)
        asked = wanted(engine.ids, self._arguments.only or DECISIONS, rules)
        return Run(engine, asked, self._arguments.server), pieces_of(self._arguments.inventory)

    def _write_parquet(self, run: Run, pieces: Iterator[Piece]) -> None:
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415

        from needfix.fleet.reading.piece import smaller  # noqa: PLC0415
        from needfix.fleet.rows import SCHEMA  # noqa: PLC0415

        with binary_output(self._arguments.output) as out:
            with ParquetWriter(out, SCHEMA, compression="zstd") as writer:
                for table in self._made(run.rows, smaller(pieces)):
                    writer.write_batch(table)
            self._end(run)

    def _write_text(self, run: Run, pieces: Iterator[Piece]) -> None:
        with output(self._arguments.output, hold_back=not self._arguments.keep_going) as out:
            titles = {rule.id: rule.title for rule in self._catalogue}
            view = View(titles, style_of(self._arguments.output), whole=bool(self._arguments.only))
            if self._format in FORMATS:
                self._write_decisions(run, pieces, out, view)
            else:
                for _ in self._made(run.count, pieces):
                    pass
                self._end(run)
                self._write_summary(out, view)

    def _write_summary(self, out: TextIO, view: View) -> None:
        if self._format == "summary-json":
            write_summary_json(out, self._summary)
        else:
            write_summary(out, self._summary, view)

    def _write_decisions(self, run: Run, pieces: Iterator[Piece], out: TextIO, view: View) -> None:
        from needfix.fleet.reading.piece import smaller  # noqa: PLC0415

        report = report_of(self._format, out, view)
        report.begin()
        for servers in self._made(run.decisions, smaller(pieces)):
            for decisions in servers:
                report.server(decisions)
        self._end(run)
        report.end(_plain(self._summary))

    def _made(self, work: Callable[[Piece], Outcome[R]], pieces: Iterable[Piece]) -> Iterator[R]:
        """What is made of pieces, until a bad record leaves nothing to write."""
        from needfix.fleet.run import in_order  # noqa: PLC0415

        for outcome in in_order(work, pieces):
            for problem in outcome.problems:
                self._bad.add(problem)
            self._alone += outcome.alone
            if not self._bad.count or self._arguments.keep_going:
                yield outcome.made

    def _end(self, run: Run) -> None:
        """Raises Discarded where bad records leave nothing to write."""
        if self._bad.count:
            self._bad.conclude(kept_going=self._arguments.keep_going)
            if not self._arguments.keep_going:
                raise Discarded
        self._summary = run.summary(self._bad.count)
        if not self._summary.servers and not self._bad.count:
            patterns: Sequence[str] | None = self._arguments.server
            if patterns is None:
                raise UsageError("there is no server in the inventories")
            mend = "check the pattern; * and ? are understood"
            raise UsageError(f"no server matches {' or '.join(map(repr, patterns))}\n    mend: {mend}")

    def _tell_slow_servers(self) -> None:
        if self._summary.servers and self._alone > _WORTH_A_LINE * self._summary.servers:
            share = f"{self._alone:,} of {self._summary.servers:,} servers"
            why = "their products, key files or records are told in ways that columns cannot hold"
            sys.stderr.write(f"needfix: {share} were decided one at a time, which takes longer: {why}\n")

    def _exit_code(self) -> int:
        if self._bad.count:
            return BAD_INPUT
        found = any(self._summary.decided(kind) for kind in self._arguments.fail_on or ())
        return FINDINGS if found else DONE


def _plain(summary: FleetSummary) -> Summary:
    """The summary that the reports of decisions end with."""
    decisions: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for (decision, action), count in summary.total.items():
        decisions[decision] += count
        actions[action] += count
    return Summary(summary.servers, decisions, actions, summary.bad_records)


@contextmanager
def _libraries() -> Iterator[None]:
    """Says how to install what fleets need, where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in LIBRARIES:
            raise
        mend = "pip install 'needfix[fleet]'"
        raise UsageError(f"this needs {error.name}, which is not installed\n    mend: {mend}") from error
