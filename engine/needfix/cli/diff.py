"""`needfix diff`: which decisions a change of rules alters, and which lines alter them."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from needfix.cli.arguments import (
    FORMAT,
    OUTPUT,
    Parser,
    add_no_shipped,
    check_inventories,
    check_output,
)
from needfix.cli.bad_records import reported_problems
from needfix.cli.exits import exit_code
from needfix.cli.inventory_arguments import INVENTORY, add_reading, request_of
from needfix.cli.progress import progress_bar
from needfix.cli.reports import write_report
from needfix.diff import Comparison, Request, read_sides
from needfix.diff.sides import is_path
from needfix.errors import UsageError
from needfix.inventory.bad_records import BadRecords
from needfix.model.difference import Difference
from needfix.model.run_request import RunRequest
from needfix.report.formats import formats_of
from needfix.run import servers, with_files


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, filter(is_path, (arguments.old, arguments.new)))
    comparison = _comparison(arguments)
    request = with_files(request_of(arguments, comparison.rules), arguments.output)
    is_found = False
    with reported_problems(request, is_quiet=arguments.quiet) as bad:
        difference = _difference(request, comparison, bad)
        write_report("difference", arguments.format, difference, arguments.output)
        is_found = arguments.fail_on_change and bool(difference.transitions)
    return exit_code(bad=bad.count, found=is_found)


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "diff",
        "Show which decisions a change of rules alters, and which changed lines alter them.",
        "needfix diff old-rules/ new-rules/ --inventory servers.json",
        "needfix diff main my-branch --inventory servers.csv --format markdown",
        "needfix diff HEAD~1 rules/ --inventory servers.json --fail-on-change",
    )
    add = parser.add_argument
    add("side", nargs="*", metavar="OLD NEW", help=_SIDE)
    add("--inventory", nargs="+", action="extend", metavar="INVENTORY", help=INVENTORY)
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add_no_shipped(parser, "both sides then define their products")
    add("--format", choices=formats_of("difference"), default="text", help=FORMAT)
    add("--output", metavar="FILE", help=OUTPUT)
    add("--fail-on-change", action="store_true", help="Exit with 1 if a decision or an action changes.")
    add_reading(parser)
    return parser


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    if len(arguments.side) != _SIDES:
        hint = "write needfix diff OLD NEW --inventory INVENTORY…"
        named = "1 is named" if len(arguments.side) == 1 else f"{len(arguments.side)} are named"
        raise UsageError(f"diff compares two sides, OLD and NEW, but {named}\n    hint: {hint}")
    arguments.old, arguments.new = arguments.side
    check_inventories(arguments)
    return arguments


def _comparison(arguments: argparse.Namespace) -> Comparison:
    rules = tuple(arguments.rules or ())
    request = Request(arguments.old, arguments.new, rules, with_shipped=not arguments.no_shipped)
    with tempfile.TemporaryDirectory(prefix="needfix-") as folder:
        return Comparison(*read_sides(request, Path(folder)))


def _difference(request: RunRequest, comparison: Comparison, bad: BadRecords) -> Difference:
    """The difference on all servers."""
    with progress_bar(request.names) as progress:
        for _, server in servers(request, bad, lambda _: True, progress=progress):
            if server is not None:
                comparison.add(server)
    return comparison.difference(bad_records=bad.count)


_SIDES = 2
_SIDE = "Old and new rules, each a file, folder or pattern, a Git revision, or REVISION:PATH."
_RULES = "Path of the rules in Git revisions (default: the path of the other side, or else rules)."
