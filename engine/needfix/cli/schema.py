"""`needfix schema`: the JSON Schemas that editors complete and check with."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from needfix.cli.arguments import Parser
from needfix.cli.exits import DONE
from needfix.cli.output import output

_SCHEMA = dict[str, object]


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = parser().parse_args(words)
    if arguments.output:
        Path(arguments.output).parent.mkdir(parents=True, exist_ok=True)
    with output(arguments.output, hold_back=False) as out:
        out.write(json.dumps(SCHEMAS[arguments.format](), ensure_ascii=False, indent=2) + "\n")
    return DONE


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "schema",
        "Print the JSON Schema (2020-12) of a format.",
        "needfix schema rule",
        "needfix schema inventory --output schemas/inventory.schema.json",
    )
    parser.add_argument("format", choices=SCHEMAS, help="The format to describe.")
    parser.add_argument("--output", metavar="FILE", help=_OUTPUT)
    return parser


_OUTPUT = "Write the schema to FILE and create its folder (default: standard output)."


def _rule() -> _SCHEMA:
    from needfix.catalogue.schemas import rule_schema  # noqa: PLC0415 - only the chosen one

    return rule_schema()


def _product() -> _SCHEMA:
    from needfix.catalogue.schemas import product_schema  # noqa: PLC0415 - as above

    return product_schema()


def _cases() -> _SCHEMA:
    from needfix.cases.testing.case_file_format import cases_schema  # noqa: PLC0415 - as above

    return cases_schema()


def _inventory() -> _SCHEMA:
    from needfix.inventory import inventory_schema  # noqa: PLC0415 - as above

    return inventory_schema()


def _decision() -> _SCHEMA:
    from needfix.model.decision_schema import decision_schema  # noqa: PLC0415 - as above

    return decision_schema()


SCHEMAS: dict[str, Callable[[], _SCHEMA]] = {
    "rule": _rule,
    "product": _product,
    "cases": _cases,
    "inventory": _inventory,
    "decision": _decision,
}
