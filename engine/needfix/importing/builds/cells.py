"""The table in a file: its cells in CSV or JSON, each with its place, or those of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from needfix.catalogue.nodes import Mapping, Node, Scalar, Sequence, read_documents
from needfix.errors import InputError, Position, Problem
from needfix.importing.builds.table import Cell, Table, TableRow, add_columns, are_few
from needfix.importing.builds.workbook import workbook_table
from needfix.intake.formats import foreign_content
from needfix.intake.limits import TABLE_FILE_BYTES, TABLE_ROWS
from needfix.intake.paths import STDIN, FileKind, named_files, unreadable_file
from needfix.intake.workbooks import MAGIC

TABLES = FileKind(
    "build table", "a build table", (".csv", ".tsv", ".json", ".xlsx", ".xlsm"), may_be_piped=True
)
_DELIMITERS = ",;\t|"
_EXPECTED = "a table in CSV, JSON or XLSX"
_LISTS = ("rows", "builds")
"""Keys of a JSON object that may hold the rows."""


def table_files(paths: Iterable[str]) -> list[str]:
    """The files that paths name, each once; `-` is standard input. Raises InputError where one names none."""
    names, problems = named_files(paths, TABLES)
    if problems:
        raise InputError(problems)
    return names


def read_table(file: str, stdin: BinaryIO, problems: list[Problem], sheet: str | None = None) -> Table | None:
    """The table in a file; None and a problem where it cannot be read. `sheet` is that of a workbook."""
    name = "<stdin>" if file == STDIN else file
    data = _data_of(file, name, stdin, problems)
    if data is None:
        return None
    if data.startswith(MAGIC):
        return _not_too_long(workbook_table(data, name, sheet, problems), name, problems)
    if sheet is not None:
        what, hint = "this is no workbook, and has no sheets", "leave --sheet out"
        problems.append(Problem(Position(name, 1), what, "a workbook in XLSX", hint, "wrong-type"))
        return None
    text = _text_of(data, name, problems)
    return None if text is None else table_of(text, name, problems)


def table_of(text: str, name: str, problems: list[Problem]) -> Table | None:
    """The table in a text; `name` is that of its file."""
    is_json = text.lstrip()[:1] in ("{", "[")
    table = _of_json(text, name, problems) if is_json else _of_csv(text, name, problems)
    return _not_too_long(table, name, problems)


def _not_too_long(table: Table | None, name: str, problems: list[Problem]) -> Table | None:
    if table is not None and len(table.rows) > TABLE_ROWS:
        what, hint = f"the table has more than {TABLE_ROWS} rows", "split it by product"
        problems.append(Problem(Position(name, 1), what, "", hint, "too-large"))
        return None
    return table


def _data_of(file: str, name: str, stdin: BinaryIO, problems: list[Problem]) -> bytes | None:
    try:
        if file == STDIN:
            data = stdin.read(TABLE_FILE_BYTES + 1)
        else:
            with Path(file).open("rb") as source:
                data = source.read(TABLE_FILE_BYTES + 1)
    except OSError as error:
        problems.append(unreadable_file(name, error))
        return None
    if len(data) > TABLE_FILE_BYTES:
        what = f"the file is larger than {TABLE_FILE_BYTES >> 20} MiB"
        problems.append(Problem(Position(name, 1), what, _EXPECTED, "split it by product", "too-large"))
        return None
    return data


def _text_of(data: bytes, name: str, problems: list[Problem]) -> str | None:
    if foreign := foreign_content(name, data, _EXPECTED):
        problems.append(foreign)
    elif not data.strip():
        problems.append(Problem(Position(name, 1), "the file is empty", _EXPECTED, "leave it out"))
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            at = Position(name, data.count(b"\n", 0, error.start) + 1)
            what = f"the byte {data[error.start]:#04x} is not UTF-8"
            problems.append(Problem(at, what, "UTF-8 text", "save the file as UTF-8", "unreadable"))
    return None


def _of_csv(text: str, name: str, problems: list[Problem]) -> Table | None:
    lines = iter(_csv_lines(text, name, problems))
    header = next(lines, [])
    columns = add_columns(header, Position(name, 1), problems)
    if columns is None:
        return None
    names = [cell.text for cell in header]
    rows = []
    for cells in lines:
        if len(cells) > len(names) and any(cell.text for cell in cells[len(names) :]):
            what = f"the row has {len(cells)} cells, and the header {len(names)} columns"
            problems.append(Problem(cells[len(names)].at, what, "", "quote a cell that holds a delimiter"))
            continue
        found = {column: cell for column, cell in zip(names, cells, strict=False) if column and cell.text}
        if found:
            rows.append(TableRow(Position(name, cells[0].at.line), found))
    return Table(columns, rows)


def _csv_lines(text: str, name: str, problems: list[Problem]) -> Iterator[list[Cell]]:
    """The rows of a text as cells, without those that are empty."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    for number, line in enumerate(lines, 1):
        cells = list(_cells(line, delimiter, Position(name, number), problems))
        if any(cell.text for cell in cells):
            yield cells


def _cells(line: str, delimiter: str, at: Position, problems: list[Problem]) -> Iterator[Cell]:
    """The cells of a line. A quoted cell ends in its line: no fact of a table has several."""
    start = 0
    while start <= len(line):
        begin = start + len(line[start:]) - len(line[start:].lstrip(" "))
        if line[begin : begin + 1] != '"':
            end = line.find(delimiter, start)
            end = len(line) if end < 0 else end
            yield Cell(line[start:end].strip(), at._replace(column=begin + 1))
            start = end + 1
            continue
        end = _end_of_quotes(line, begin + 1)
        after = len(line) if end < 0 else end + 1
        rest = line[after:].split(delimiter, 1)[0]
        if end < 0 or rest.strip():
            what = "a quote in this cell is not closed at its end"
            hint = "close the quote in the same line, and double each quote inside the cell"
            problems.append(Problem(at._replace(column=begin + 1), what, "", hint, "syntax"))
            return
        yield Cell(line[begin + 1 : end].replace('""', '"').strip(), at._replace(column=begin + 1))
        start = after + len(rest) + 1


def _end_of_quotes(line: str, start: int) -> int:
    """Where the quotes end that began before `start`; -1 where they do not."""
    place = start
    while (place := line.find('"', place)) >= 0:
        if line[place + 1 : place + 2] != '"':
            return place
        place += 2
    return -1


def _of_json(text: str, name: str, problems: list[Problem]) -> Table | None:
    """A list of objects, by itself or behind a key such as `rows`. YAML's parser knows the places."""
    before = len(problems)
    documents = read_documents(text, name, problems)
    if len(problems) > before or not documents:
        return None
    found = _rows_in(documents[0])
    if found is None:
        what, hint = "there is no list of rows", 'write a list of objects, or {"rows": […]}'
        problems.append(Problem(documents[0].at, what, "a list of objects", hint, "wrong-type"))
        return None
    columns: dict[str, Position] = {}
    rows: list[TableRow] = []
    for node in found.items:
        cells = _json_cells(node, problems)
        if cells is not None:
            rows.append(TableRow(node.at, {key: cell for key, (_, cell) in cells.items() if cell.text}))
            for key, (at, _) in cells.items():
                columns.setdefault(key, at)
    return Table(columns, rows) if are_few(columns, found.at, problems) else None


def _rows_in(node: Node) -> Sequence | None:
    if isinstance(node, Sequence):
        return node
    inner = (node.get(key) for key in _LISTS) if isinstance(node, Mapping) else ()
    return next((found for found in inner if isinstance(found, Sequence)), None)


def _json_cells(node: Node, problems: list[Problem]) -> dict[str, tuple[Position, Cell]] | None:
    if not isinstance(node, Mapping):
        problems.append(Problem(node.at, "this is not an object", "a row", code="not-an-object"))
        return None
    cells: dict[str, tuple[Position, Cell]] = {}
    for key, value in node.entries:
        parts = value.items if isinstance(value, Sequence) else (value,)
        if not all(isinstance(part, Scalar) for part in parts):
            what = f"{key.text} holds objects or lists of lists"
            problems.append(Problem(value.at, what, "a text, or a list of texts", code="wrong-type"))
            continue
        texts = (part.text for part in parts if isinstance(part, Scalar) and part.kind != "null")
        cells[key.text] = (key.at, Cell("; ".join(text.strip() for text in texts), value.at))
    return cells
