"""`needfix evaluate`: which servers need which hotfix, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from needfix.catalogue import Catalogue, load_catalogue
from needfix.cli.arguments import (
    Parser,
    add_rules,
    check_any,
    check_inventories,
    check_output,
    given_back,
    known_rule,
    may_hold_rules,
)
from needfix.cli.bad_records import BadRecords
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.fleet_arguments import FLEET_FORMATS, is_fleet, run_fleet
from needfix.cli.output import Discarded, output, style_of
from needfix.cli.progress import progress_bar
from needfix.decide.evaluate import evaluate
from needfix.errors import UsageError
from needfix.intake.formats import FORMATS as FILE_FORMATS
from needfix.intake.formats import inventory_names
from needfix.inventory import read_inventory
from needfix.model.decision import DECISIONS, Decision
from needfix.model.server import Server
from needfix.report.document import Report, Summary, View
from needfix.report.formats import FORMATS, report_of


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_catalogue(arguments.rules)
    if not arguments.on:  # Spark lists files itself
        arguments.inventory = inventory_names(arguments.inventory, arguments.output)
    if is_fleet(arguments):
        return run_fleet(arguments, catalogue)
    arguments.format = arguments.format or "table"
    evaluation = _Run(arguments, catalogue)
    with output(arguments.output, hold_back=not arguments.keep_going) as out:
        titles = {rule.id: rule.title for rule in catalogue}
        view = View(titles, style_of(arguments.output), whole=bool(arguments.only))
        evaluation.write(report_of(arguments.format, out, view))
    return evaluation.exit_code()


class _Run:
    """One run of the command."""

    def __init__(self, arguments: argparse.Namespace, catalogue: Catalogue) -> None:
        self._arguments = arguments
        self._catalogue = catalogue
        self._rules = frozenset(known_rule(catalogue, rule_id) for rule_id in arguments.rule or ())
        self._bad = BadRecords()
        self._summary = Summary()

    def write(self, report: Report) -> None:
        """Decide all servers. Raises Discarded where bad records leave nothing to write."""
        report.begin()
        with progress_bar(self._arguments.inventory) as progress:
            servers = read_inventory(*self._arguments.inventory, on_problem=self._bad.add, progress=progress)
            for decisions in self._decided(servers):
                report.server(decisions)
        if self._bad.count:
            self._bad.conclude(kept_going=self._arguments.keep_going)
            if not self._arguments.keep_going:
                raise Discarded
        check_any(self._summary.servers + self._bad.count, self._arguments.server)
        self._summary.bad_records = self._bad.count
        report.end(self._summary)

    def exit_code(self) -> int:
        """What the run ends with; bad input outweighs findings."""
        if self._bad.count:
            return BAD_INPUT
        found = any(self._summary.decisions[kind] for kind in self._arguments.fail_on or ())
        return FINDINGS if found else DONE

    def _decided(self, servers: Iterable[Server]) -> Iterator[list[Decision]]:
        """The decisions that the report shows, server by server."""
        only = self._arguments.only
        for server in filter(self._is_wanted, servers):
            if self._bad.count and not self._arguments.keep_going:
                continue
            decisions = [d for d in evaluate(self._catalogue, server) if self._is_asked(d)]
            self._summary.add(decisions)
            chosen = [d for d in decisions if not only or d.decision in only]
            if chosen:
                yield chosen

    def _is_asked(self, decision: Decision) -> bool:
        return not self._rules or decision.rule in self._rules

    def _is_wanted(self, server: Server) -> bool:
        patterns = self._arguments.server
        return patterns is None or any(map(server.is_called, patterns))


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = _parser().parse_intermixed_args(words)
    for option, is_value in (("rules", may_hold_rules), ("only", _is_decision), ("fail_on", _is_decision)):
        values, rest = given_back(getattr(arguments, option), arguments.inventory, is_value)
        setattr(arguments, option, values)
        arguments.inventory = rest
    for kind in (*(arguments.only or ()), *(arguments.fail_on or ())):
        if not _is_decision(kind):
            raise UsageError(f"{kind!r} is no decision\n    mend: write one of {', '.join(DECISIONS)}")
    check_inventories(arguments)
    return arguments


def _is_decision(word: str) -> bool:
    return word in DECISIONS


def _parser() -> Parser:
    kinds = ", ".join(DECISIONS)
    parser = Parser("evaluate", "Say which servers need which hotfix, and why.")
    add = parser.add_argument
    add("inventory", nargs="*", metavar="INVENTORY", help=_INVENTORY)
    add_rules(parser)
    add("--format", choices=(*FORMATS, *FLEET_FORMATS), help=_FORMAT)
    add("--output", metavar="FILE", help="write the report there, whole or not at all")
    add("--only", **_SEVERAL, help=f"show these alone: {kinds}")
    add(
        "--server",
        action="append",
        metavar="PATTERN",
        help="decide these servers alone; * and ? are understood",
    )
    add("--rule", action="append", metavar="ID", help="decide this rule alone; can be repeated")
    add("--fail-on", **_SEVERAL, help="exit with 1 where there is such a decision")
    add("--on", metavar="MASTER", help="decide on a Spark cluster: spark://HOST:PORT, local[2], …")
    add("--keep-going", action="store_true", help="decide the good records beside bad ones")
    return parser


_INVENTORY = (
    f"inventory files, folders or patterns ({', '.join(known.name for known in FILE_FORMATS)});"
    " - is standard input"
)
_FORMAT = "of the report (table, or summary where an inventory is in Parquet)"
_SEVERAL: dict[str, Any] = {"nargs": "+", "action": "extend", "metavar": "DECISION"}
