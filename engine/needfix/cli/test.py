"""`needfix test`: the cases of rules, run and reported."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from needfix.cases.coverage import coverage
from needfix.cases.mutation import mutate
from needfix.cases.testing import Suite, collect
from needfix.cases.testing import run as run_item
from needfix.cli.arguments import check_output
from needfix.cli.exits import exit_code
from needfix.cli.generate import generate
from needfix.cli.messages import complain
from needfix.cli.reports import annotated_problems, write_report
from needfix.cli.testing_arguments import parser, testing_arguments
from needfix.errors import UsageError
from needfix.model.test_report import TestReport, WrittenCases

__all__ = ["parser", "run"]


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = testing_arguments(words)
    check_output(arguments.output, [*arguments.path, *(arguments.rules or ())])
    with annotated_problems(arguments.format):
        written = generate(collect(arguments.path, arguments.rules or ())) if arguments.generate else ()
        suite = _suite(arguments)
    report = _report(arguments, suite, written)
    write_report("cases", arguments.format, report, arguments.output, whole=arguments.verbose)
    return _exit_code(report, arguments.fail_under)


def _report(arguments: argparse.Namespace, suite: Suite, written: tuple[WrittenCases, ...]) -> TestReport:
    results = tuple(map(run_item, suite.items))
    return TestReport(
        len({result.rule for result in results}),
        results,
        coverage(suite) if arguments.coverage else None,
        mutate(suite) if arguments.mutate else None,
        written,
    )


def _suite(arguments: argparse.Namespace) -> Suite:
    """The wanted cases. Raises UsageError where none of them runs."""
    wanted: re.Pattern[str] | None = arguments.run
    suite = collect(arguments.path, arguments.rules or ())
    if wanted is not None:
        suite = suite.only(lambda item: wanted.search(item.name) is not None)
    if all(item.skip is not None for item in suite.items):
        raise UsageError(_no_case(arguments, skipped=len(suite.items)))
    return suite


def _no_case(arguments: argparse.Namespace, *, skipped: int) -> str:
    if skipped:
        return "no case runs: all of them are skipped\n    mend: remove 'skip' from those that should run"
    if arguments.run is not None:
        return f"no case matches {arguments.run.pattern!r}\n    mend: needfix test --verbose lists all cases"
    return "no case is there to run\n    mend: add 'cases' to the rules, or let --generate write some"


def _exit_code(report: TestReport, fail_under: float) -> int:
    counts = report.counts()
    low = [percent for percent in report.percentages if percent < fail_under and not counts["error"]]
    for percent in low:
        # Not every format tells coverage and mutants, and the exit code needs its reason.
        complain(f"{percent:.1f} % are less than --fail-under {fail_under:g}")
    return exit_code(bad=counts["error"], found=counts["fail"] or low)
