"""`needfix export oval`: rules as OVAL definitions, and servers as OVAL system characteristics."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from needfix.catalogue import Catalogue, load_for_decisions
from needfix.cli.arguments import (
    Parser,
    add_rules,
    check_output,
    close_to,
    may_hold_rules,
)
from needfix.cli.bad_records import reported_problems
from needfix.cli.exits import exit_code
from needfix.cli.inventory_arguments import INVENTORY, add_reading, request_of
from needfix.cli.messages import complain, state_problems
from needfix.cli.output import output
from needfix.cli.output_folder import whole_folder
from needfix.cli.rule_choice import RuleWords, chosen_rules, comma_lists
from needfix.errors import CatalogueError, UsageError
from needfix.exporting.oval import Export, characteristics, definitions, export_rules, value_object
from needfix.exporting.oval.objects import ValueObject
from needfix.exporting.oval.observed import without_place
from needfix.exporting.oval.xml import document
from needfix.intake.written_names import written_name
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest
from needfix.report.style import plural
from needfix.run import servers, with_files

_DEFINITIONS = "definitions.xml"


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code. Nothing is written before every rule is translated."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_for_decisions(arguments.rules, with_shipped=not arguments.no_shipped)
    values = _build_values(catalogue, arguments.build_value or ())
    chosen = chosen_rules(catalogue, RuleWords(rules=comma_lists(arguments.rule)))
    export = export_rules(catalogue, chosen, values)
    if export.problems and not (arguments.keep_going and export.chosen):
        raise CatalogueError(export.problems)
    state_problems(export.problems)
    if not arguments.inventory:
        with output(arguments.output, hold_back=True) as out:
            out.writelines(document(definitions(export)))
        return exit_code(bad=len(export.problems), found=False)
    request = with_files(request_of(arguments, catalogue))
    with reported_problems(request, is_quiet=arguments.quiet) as bad:
        _write_folder(export, request, bad, arguments.output)
    return exit_code(bad=bad.count + len(export.problems), found=False)


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "export",
        "Write rules as OVAL 5.11 definitions, and inventories as OVAL system characteristics.",
        "needfix export oval --output needfix.xml",
        "needfix export oval servers.json --rule 'Q2797*' --output oval/",
        r"needfix export oval --rules my-rules/ --build-value 'my-product=HKLM\SOFTWARE\Vendor\Version'",
    )
    add = parser.add_argument
    add("format", choices=("oval",), help="Format of the export.")
    add("inventory", nargs="*", metavar="INVENTORY", help=f"{INVENTORY} Needs --output.")
    add_rules(parser)
    add("--rule", action="append", metavar="ID", help=_RULE)
    add("--build-value", action="append", metavar="PRODUCT=KEY", help=_BUILD_VALUE)
    add("--output", metavar="PATH", help=_OUTPUT)
    add_reading(parser, _KEEP_GOING)
    return parser


_RULE = (
    "Export only these rules: ids or updates, in any spelling, with commas between them, or patterns with"
    " * and ?; may be repeated."
)
_BUILD_VALUE = (
    "The registry value that holds the build of a product, for products without a key file; * in the key is"
    " any text within one of its parts. May be repeated."
)
_OUTPUT = (
    "Write the definitions to the file PATH (default: standard output); with inventories, PATH is a new"
    f" folder for {_DEFINITIONS} and one file for each server. It is written whole or not at all."
)
_KEEP_GOING = (
    "Leave out rules that OVAL cannot express, and bad records, and write the others; the exit code is"
    " still 2."
)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    rules = arguments.rules or []
    if not arguments.inventory:  # in `--rules RULES INVENTORY` the option takes both
        end = next(
            (place for place, word in enumerate(rules) if place and not may_hold_rules(word)), len(rules)
        )
        arguments.rules, arguments.inventory = rules[:end] or None, rules[end:]
    if arguments.inventory and arguments.output in (None, "-"):
        raise UsageError("inventories need a folder\n    hint: name a new folder with --output")
    return arguments


def _build_values(catalogue: Catalogue, words: Iterable[str]) -> dict[str, ValueObject]:
    found: dict[str, ValueObject] = {}
    for word in words:
        product, _, text = word.partition("=")
        value = value_object(text)
        if product not in catalogue.products:
            raise UsageError(f"there is no product {product!r}{close_to(product, catalogue.products)}")
        if value is None:
            what = f"{text!r} names no value of the registry"
            raise UsageError(f"{what}\n    hint: write {product}=HKLM\\SOFTWARE\\Vendor\\Version")
        found[product] = value
    return found


def _write_folder(export: Export, request: RunRequest, bad: BadRecords, folder: str) -> None:
    """Write the definitions and the servers, or nothing after a bad record that ends the run."""
    make = characteristics(export)
    left_out: Counter[str] = Counter()
    with whole_folder(folder) as path:
        _write(path / _DEFINITIONS, document(definitions(export)))
        names = {_DEFINITIONS}
        for name, server in servers(request, bad, lambda _: True):
            if server is not None:
                left_out.update(without_place(server))
                _write(path / _new_name(name, names), document(make(server)))
    if left_out:
        counts = ", ".join(f"{what} ({plural(count, 'server')})" for what, count in sorted(left_out.items()))
        complain(f"note: OVAL has no place for some facts: {counts}")


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(lines)


def _new_name(server: str, names: set[str]) -> str:
    """The name of a server's file, which no other file has, on systems without case in names either."""
    name = written_name(server, "xml", names)
    names.add(name.casefold())
    return name
