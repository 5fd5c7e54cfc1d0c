"""`needfix ask`: which symptoms have to be confirmed, as a sheet to fill in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from needfix.catalogue import Catalogue, load_for_decisions
from needfix.cli.arguments import (
    OUTPUT,
    Parser,
    add_rules,
    check_inventories,
    check_output,
    give_back,
    may_hold_rules,
)
from needfix.cli.bad_records import reported_problems
from needfix.cli.exits import exit_code
from needfix.cli.inventory_arguments import INVENTORY, add_reading, request_of
from needfix.cli.messages import complain
from needfix.cli.output import output, style_of
from needfix.cli.rule_choice import RuleWords, chosen_rules, comma_lists
from needfix.decide.engine import engine_of
from needfix.decide.evaluate import decisions_of
from needfix.decide.evaluation import Evaluation
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest, Selection
from needfix.model.server import Server
from needfix.report.questions import Question, write_questions
from needfix.report.style import plural
from needfix.run import servers, with_files


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_for_decisions(arguments.rules, with_shipped=not arguments.no_shipped)
    selection = Selection(
        chosen_rules(catalogue, RuleWords(comma_lists(arguments.rule))),
        tuple(comma_lists(arguments.server) or ()) or None,
    )
    request = with_files(request_of(arguments, catalogue, selection), arguments.output)
    is_shown = style_of(arguments.output).width > 0
    with (
        reported_problems(request, is_quiet=arguments.quiet) as bad,
        output(arguments.output, hold_back=True) as out,
    ):
        asked = write_questions(out, _questions(catalogue, request, bad), is_shown=is_shown)
    if arguments.output not in (None, "-") and not arguments.quiet:
        about = plural(asked.servers, "server")
        complain(f"{plural(asked.questions, 'question')} about {about}: {_NEXT}")
    return exit_code(bad=bad.count, found=False)


_NEXT = "fill in the answers, and evaluate with --answers"


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "ask",
        "Write the symptoms that have to be confirmed as a sheet to fill in, which --answers reads.",
        "needfix ask servers.json --output answers.csv",
        "needfix ask servers.csv --server 'MAIL*' --rule Q279798",
    )
    add = parser.add_argument
    add("inventory", nargs="*", metavar="INVENTORY", help=INVENTORY)
    add_rules(parser)
    add("--output", metavar="FILE", help=OUTPUT)
    add("--server", action="append", metavar="PATTERN", help=_SERVER)
    add("--rule", action="append", metavar="ID", help=_RULE)
    add_reading(parser)
    return parser


_SERVER = "Ask only about servers matching PATTERN (wildcards * and ?), with commas between several."
_RULE = "Ask only for these rules: ids, updates or patterns, with commas between several."


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "inventory", rules=may_hold_rules)
    check_inventories(arguments)
    return arguments


def _questions(catalogue: Catalogue, request: RunRequest, bad: BadRecords) -> Iterator[Question]:
    """The symptoms that nothing is stated of, of rules that apply only where there are any."""
    engine, chosen = engine_of(catalogue), request.selection
    rules = chosen.rules
    order = None if rules is None else engine.order_of(rules)
    for _, server in servers(request, bad, chosen.has_server):
        for decision in () if server is None else decisions_of(Evaluation(engine, server, order), rules):
            if server is not None and decision.action == "confirm-symptoms":
                yield from _open(catalogue, server, decision.rule)


def _open(catalogue: Catalogue, server: Server, rule_id: str) -> Iterator[Question]:
    stated = {own.casefold() for own in (*(server.observed or ()), *(server.absent or ()))}
    for symptom in catalogue[rule_id].symptoms:
        names = {symptom.id.casefold(), f"{rule_id}/{symptom.id}".casefold()}
        if stated.isdisjoint(names):
            yield Question(server.server, rule_id, symptom.text)
