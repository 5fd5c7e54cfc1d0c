"""`needfix import kb`: knowledge-base articles turned into rule files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from needfix.catalogue import load_products
from needfix.cli.arguments import Parser, add_no_shipped, give_back, may_hold_rules
from needfix.cli.exits import BAD_INPUT, DONE
from needfix.cli.import_folder import check_writable, folder_named
from needfix.cli.messages import state_problems
from needfix.cli.output import output
from needfix.errors import InputError, Position, Problem, UsageError
from needfix.importing.kb.kb import Existing, ImportedProduct, ImportedRule, KbImport, existing, stamped
from needfix.importing.kb.sources import ARTICLES, article_files, read_articles
from needfix.intake.paths import RULES, may_name, named_files, none_named
from needfix.intake.written_names import yaml_name
from needfix.model.product import ProductDefinition
from needfix.printable import printable
from needfix.report.style import plural


@dataclass(slots=True)
class _Imported:
    """What was written so far, and the problems met."""

    rules: int = 0
    with_review: int = 0
    items: int = 0
    products: int = 0
    problems: list[Problem] = field(default_factory=list)


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code.

    Nothing is written before every article is read, and product definitions before the rules that
    need them.
    """
    arguments = _arguments(words)
    files = article_files(arguments.article)
    folder = folder_named(arguments.output, "--output")
    known, drafts = _products(arguments, folder)
    importing = KbImport(known, drafts, accept_ranges=arguments.accept_ranges)
    outcome = _Imported()
    rules = [
        rule
        for file in files
        for rule in importing.rules(read_articles(file, sys.stdin.buffer, outcome.problems), outcome.problems)
    ]
    if rules:
        check_writable(folder)
    for product in importing.products():
        outcome.products += _written(product, folder, outcome, overwrite=arguments.overwrite)
    for rule in rules:
        _write_rule(rule, folder, outcome, overwrite=arguments.overwrite)
    state_problems(outcome.problems)
    sys.stdout.writelines(f"{printable(line)}\n" for line in _summary(outcome, folder, _needed(arguments)))
    return BAD_INPUT if outcome.problems else DONE


def _needed(arguments: argparse.Namespace) -> list[str]:
    """The words after which other commands know the same products."""
    return [*(arguments.rules or ()), *(["--no-shipped"] if arguments.no_shipped else ())]


def _products(
    arguments: argparse.Namespace, folder: Path
) -> tuple[dict[str, ProductDefinition], dict[str, ProductDefinition]]:
    """The definitions that are known, and those among them that earlier imports drafted."""
    beside = _definitions(folder / "products")
    named = [*(arguments.rules or ()), *beside]
    known = load_products(named, with_shipped=not arguments.no_shipped)
    drafted = {
        product: definition
        for product, definition in known.items()
        if definition.at is not None
        and definition.at.file == str(folder / "products" / yaml_name(product))
        and existing(Path(definition.at.file)) is Existing.AS_IMPORTED
    }
    return known, drafted


def _definitions(folder: Path) -> list[str]:
    """The files of rules and definitions in a folder, if there are any."""
    if not folder.is_dir() or not may_name(str(folder), RULES):
        return []
    files, problems = named_files([str(folder)], RULES)
    if problems:
        raise InputError(problems)
    return files


def _write_rule(rule: ImportedRule, folder: Path, outcome: _Imported, *, overwrite: bool) -> None:
    if _written(rule, folder, outcome, overwrite=overwrite):
        outcome.rules += 1
        outcome.with_review += bool(rule.draft.doubts)
        outcome.items += len(rule.draft.doubts)


def _written(
    imported: ImportedRule | ImportedProduct, folder: Path, outcome: _Imported, *, overwrite: bool
) -> bool:
    """Write a file, unless somebody has edited the one that is there."""
    path = folder / imported.file
    if path.is_symlink() or path.is_dir():
        what = "this is a link or a folder, and needfix writes only to files"
        outcome.problems.append(Problem(Position(str(path), 1), what, "a file", "move it away"))
        return False
    if existing(path) is Existing.EDITED and not overwrite:
        what = "this file was edited after its import, or was not imported; it is not replaced"
        hint = "move it away, import into another folder, or use --overwrite"
        outcome.problems.append(Problem(Position(str(path), 1), what, "", hint))
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with output(str(path), hold_back=False) as out:
            out.write(stamped(imported.text))
    except (OSError, UsageError) as error:
        why = f"cannot write {path.parent}: {error.strerror}" if isinstance(error, OSError) else str(error)
        outcome.problems.append(Problem(Position(str(path), 1), why))
        return False
    return True


def _summary(outcome: _Imported, folder: Path, needed: Sequence[str]) -> Iterator[str]:
    items = plural(outcome.items, "review item")
    open_questions = f"; {outcome.with_review} of them with {items}" if outcome.items else ""
    yield f"{plural(outcome.rules, 'rule')} written to {folder}{open_questions}"
    if outcome.products:
        products = plural(outcome.products, "product definition")
        yield f"{products} drafted in {folder / 'products'}: check their levels"
    if outcome.problems:
        problems = plural(len(outcome.problems), "problem")
        yield f"{problems} reported above; no file was written for the articles concerned"
    if outcome.with_review:
        words = dict.fromkeys(map(str, (folder, *needed)))
        yield f"next: needfix lint {' '.join(words)}"


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "import kb",
        "Turn vendor articles into rule files; each lists what a person should review.",
        "needfix import kb articles/ --output rules/",
        "needfix import kb Q279798.txt --rules my-products/ --output rules/ --overwrite",
    )
    add = parser.add_argument
    add(
        "article",
        nargs="*",
        metavar="ARTICLE",
        help="Article files, folders or patterns; - is standard input.",
    )
    add("--output", metavar="DIR", required=True, help="Write the rules to this folder (required).")
    add("--accept-ranges", action="store_true", help=_ACCEPT_RANGES)
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add_no_shipped(parser, "products that you do not define are drafted")
    add("--overwrite", action="store_true", help="Replace rule files even if they were edited.")
    return parser


_ACCEPT_RANGES = "Accept every proposed range of levels without a review item."
_RULES = "Where your own product definitions are (default: only those that needfix ships)."


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "article", rules=may_hold_rules)
    if not arguments.article:
        raise none_named(ARTICLES)
    return arguments
