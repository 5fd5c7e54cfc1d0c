"""`needfix explain`: how decisions were reached, and what would change them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

from needfix.catalogue import load_for_decisions
from needfix.cli.arguments import (
    FORMAT,
    OUTPUT,
    Parser,
    add_rules,
    check_inventories,
    check_output,
    close_to,
    give_back,
    may_hold_rules,
)
from needfix.cli.bad_records import reported_problems
from needfix.cli.exits import exit_code
from needfix.cli.inventory_arguments import INVENTORY, add_reading, request_of
from needfix.cli.reports import write_report
from needfix.cli.rule_choice import RuleWords, chosen_rules, comma_lists
from needfix.decide.engine import engine_of
from needfix.errors import UsageError
from needfix.explain.explain import explain
from needfix.intake.notes import Placed
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest, Selection
from needfix.model.server import Server
from needfix.report.formats import formats_of
from needfix.run import servers, with_files

_MOST_NAMES = 10_000
"""Names of other servers that are kept to find a close one."""


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_for_decisions(arguments.rules, with_shipped=not arguments.no_shipped)
    rule_ids = chosen_rules(catalogue, RuleWords(rules=arguments.rule)) or ()
    request = with_files(request_of(arguments, catalogue), arguments.output)
    with reported_problems(request, is_quiet=arguments.quiet) as bad:
        noted = partial(engine_of(catalogue).placed, today=datetime.now(UTC).date())
        found = _servers(request, arguments.server, bad, noted)
        explanations = [explain(catalogue, server, rule_id) for server in found for rule_id in rule_ids]
        write_report("explanation", arguments.format, explanations, arguments.output)
    return exit_code(bad=bad.count, found=False)


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "explain",
        "Show how decisions were reached, and what would change them.",
        "needfix explain servers.json --server MAIL01 --rule Q279798",
        "needfix explain inventories/ --rules my-rules/ --server MAIL01 --rule Q279798 --format json",
    )
    add = parser.add_argument
    add("inventory", nargs="*", metavar="INVENTORY", help=INVENTORY)
    add("--server", action="append", required=True, metavar="PATTERN", help=_SERVER)
    add("--rule", action="append", required=True, metavar="ID", help=_RULE)
    add_rules(parser)
    add("--format", choices=formats_of("explanation"), default="text", help=FORMAT)
    add("--output", metavar="FILE", help=OUTPUT)
    add_reading(parser, _KEEP_GOING)
    return parser


_SERVER = (
    "Name of the server, or a pattern with * and ?, or several with commas between them (required); may be"
    " repeated."
)
_RULE = (
    "Id or update of the rule, in any spelling, or a pattern with * and ?, or several with commas between"
    " them (required); may be repeated."
)
_KEEP_GOING = "Explain even if other records are bad; the exit code is still 2."


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "inventory", rules=may_hold_rules)
    check_inventories(arguments)
    arguments.server, arguments.rule = comma_lists(arguments.server), comma_lists(arguments.rule)
    return arguments


def _servers(
    request: RunRequest,
    requested: Sequence[str],
    bad: BadRecords,
    noted: Callable[[Server], Iterable[Placed]],
) -> list[Server]:
    """The records of the requested servers."""
    names: list[str] = []
    found: list[Server] = []
    for name, server in servers(request, bad, Selection(servers=tuple(requested)).has_server, noted):
        if server is not None:
            found.append(server)
        elif len(names) < _MOST_NAMES:
            names.append(name)
    missing = [word for word in requested if not any(server.is_called(word) for server in found)]
    if missing:
        hint = close_to(missing[0], names)
        raise UsageError(f"there is no server {missing[0]!r} in the inventories{hint}")
    return found
