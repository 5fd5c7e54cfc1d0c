"""`needfix evaluate --on MASTER`: fleets decided on a Spark cluster."""

from __future__ import annotations

import argparse
from pathlib import Path

from needfix.catalogue import Catalogue
from needfix.cli.arguments import check_any, known_rule
from needfix.cli.bad_records import concluded
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.messages import state_problems
from needfix.cli.output import output, style_of
from needfix.errors import UsageError
from needfix.model.decision import DECISIONS
from needfix.model.fleet_summary import FleetSummary
from needfix.report.document import View
from needfix.report.fleet_summary import SUMMARIES
from needfix.spark.asked import SparkRequest
from needfix.spark.run import evaluate_on


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Run the command; the answer is the exit code."""
    _check(arguments)
    rules = tuple(known_rule(catalogue, rule_id) for rule_id in arguments.rule or ()) or None
    servers = tuple(arguments.server) if arguments.server else None
    asked = SparkRequest(tuple(arguments.only or DECISIONS), rules, servers, arguments.keep_going)
    folder = arguments.output if arguments.format == "parquet" else None
    ran = evaluate_on(arguments.on, arguments.inventory, catalogue, asked, folder)
    state_problems(ran.problems)
    bad = ran.summary.bad_records
    check_any(ran.summary.servers + bad, arguments.server)
    if bad:
        concluded(bad, len(ran.problems), kept_going=arguments.keep_going)
    if arguments.format in SUMMARIES and (not bad or arguments.keep_going):
        _write_summary(arguments, catalogue, ran.summary)
    if bad:
        return BAD_INPUT
    return FINDINGS if any(ran.summary.decided(kind) for kind in arguments.fail_on or ()) else DONE


def _check(arguments: argparse.Namespace) -> None:
    """Raise UsageError where a cluster cannot do what is asked."""
    if arguments.format != "parquet" and arguments.format not in SUMMARIES:
        mend = f"write {', '.join(SUMMARIES)} or parquet"
        raise UsageError(f"--format {arguments.format} is not to be had from Spark\n    mend: {mend}")
    if arguments.format == "parquet" and arguments.output in (None, "-"):
        raise UsageError("Spark writes decisions into a folder\n    mend: name one with --output")
    if arguments.format == "parquet" and Path(arguments.output).is_file():
        raise UsageError(f"{arguments.output} is a file\n    mend: name a folder with --output")


def _write_summary(arguments: argparse.Namespace, catalogue: Catalogue, summary: FleetSummary) -> None:
    view = View({rule.id: rule.title for rule in catalogue}, style_of(arguments.output))
    with output(arguments.output, hold_back=False) as out:
        SUMMARIES[arguments.format](out, summary, view)
