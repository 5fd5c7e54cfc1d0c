"""`needfix evaluate` for fleets: inventories in columns, decided in batches."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

from pyarrow.parquet import ParquetWriter

from needfix.catalogue import Catalogue
from needfix.cli.arguments import check_any, known_rule
from needfix.cli.bad_records import BadRecords
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.fleet_arguments import is_terminal
from needfix.cli.messages import complain
from needfix.cli.output import Discarded, binary_output, output, style_of
from needfix.errors import UsageError
from needfix.fleet.engine import FleetEngine
from needfix.fleet.ordered import in_order
from needfix.fleet.reading.formats import pieces_of
from needfix.fleet.reading.piece import Piece, smaller
from needfix.fleet.rows import SCHEMA, wanted
from needfix.fleet.run import DecidedPiece, Run
from needfix.model.decision import DECISIONS
from needfix.model.fleet_summary import FleetSummary
from needfix.report.document import Summary, View
from needfix.report.fleet_summary import SUMMARIES
from needfix.report.formats import FORMATS, report_of

R = TypeVar("R")

_WORTH_A_LINE = 0.01


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Run the command; the answer is the exit code."""
    return FleetRun(arguments, catalogue).run()


class FleetRun:
    """One run of the command over a fleet."""

    def __init__(self, arguments: argparse.Namespace, catalogue: Catalogue) -> None:
        self._arguments = arguments
        self._catalogue = catalogue
        self._format: str = arguments.format
        self._bad = BadRecords()
        self._alone = 0
        self._summary = FleetSummary(0, {})
        if self._format == "parquet" and arguments.output in (None, "-") and is_terminal():
            raise UsageError("Parquet is no text for a terminal\n    mend: name a file with --output")

    def run(self) -> int:
        """Decide the fleet and write the report; the answer is the exit code."""
        run, pieces = self._begin()
        if self._format == "parquet":
            self._write_parquet(run, pieces)
        else:
            self._write_text(run, pieces)
        self._tell_slow_servers()
        return self._exit_code()

    def _begin(self) -> tuple[Run, Iterator[Piece]]:
        rules = [known_rule(self._catalogue, rule_id) for rule_id in self._arguments.rule or ()]
        engine = FleetEngine(self._catalogue)
        asked = wanted(engine.ids, self._arguments.only or DECISIONS, rules)
        return Run(engine, asked, self._arguments.server), pieces_of(self._arguments.inventory)

    def _write_parquet(self, run: Run, pieces: Iterator[Piece]) -> None:
        with binary_output(self._arguments.output) as out:
            with ParquetWriter(out, SCHEMA, compression="zstd") as writer:
                for table in self._made(run, run.rows, smaller(pieces)):
                    writer.write_batch(table)
            self._end(run)

    def _write_text(self, run: Run, pieces: Iterator[Piece]) -> None:
        with output(self._arguments.output, hold_back=not self._arguments.keep_going) as out:
            titles = {rule.id: rule.title for rule in self._catalogue}
            view = View(titles, style_of(self._arguments.output), whole=bool(self._arguments.only))
            if self._format in FORMATS:
                self._write_decisions(run, pieces, out, view)
            else:
                for _ in self._made(run, run.count, pieces):
                    pass
                self._end(run)
                SUMMARIES[self._format](out, self._summary, view)

    def _write_decisions(self, run: Run, pieces: Iterator[Piece], out: TextIO, view: View) -> None:
        report = report_of(self._format, out, view)
        report.begin()
        for servers in self._made(run, run.decisions, smaller(pieces)):
            for decisions in servers:
                report.server(decisions)
        self._end(run)
        report.end(_plain(self._summary))

    def _made(
        self, run: Run, work: Callable[[Piece], DecidedPiece[R]], pieces: Iterable[Piece]
    ) -> Iterator[R]:
        """What is made of pieces, until a bad record leaves nothing to write."""
        for outcome in in_order(work, run.cut(pieces)):
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
        check_any(self._summary.servers + self._bad.count, self._arguments.server)

    def _tell_slow_servers(self) -> None:
        if self._summary.servers and self._alone > _WORTH_A_LINE * self._summary.servers:
            share = f"{self._alone:,} of {self._summary.servers:,} servers"
            why = "their products, key files or records are told in ways that columns cannot hold"
            complain(f"{share} were decided one at a time, which takes longer: {why}")

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
