"""`needfix test`: the cases of rules, run and reported."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import compress

from needfix.cases.coverage import coverage
from needfix.cases.mutation import mutate
from needfix.cases.testing import Suite, collect
from needfix.cases.testing import run as run_item
from needfix.cli.arguments import check_output
from needfix.cli.case_filter import found_in
from needfix.cli.exits import exit_code
from needfix.cli.generate import generate
from needfix.cli.messages import complain
from needfix.cli.reports import annotated_problems, write_report
from needfix.cli.testing_arguments import parser, testing_arguments
from needfix.errors import UsageError
from needfix.model.case_report import CaseReport, WrittenCases

__all__ = ["parser", "run"]


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = testing_arguments(words)
    check_output(arguments.output, [*arguments.path, *(arguments.rules or ())])
    with annotated_problems("cases", arguments.format):
        written = generate(_collected(arguments)) if arguments.generate else ()
        suite = _suite(arguments)
    report = _report(arguments, suite, written)
    write_report("cases", arguments.format, report, arguments.output, whole=arguments.verbose)
    return _exit_code(report, arguments.fail_under)


def _report(arguments: argparse.Namespace, suite: Suite, written: tuple[WrittenCases, ...]) -> CaseReport:
    results = tuple(map(run_item, suite.items))
    return CaseReport(
        len({result.rule for result in results}),
        results,
        coverage(suite) if arguments.coverage else None,
        mutate(suite) if arguments.mutate else None,
        written,
    )


def _suite(arguments: argparse.Namespace) -> Suite:
    """The selected cases. Raises UsageError where none of them runs."""
    suite = _collected(arguments)
    if arguments.run is not None:
        names = list(dict.fromkeys(item.name for item in suite.items))
        selected = set(compress(names, found_in(arguments.run, names)))
        suite = suite.only(lambda item: item.name in selected)
    if all(item.skip is not None for item in suite.items):
        raise UsageError(_no_case(arguments, skipped=len(suite.items)))
    return suite


def _collected(arguments: argparse.Namespace) -> Suite:
    return collect(arguments.path, arguments.rules or (), with_shipped=not arguments.no_shipped)


def _no_case(arguments: argparse.Namespace, *, skipped: int) -> str:
    if skipped:
        return "no case runs: all are skipped\n    hint: remove 'skip' from those that should run"
    if arguments.run is not None:
        return f"no case matches {arguments.run!r}\n    hint: needfix test --verbose lists all cases"
    return "there is no case to run\n    hint: add 'cases' to the rules, or write some with --generate"


def _exit_code(report: CaseReport, fail_under: float) -> int:
    counts = report.counts()
    low = [percent for percent in report.percentages if percent < fail_under and not counts["error"]]
    for percent in low:
        # Not every format reports coverage and mutants, and the exit code needs a reason.
        complain(f"{percent:.1f} % is below --fail-under {fail_under:g}")
    return exit_code(bad=counts["error"], found=counts["fail"] or low)
