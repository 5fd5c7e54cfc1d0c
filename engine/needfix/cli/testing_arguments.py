"""What `needfix test` can be asked."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from needfix.cli.arguments import Parser, give_back, may_hold_rules
from needfix.errors import UsageError
from needfix.report.formats import formats_of

_WHOLE = 100
_PATH = "files of rules or cases, folders or patterns; left out: the rules that needfix ships"
_RULES = "more rules to decide with, whose own cases do not run"
_FAIL_UNDER = "exit with 1 where less than N percent are covered or noticed"


def testing_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The arguments; raises UsageError where they make no sense together."""
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "path", rules=may_hold_rules)
    if arguments.fail_under and not (arguments.coverage or arguments.mutate):
        what = "--fail-under tells how much of the rules the cases must reach or notice"
        raise UsageError(f"{what}\n    mend: add --coverage or --mutate")
    if arguments.generate and (arguments.run or not arguments.path):
        what = "--generate writes into the rules that are named by PATH, and --run chooses cases"
        raise UsageError(f"{what}\n    mend: name the files or folders of the rules, and leave --run out")
    return arguments


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser("test", "Run the cases of rules: those inside rules, and those of files *.cases.yaml.")
    add = parser.add_argument
    add("path", nargs="*", metavar="PATH", help=_PATH)
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add("--run", metavar="REGEX", help="run cases alone in whose `RULE: name` it is found")
    add("--coverage", action="store_true", help="tell what no case reaches of each rule, and where it stands")
    add("--generate", action="store_true", help="write the missing cases into the rules, to be reviewed")
    add("--mutate", action="store_true", help="tell which small changes of the rules no case notices")
    add("--fail-under", type=_percent, default=0.0, metavar="N", help=_FAIL_UNDER)
    add("--verbose", action="store_true", help="tell the cases that pass, too")
    add("--format", choices=formats_of("cases"), default="text", help="of the results (text)")
    add("--output", metavar="FILE", help="write them there, whole or not at all")
    return parser


def _percent(text: str) -> float:
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= _WHOLE:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage; write a number from 0 to 100")
    return number
