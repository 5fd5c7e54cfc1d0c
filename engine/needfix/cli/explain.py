"""`needfix explain`: how one decision came about, and what would change it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence

from needfix.catalogue import load_catalogue
from needfix.cli.arguments import (
    Parser,
    add_rules,
    check_inventories,
    check_output,
    close_to,
    given_back,
    known_rule,
    may_hold_rules,
)
from needfix.cli.bad_records import BadRecords
from needfix.cli.exits import BAD_INPUT, DONE
from needfix.cli.fleet_arguments import holds_parquet, libraries
from needfix.cli.output import output, style_of
from needfix.errors import UsageError
from needfix.explain.explain import explain
from needfix.intake.formats import inventory_names
from needfix.inventory import read_inventory
from needfix.model.server import Server
from needfix.report.explanation import as_text

_MOST_NAMES = 10_000
"""Names of other servers that are kept to find a close one."""


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_catalogue(arguments.rules)
    rule_id = known_rule(catalogue, arguments.rule)
    arguments.inventory = inventory_names(arguments.inventory, arguments.output)
    bad = BadRecords()
    servers = _servers(arguments, bad)
    if bad.count:
        bad.conclude(kept_going=arguments.keep_going)
        if not arguments.keep_going:
            return BAD_INPUT
    explanations = [explain(catalogue, server, rule_id) for server in servers]
    with output(arguments.output, hold_back=False) as out:
        if arguments.format == "json":
            out.writelines(json.dumps(e.as_dict(), ensure_ascii=False, indent=1) + "\n" for e in explanations)
        else:
            style = style_of(arguments.output)
            out.write("\n".join(as_text(explanation, style) for explanation in explanations))
    return BAD_INPUT if bad.count else DONE


def _servers(arguments: argparse.Namespace, bad: BadRecords) -> list[Server]:
    """The records of the server."""
    names: list[str] = []
    found: list[Server] = []
    for name, server in _named(arguments, bad):
        if server is not None:
            found.append(server)
        elif len(names) < _MOST_NAMES:
            names.append(name)
    if not found and (arguments.keep_going or not bad.count):
        hint = close_to(arguments.server, names)
        raise UsageError(f"there is no server {arguments.server!r} in the inventories{hint}")
    return found


def _named(arguments: argparse.Namespace, bad: BadRecords) -> Iterator[tuple[str, Server | None]]:
    """The names of all servers, and with it the one that is asked for."""
    if holds_parquet(arguments.inventory):
        with libraries():
            from needfix.fleet.servers import servers_named  # noqa: PLC0415 - brings in NumPy and Arrow

            yield from servers_named(arguments.server, arguments.inventory, bad.add)
        return
    wanted = arguments.server.casefold()
    for server in read_inventory(*arguments.inventory, on_problem=bad.add):
        yield server.server, server if server.server.casefold() == wanted else None


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = Parser("explain", "Show how one decision came about, and what would change it.")
    parser.add_argument("inventory", nargs="*", metavar="INVENTORY", help="as in needfix evaluate")
    parser.add_argument("--server", required=True, metavar="S", help="the name of the server")
    parser.add_argument("--rule", required=True, metavar="Q", help="the id of the rule")
    add_rules(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the answer (text)")
    parser.add_argument("--output", metavar="FILE", help="write the answer there, whole or not at all")
    parser.add_argument("--keep-going", action="store_true", help="explain in spite of bad records")
    arguments = parser.parse_intermixed_args(words)
    arguments.rules, arguments.inventory = given_back(arguments.rules, arguments.inventory, may_hold_rules)
    check_inventories(arguments)
    return arguments
