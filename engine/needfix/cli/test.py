"""`needfix test`: the cases of rules, run and reported."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from needfix.authoring.testing import Suite, collect
from needfix.authoring.testing import run as run_item
from needfix.cli.annotated import annotated_problems
from needfix.cli.arguments import Parser
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.output import output, style_of
from needfix.errors import UsageError
from needfix.model.case_result import CaseResult
from needfix.report.cases import FORMATS, TestReport
from needfix.report.document import View


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    suite = _suite(arguments)
    results = _results(suite, arguments.run)
    report = TestReport(len({result.rule for result in results}), results)
    with output(arguments.output, hold_back=False) as out:
        view = View(style=style_of(arguments.output), whole=arguments.verbose)
        out.write(FORMATS[arguments.format](report, view))
    return _exit_code(results)


def _suite(arguments: argparse.Namespace) -> Suite:
    with annotated_problems(arguments.format):
        return collect(arguments.path, arguments.rules or ())


def _results(suite: Suite, wanted: re.Pattern[str] | None) -> tuple[CaseResult, ...]:
    """What comes of the wanted cases. Raises UsageError where none of them runs."""
    items = [item for item in suite.items if wanted is None or wanted.search(item.name)]
    if all(item.skip is not None for item in items):
        raise UsageError(_no_case(suite, wanted, skipped=len(items)))
    return tuple(run_item(item) for item in items)


def _no_case(suite: Suite, wanted: re.Pattern[str] | None, *, skipped: int) -> str:
    if skipped:
        return "no case runs: all of them are skipped\n    mend: remove 'skip' from those that should run"
    if wanted is not None and suite.items:
        return f"no case matches {wanted.pattern!r}\n    mend: needfix test --verbose lists all cases"
    return "no case is there to run\n    mend: add 'cases' to the rules, or name files *.cases.yaml"


def _exit_code(results: Sequence[CaseResult]) -> int:
    statuses = {result.status for result in results}
    if "error" in statuses:
        return BAD_INPUT
    return FINDINGS if "fail" in statuses else DONE


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser("test", "Run the cases of rules: those inside rules, and those of files *.cases.yaml.")
    add = parser.add_argument
    add("path", nargs="*", metavar="PATH", help=_PATH)
    add("--rules", action="append", metavar="PATH", help="more rules to decide with, whose cases do not run")
    add("--run", type=_pattern, metavar="REGEX", help="run cases alone in whose `RULE: name` it is found")
    add("--verbose", action="store_true", help="tell the cases that pass, too")
    add("--format", choices=FORMATS, default="text", help="of the results (text)")
    add("--output", metavar="FILE", help="write them there, whole or not at all")
    return parser.parse_intermixed_args(words)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None


_PATH = "files of rules or cases, folders or patterns; left out: the rules that needfix ships"
