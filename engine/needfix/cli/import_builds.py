"""`needfix import builds`: build tables turned into product definitions and rules, and kept up to date."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from needfix.catalogue import load_products
from needfix.cli.arguments import Parser, add_no_shipped, give_back, may_hold_rules
from needfix.cli.exits import DONE
from needfix.cli.import_folder import check_writable, folder_named
from needfix.cli.output import output, stating_written
from needfix.errors import InputError, NeedfixWarning, Position, Problem, UsageError
from needfix.importing.builds.cells import TABLES, read_table, table_files
from needfix.importing.builds.columns import keys_of, mapping_of, unknown_columns
from needfix.importing.builds.contradictions import check, united
from needfix.importing.builds.imports import BuildImport, Folder, Outcome
from needfix.importing.builds.products import Products
from needfix.importing.builds.reading import RowReader
from needfix.importing.builds.row import COLUMNS, BuildRow
from needfix.importing.builds.state import merged, state_file
from needfix.intake.paths import RULES, may_name, named_files, none_named
from needfix.model.product import ProductDefinition
from needfix.printable import printable
from needfix.report.style import plural

_MARK = "\ufeff"


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code.

    Nothing is written before every table is read and what they say makes a catalogue that loads.
    """
    arguments = _arguments(words)
    mapped = mapping_of(arguments.map or ())
    folder = _folder(arguments)
    files = table_files(arguments.table)
    problems: list[Problem] = []
    texts = _texts_of([folder.rules, folder.products], problems)
    others = _named_texts(arguments.rules or (), texts, problems)
    if problems:
        raise InputError(problems)
    there = {str(file): text for file, text in {**others, **texts}.items()}
    with_shipped = not arguments.no_shipped
    products = Products(load_products(there, with_shipped=with_shipped))
    base = _imported(folder.state, products.known)
    reader = RowReader(products, problems)
    rows = _rows(files, _Reading(mapped, folder.state, arguments.sheet), reader, problems)
    if not problems:
        check(merged(base, rows), products.known, problems)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.at))
    if folder.state.is_file():
        texts[folder.state] = folder.state.read_bytes().decode("utf-8", errors="replace")
    importing = BuildImport(folder, texts, others, products, with_shipped=with_shipped)
    outcome = importing.run(base, rows)
    _write(outcome, folder)
    for problem in outcome.kept:
        warnings.warn(NeedfixWarning(str(problem)), stacklevel=1)
    sys.stdout.writelines(f"{printable(line)}\n" for line in _summary(outcome, folder, arguments))
    return DONE


def _folder(arguments: argparse.Namespace) -> Folder:
    rules = folder_named(arguments.output, "--output")
    products = folder_named(arguments.products, "--products") if arguments.products else rules / "products"
    return Folder(rules, products, state_file(rules))


def _texts_of(folders: Iterable[Path], problems: list[Problem]) -> dict[Path, str]:
    """The rules and definitions below folders, by their files."""
    there = [str(folder) for folder in folders if folder.is_dir() and may_name(str(folder), RULES)]
    return _named_texts(there, {}, problems)


def _named_texts(
    paths: Sequence[str], without: Mapping[Path, str], problems: list[Problem]
) -> dict[Path, str]:
    """The texts of the files that paths name, also in zip files, without those that are known already."""
    from needfix.catalogue.files import text_of  # noqa: PLC0415 - not needed to read a table that is wrong
    from needfix.catalogue.zipped import is_zip, texts_in  # noqa: PLC0415 - nor is this

    zipped = [path for path in paths if is_zip(path)]
    unpacked = {Path(name): text for path in zipped for name, text in texts_in(path, problems)}
    others = [path for path in paths if path not in zipped]
    names, wrong = named_files(others, RULES) if others else ([], [])
    problems += wrong
    known = {file.resolve() for file in without}
    files = [file for file in map(Path, names) if file.resolve() not in known]
    return unpacked | {file: text for file in files if (text := text_of(file, problems)) is not None}


def _imported(state: Path, known: Mapping[str, ProductDefinition]) -> list[BuildRow]:
    """The rows of earlier imports. Raises InputError where somebody has damaged the file."""
    problems: list[Problem] = []
    table = read_table(str(state), sys.stdin.buffer, problems) if state.is_file() else None
    reader = RowReader(Products(known), problems)
    rows = [] if table is None else reader.rows(table.rows, dict(zip(COLUMNS, COLUMNS, strict=True)))
    if problems:
        what = "this file keeps what was imported, and cannot be read"
        hint = "restore the file, or move it away: all rows are then new"
        raise InputError([*problems, Problem(Position(str(state), 1), what, "", hint)])
    return rows


class _Reading(NamedTuple):
    """What `--map` says of columns, the file that keeps what was imported, and the sheet to read."""

    mapped: Mapping[str, str]
    state: Path
    sheet: str | None


def _rows(files: Sequence[str], how: _Reading, reader: RowReader, problems: list[Problem]) -> list[BuildRow]:
    rows: list[BuildRow] = []
    for file in files:
        if how.state.exists() and file != "-" and Path(file).resolve() == how.state.resolve():
            what = "this file keeps what earlier imports have read, so nothing in it is new"
            raise UsageError(f"{file}: {what}\n    hint: keep the table that you edit in another folder")
        table = read_table(file, sys.stdin.buffer, problems, how.sheet)
        if table is None:
            continue
        before = len(problems)
        keys, unknown = keys_of(table, how.mapped, file, problems)
        if unknown and len(problems) == before:
            warnings.warn(unknown_columns(file, unknown), stacklevel=1)
        if len(problems) == before:
            rows += reader.rows(table.rows, keys)
    return united(rows, problems)


def _write(outcome: Outcome, folder: Folder) -> None:
    if not outcome.texts:
        return
    check_writable(folder.rules)
    written: list[str] = []
    with stating_written(written):
        for file, text in outcome.texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            mark = _MARK if file.is_file() and file.read_bytes().startswith(_MARK.encode()) else ""
            with output(str(file), hold_back=False) as out:
                out.write(mark + text)
            written.append(str(file))


def _summary(outcome: Outcome, folder: Folder, arguments: argparse.Namespace) -> Iterator[str]:
    if not outcome.texts:
        yield f"nothing is new; no file in {folder.rules} is changed"
        return
    done = []
    if outcome.new_rules:
        done.append(f"{plural(len(outcome.new_rules), 'rule')} written")
    if outcome.changed:
        done.append(f"{plural(len(outcome.changed), 'rule')} extended")
    if outcome.products:
        done.append(f"{plural(len(outcome.products), 'product definition')} written or extended")
    yield f"{', '.join(done) or 'what was imported is noted'} in {folder.rules}"
    products = [folder.products] if folder.products.is_dir() else []
    paths = dict.fromkeys(map(str, (folder.rules, *products, *(arguments.rules or ()))))
    needed = [*paths, "--no-shipped"] if arguments.no_shipped else paths
    command = "test" if any(folder.rules.glob("*.yaml")) else "lint"  # there may be levels only
    yield f"next: needfix {command} {' '.join(needed)}"


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "import builds",
        "Turn build tables into a product definition and rules with cases; run again, it adds what is new.",
        "needfix import builds exchange.csv --output rules/exchange",
        "needfix import builds builds.xlsx --sheet 'SQL Server' --output rules/sql-server",
        "needfix import builds builds.json --map 'Release date=released' --output rules/",
    )
    add = parser.add_argument
    add("table", nargs="*", metavar="TABLE", help="Tables in CSV, JSON or XLSX; - is standard input.")
    add("--output", metavar="DIR", required=True, help="Write the rules to this folder (required).")
    add("--products", metavar="DIR", help=_PRODUCTS)
    add("--sheet", metavar="NAME", help="The sheet of a workbook to read (default: the first).")
    add("--map", action="append", metavar="COLUMN=KEY", help=_MAP)
    add("--rules", nargs="+", action="extend", metavar="PATH", help=_RULES)
    add_no_shipped(parser, "products that you do not define are drafted")
    return parser


_PRODUCTS = "Folder of the product definitions (default: products in --output)."
_MAP = f"What a column with another name holds, as often as needed. Keys: {', '.join(COLUMNS)}."
_RULES = "Where your own product definitions are (default: only those that needfix ships)."


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "table", rules=may_hold_rules)
    if not arguments.table:
        raise none_named(TABLES)
    return arguments
