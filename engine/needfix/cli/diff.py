"""`needfix diff`: the decisions that a change of rules alters, and the lines that alter them."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from needfix.cli.arguments import Parser, check_inventories, check_output
from needfix.cli.bad_records import told_problems
from needfix.cli.exits import exit_code
from needfix.cli.progress import progress_bar
from needfix.cli.reports import write_report
from needfix.diff import Comparison, Request, read_sides
from needfix.diff.sides import is_path
from needfix.errors import UsageError
from needfix.intake.formats import inventory_names
from needfix.inventory.bad_records import BadRecords
from needfix.model.difference import Difference
from needfix.model.run_request import RunRequest
from needfix.report.formats import formats_of
from needfix.run import servers


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, filter(is_path, (arguments.old, arguments.new)))
    arguments.inventory = inventory_names(arguments.inventory, arguments.output)
    comparison = _comparison(arguments)
    is_found = False
    with told_problems(keep_going=arguments.keep_going) as bad:
        difference = _difference(arguments, comparison, bad)
        write_report("difference", arguments.format, difference, arguments.output)
        is_found = arguments.fail_on_change and bool(difference.transitions)
    return exit_code(bad=bad.count, found=is_found)


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "diff", "Show the decisions that a change of rules alters, and the lines that alter them."
    )
    add = parser.add_argument
    add("side", nargs="*", metavar="OLD NEW", help=_SIDE)
    add("--inventory", nargs="+", action="extend", metavar="INVENTORY", help="as in needfix evaluate")
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add("--format", choices=formats_of("difference"), default="text", help="of the report (text)")
    add("--output", metavar="FILE", help="write the report there, whole or not at all")
    add("--fail-on-change", action="store_true", help="exit with 1 where a decision or an action changes")
    add("--keep-going", action="store_true", help="decide the good records beside bad ones")
    return parser


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    if len(arguments.side) != _SIDES:
        mend = "write needfix diff OLD NEW --inventory INVENTORY…"
        raise UsageError(f"two sides are compared, and {len(arguments.side)} are named\n    mend: {mend}")
    arguments.old, arguments.new = arguments.side
    check_inventories(arguments)
    return arguments


def _comparison(arguments: argparse.Namespace) -> Comparison:
    request = Request(arguments.old, arguments.new, tuple(arguments.rules or ()))
    with tempfile.TemporaryDirectory(prefix="needfix-") as folder:
        return Comparison(*read_sides(request, Path(folder)))


def _difference(arguments: argparse.Namespace, comparison: Comparison, bad: BadRecords) -> Difference:
    """What is altered on all servers. Raises InventoryError where bad records are fatal."""
    request = RunRequest(tuple(arguments.inventory), keep_going=arguments.keep_going)
    with progress_bar(arguments.inventory) as progress:
        for _, server in servers(request, bad, lambda _: True, progress):
            if server is not None and not bad.are_fatal:
                comparison.add(server)
    bad.conclude()
    difference = comparison.difference(bad_records=bad.count)
    if not difference.servers and not bad.count:
        raise UsageError("there is no server in the inventories")
    return difference


_SIDES = 2
_SIDE = "a file, a folder or a pattern of rules, a Git revision, or REVISION:PATH"
_RULES = "where rules lie in revisions; left out: where the other side has them, else in rules"
