"""`needfix explain`: how one decision came about, and what would change it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from needfix.catalogue import load_catalogue
from needfix.cli.arguments import (
    Parser,
    add_rules,
    check_inventories,
    check_output,
    close_to,
    give_back,
    known_rule,
    may_hold_rules,
)
from needfix.cli.bad_records import told_problems
from needfix.cli.exits import exit_code
from needfix.cli.reports import write_report
from needfix.errors import UsageError
from needfix.explain.explain import explain
from needfix.intake.formats import inventory_names
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest
from needfix.model.server import Server
from needfix.report.formats import formats_of
from needfix.run import servers

_MOST_NAMES = 10_000
"""Names of other servers that are kept to find a close one."""


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_catalogue(arguments.rules)
    rule_id = known_rule(catalogue, arguments.rule)
    arguments.inventory = inventory_names(arguments.inventory, arguments.output)
    with told_problems(keep_going=arguments.keep_going) as bad:
        found = _servers(arguments, bad)
        bad.conclude()
        explanations = [explain(catalogue, server, rule_id) for server in found]
        write_report("explanation", arguments.format, explanations, arguments.output)
    return exit_code(bad=bad.count, found=False)


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser("explain", "Show how one decision came about, and what would change it.")
    parser.add_argument("inventory", nargs="*", metavar="INVENTORY", help="as in needfix evaluate")
    parser.add_argument("--server", required=True, metavar="S", help="the name of the server")
    parser.add_argument("--rule", required=True, metavar="Q", help="the id of the rule")
    add_rules(parser)
    formats = formats_of("explanation")
    parser.add_argument("--format", choices=formats, default="text", help="of the answer (text)")
    parser.add_argument("--output", metavar="FILE", help="write the answer there, whole or not at all")
    parser.add_argument("--keep-going", action="store_true", help="explain in spite of bad records")
    return parser


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "inventory", rules=may_hold_rules)
    check_inventories(arguments)
    return arguments


def _servers(arguments: argparse.Namespace, bad: BadRecords) -> list[Server]:
    """The records of the server."""
    wanted = arguments.server.casefold()
    names: list[str] = []
    found: list[Server] = []
    request = RunRequest(tuple(arguments.inventory), keep_going=arguments.keep_going)
    for name, server in servers(request, bad, lambda name: name.casefold() == wanted):
        if server is not None:
            found.append(server)
        elif len(names) < _MOST_NAMES:
            names.append(name)
    if not found and not bad.are_fatal:
        hint = close_to(arguments.server, names)
        raise UsageError(f"there is no server {arguments.server!r} in the inventories{hint}")
    return found
