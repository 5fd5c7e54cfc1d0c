"""`needfix diff`: the decisions that a change of rules alters, and the lines that alter them."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from needfix.cli.arguments import Parser, check_inventories, check_output
from needfix.cli.bad_records import BadRecords
from needfix.cli.exits import BAD_INPUT, DONE, FINDINGS
from needfix.cli.output import output, style_of
from needfix.cli.progress import progress_bar
from needfix.diff import Comparison, Request, read_sides
from needfix.diff.sides import is_path
from needfix.errors import UsageError
from needfix.intake.formats import inventory_names
from needfix.inventory import read_inventory
from needfix.model.difference import Difference
from needfix.report.difference import FORMATS


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, filter(is_path, (arguments.old, arguments.new)))
    arguments.inventory = inventory_names(arguments.inventory, arguments.output)
    difference = _difference(arguments, _comparison(arguments))
    if difference is None:
        return BAD_INPUT
    with output(arguments.output, hold_back=False) as out:
        out.write(FORMATS[arguments.format](difference, style_of(arguments.output)))
    return _exit_code(arguments, difference)


def _comparison(arguments: argparse.Namespace) -> Comparison:
    request = Request(arguments.old, arguments.new, tuple(arguments.rules or ()))
    with tempfile.TemporaryDirectory(prefix="needfix-") as folder:
        return Comparison(*read_sides(request, Path(folder)))


def _difference(arguments: argparse.Namespace, comparison: Comparison) -> Difference | None:
    """What is altered on all servers; None where bad records leave nothing to tell."""
    bad = BadRecords()
    with progress_bar(arguments.inventory) as progress:
        for server in read_inventory(*arguments.inventory, on_problem=bad.add, progress=progress):
            if arguments.keep_going or not bad.count:
                comparison.add(server)
    if bad.count:
        bad.conclude(kept_going=arguments.keep_going)
        if not arguments.keep_going:
            return None
    difference = comparison.difference(bad_records=bad.count)
    if not difference.servers and not bad.count:
        raise UsageError("there is no server in the inventories")
    return difference


def _exit_code(arguments: argparse.Namespace, difference: Difference) -> int:
    """What the run ends with; bad input outweighs changes."""
    if difference.bad_records:
        return BAD_INPUT
    return FINDINGS if arguments.fail_on_change and difference.transitions else DONE


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "diff", "Show the decisions that a change of rules alters, and the lines that alter them."
    )
    add = parser.add_argument
    add("side", nargs="*", metavar="OLD NEW", help=_SIDE)
    add("--inventory", nargs="+", action="extend", metavar="INVENTORY", help="as in needfix evaluate")
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add("--format", choices=FORMATS, default="text", help="of the report (text)")
    add("--output", metavar="FILE", help="write the report there, whole or not at all")
    add("--fail-on-change", action="store_true", help="exit with 1 where a decision or an action changes")
    add("--keep-going", action="store_true", help="decide the good records beside bad ones")
    arguments = parser.parse_intermixed_args(words)
    if len(arguments.side) != _SIDES:
        mend = "write needfix diff OLD NEW --inventory INVENTORY…"
        raise UsageError(f"two sides are compared, and {len(arguments.side)} are named\n    mend: {mend}")
    arguments.old, arguments.new = arguments.side
    check_inventories(arguments)
    return arguments


_SIDES = 2
_SIDE = "a file, a folder or a pattern of rules, a Git revision, or REVISION:PATH"
_RULES = "where rules lie in revisions; left out: where the other side has them, else in rules"
