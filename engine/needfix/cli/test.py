"""`needfix test`: the cases of rules, run and reported."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from needfix.authoring.coverage import coverage
from needfix.authoring.mutation import mutate
from needfix.authoring.testing import Suite, collect
from needfix.authoring.testing import run as run_item
from needfix.cli.annotated import annotated_problems
from needfix.cli.arguments import Parser
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.generate import generate
from needfix.cli.output import output, style_of
from needfix.errors import UsageError
from needfix.report.cases import FORMATS, TestReport, WrittenCases
from needfix.report.document import View


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    with annotated_problems(arguments.format):
        written = generate(collect(arguments.path, arguments.rules or ())) if arguments.generate else ()
        suite = _suite(arguments)
    report = _report(arguments, suite, written)
    with output(arguments.output, hold_back=False) as out:
        view = View(style=style_of(arguments.output), whole=arguments.verbose)
        out.write(FORMATS[arguments.format](report, view))
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
    if counts["error"]:
        return BAD_INPUT
    is_low = any(percent < fail_under for percent in report.percentages)
    return FINDINGS if counts["fail"] or is_low else DONE


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser("test", "Run the cases of rules: those inside rules, and those of files *.cases.yaml.")
    add = parser.add_argument
    add("path", nargs="*", metavar="PATH", help=_PATH)
    add("--rules", action="append", metavar="PATH", help="more rules to decide with, whose cases do not run")
    add("--run", type=_pattern, metavar="REGEX", help="run cases alone in whose `RULE: name` it is found")
    add("--coverage", action="store_true", help="tell what no case reaches of each rule, and where it stands")
    add("--generate", action="store_true", help="write the missing cases into the rules, to be reviewed")
    add("--mutate", action="store_true", help="tell which small changes of the rules no case notices")
    add(
        "--fail-under",
        type=_percent,
        default=0.0,
        metavar="N",
        help="exit with 1 where less than N percent are covered or noticed",
    )
    add("--verbose", action="store_true", help="tell the cases that pass, too")
    add("--format", choices=FORMATS, default="text", help="of the results (text)")
    add("--output", metavar="FILE", help="write them there, whole or not at all")
    arguments = parser.parse_intermixed_args(words)
    if arguments.fail_under and not (arguments.coverage or arguments.mutate):
        what = "--fail-under tells how much of the rules the cases must reach or notice"
        raise UsageError(f"{what}\n    mend: add --coverage or --mutate")
    if arguments.generate and (arguments.run or not arguments.path):
        what = "--generate writes into the rules that are named by PATH, and --run chooses cases"
        raise UsageError(f"{what}\n    mend: name the files or folders of the rules, and leave --run out")
    return arguments


def _percent(text: str) -> float:
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= _WHOLE:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage; write a number from 0 to 100")
    return number


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None


_WHOLE = 100
_PATH = "files of rules or cases, folders or patterns; left out: the rules that needfix ships"
