"""The arguments of `needfix test`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from needfix.cli.arguments import FORMAT, OUTPUT, Parser, add_no_shipped, give_back, may_hold_rules
from needfix.errors import UsageError
from needfix.report.formats import formats_of

_WHOLE = 100
_PATH = "Rule or case files, folders or patterns (default: the rules that needfix ships)."
_RULES = "Additional rules to decide with, whose own cases do not run (default: none)."
_RUN = "Run only cases in whose `RULE: name` this regular expression is found (default: all)."
_COVERAGE = "List what no case reaches in each rule, with its line."
_GENERATE = "Write the missing cases into the rules, marked for review."
_MUTATE = "List the small changes of rules that no case detects."
_FAIL_UNDER = "Exit with 1 if coverage or the share of detected mutants is below N percent (default: 0)."


def testing_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The arguments. Raises UsageError where they cannot be combined."""
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "path", rules=may_hold_rules)
    if arguments.fail_under and not (arguments.coverage or arguments.mutate):
        what = "--fail-under needs a percentage of coverage or of detected mutants to compare"
        raise UsageError(f"{what}\n    hint: add --coverage or --mutate")
    if arguments.generate and (arguments.run or not arguments.path):
        what = "--generate needs a PATH to write to, and cannot be combined with --run"
        raise UsageError(f"{what}\n    hint: name the files or folders of the rules, and leave --run out")
    return arguments


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "test",
        "Run the test cases of rules: those inside rules, and those in files *.cases.yaml.",
        "needfix test rules/",
        "needfix test rules/ --coverage --mutate --fail-under 90",
        "needfix test rules/Q279798.yaml --run 'SP4' --verbose",
    )
    add = parser.add_argument
    add("path", nargs="*", metavar="PATH", help=_PATH)
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add_no_shipped(parser, "needs a PATH")
    add("--run", metavar="REGEX", help=_RUN)
    add("--coverage", action="store_true", help=_COVERAGE)
    add("--generate", action="store_true", help=_GENERATE)
    add("--mutate", action="store_true", help=_MUTATE)
    add("--fail-under", type=_percent, default=0.0, metavar="N", help=_FAIL_UNDER)
    add("--verbose", action="store_true", help="Also list the cases that pass.")
    add("--format", choices=formats_of("cases"), default="text", help=FORMAT)
    add("--output", metavar="FILE", help=OUTPUT)
    return parser


def _percent(text: str) -> float:
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= _WHOLE:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage; write a number from 0 to 100")
    return number
