"""`needfix rules new`: a rule to start from, written to a file of its own."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from needfix.catalogue import load_products
from needfix.catalogue.level_lookup import hint_of_product
from needfix.cli.arguments import Parser, add_no_shipped, give_back, may_hold_rules
from needfix.cli.exits import DONE
from needfix.cli.output import output
from needfix.errors import UsageError
from needfix.intake.paths import CASES, RULES
from needfix.intake.written_names import yaml_name
from needfix.model.product import ProductDefinition
from needfix.printable import printable
from needfix.rules_new.skeleton import SCHEMA, checked_id, skeleton

_SCHEMA_NEARBY = Path(".needfix", "rule.schema.json")


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    rule_id = checked_id(arguments.id)
    known = load_products(arguments.rules or (), with_shipped=not arguments.no_shipped)
    product = _product(arguments.product, known)
    if arguments.output == "-":
        sys.stdout.write(skeleton(rule_id, product, _schema(Path())))
        return DONE
    file = _file(rule_id, arguments.output)
    schema = _schema(file.parent)
    _write(file, skeleton(rule_id, product, schema))
    sys.stdout.writelines(f"{printable(line)}\n" for line in _next(file, schema, _needed(arguments)))
    return DONE


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "id", rules=may_hold_rules)
    if len(arguments.id) != 1:
        named = f"{len(arguments.id)} ids are named" if arguments.id else "no id is named"
        raise UsageError(f"{named}, and one rule is written at a time\n    hint: write needfix rules new ID")
    (arguments.id,) = arguments.id
    if arguments.no_shipped and not arguments.rules:
        what = "no product definitions are named, and the shipped ones are left out"
        raise UsageError(f"{what}\n    hint: name yours with --rules")
    return arguments


def _product(name: str, known: Mapping[str, ProductDefinition]) -> ProductDefinition:
    if name in known:
        return known[name]
    expected = f"one of {', '.join(sorted(known))}" if known else "a product definition in the files named"
    hint = hint_of_product(name, known)
    raise UsageError(f"unknown product {name!r}; expected {expected}\n    hint: {hint}")


def _file(rule_id: str, output_path: str | None) -> Path:
    """The file to write. Raises UsageError if it exists or would not be read as a rule."""
    named = Path(output_path or "")
    is_folder = output_path is None or output_path.endswith(("/", os.sep)) or named.is_dir()
    file = named / yaml_name(rule_id) if is_folder or not named.suffix else named
    if os.path.lexists(file):
        raise UsageError(f"{file} exists already\n    hint: name another file with --output")
    if CASES.takes(file.name):
        what = f"{file} has the name of a case file, so it would not be read as a rule"
        raise UsageError(f"{what}\n    hint: name another file with --output")
    if not RULES.takes(file.name):
        what = f"{file} is not named like a rule, so needfix would skip it in its folder"
        raise UsageError(f"{what}\n    hint: end the name in .yaml, or that of a folder in {os.sep}")
    return file


def _schema(folder: Path) -> str:
    """The schema that a rule in the folder names: a file in the same repository, else the address."""
    here = Path(os.path.abspath(folder))  # noqa: PTH100 - a link is not followed out of the folder
    for above in (here, *here.parents):
        if (above / _SCHEMA_NEARBY).is_file():
            return Path(os.path.relpath(above / _SCHEMA_NEARBY, here)).as_posix()
        if (above / ".git").exists():
            break
    return SCHEMA


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with output(str(file), hold_back=False) as out:
        out.write(text)


def _needed(arguments: argparse.Namespace) -> list[str]:
    """The options with which other commands know the same products."""
    rules = [f"--rules {path}" for path in arguments.rules or ()]
    return [*rules, "--no-shipped"] if arguments.no_shipped else rules


def _next(file: Path, schema: str, needed: Sequence[str]) -> Iterator[str]:
    lint = ["needfix lint", str(file), *needed]
    test = ["needfix test", str(file), *needed]
    yield f"{file} written; next: replace each TODO, then run"
    yield f"  {' '.join(lint)}"
    yield f"  {' '.join(test)}"
    if schema == SCHEMA:
        yield f"if editors cannot reach {SCHEMA}: needfix schema rule --output {_SCHEMA_NEARBY}"


def parser() -> Parser:
    """The parser of the words after `rules new`."""
    parser = Parser(
        "rules new",
        "Write a rule to start from: every key of the format, with its meaning.",
        "needfix rules new Q123456",
        "needfix rules new Q123456 --product exchange-server --output my-rules/",
    )
    add = parser.add_argument
    add("id", nargs="*", metavar="ID", help="The vendor's id of the hotfix, such as Q123456.")
    add("--product", default="exchange-server", metavar="PRODUCT", help=_PRODUCT)
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add_no_shipped(parser, "needs --rules")
    add("--output", metavar="FILE", help=_OUTPUT)
    return parser


_PRODUCT = "Id of the product that the hotfix is for (default: exchange-server)."
_RULES = "Where your own product definitions are (default: only those that needfix ships)."
_OUTPUT = "A new file, a folder, or - for standard output (default: ID.yaml)."
