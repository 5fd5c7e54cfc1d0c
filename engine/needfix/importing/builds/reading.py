"""Rows of cells become rows of builds; whatever cannot be read is a problem with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar, cast

from packaging.version import Version

from needfix.errors import Position, Problem
from needfix.importing.builds.products import Products
from needfix.importing.builds.row import KINDS, BuildRow
from needfix.importing.builds.table import Cell, CellKind, TableRow
from needfix.intake.near import did_you_mean, nearest
from needfix.model.decision import SEVERITIES, Severity
from needfix.versions import Level, parse_free_build, read_any_level

T = TypeVar("T")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ADVISORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_ARTICLE = re.compile(r"(?:kb|q)?\s?([0-9]{5,8})", re.IGNORECASE)
_OF_ANOTHER_VENDOR = re.compile(r"[A-Za-z]{2,10}[-_][A-Za-z0-9._-]{0,60}[0-9][A-Za-z0-9._-]{0,20}")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00(?::00)?)?")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,500}")
_LONGEST_TITLE = 120
_MAY_HOLD: Mapping[CellKind, tuple[str, ...]] = {
    "number": ("kb", "update", "title"),
    "date": ("released", "supported_until"),
}
"""The columns in which a number or a day of a workbook is as good as its text."""
_AS_TEXT = "format the column as text, and type it again"


class RowReader:
    """Reads rows; products are looked up in the definitions, or drafted."""

    def __init__(self, products: Products, problems: list[Problem]) -> None:
        self._products = products
        self._problems = problems

    def rows(self, rows: Iterable[TableRow], keys: Mapping[str, str]) -> list[BuildRow]:
        """The rows of a table that can be read; `keys` are those of its columns."""
        found = []
        for row in rows:
            cells = {keys[column]: cell for column, cell in row.cells.items() if column in keys}
            altered = [key for key, cell in cells.items() if self._is_altered(key, cell)]
            read = None if altered else self._row(row.at, cells)
            if read is not None:
                found.append(read)
        return found

    def _is_altered(self, key: str, cell: Cell) -> bool:
        """Whether a workbook keeps something else in a cell than was typed there; then there is a problem."""
        if cell.kind == "text" or key in _MAY_HOLD.get(cell.kind, ()):
            return False
        if cell.kind == "error":
            what = (
                f"the cell has no value ({cell.text})"
                if cell.text
                else "the cell has a formula without a value"
            )
            hint = "correct the formula, or write the value"
        elif cell.kind == "date":
            what, hint = f"the cell holds the day {cell.text}, not what was typed", _AS_TEXT
        else:
            what = f"the cell holds the number {cell.text}, which may have been typed with more digits"
            hint = "format the column as a date" if key in _MAY_HOLD["date"] else _AS_TEXT
        self._report(cell, what, f"a text in the column {key}", hint)
        return True

    def _row(self, at: Position, cells: Mapping[str, Cell]) -> BuildRow | None:
        before = len(self._problems)
        named = self._required(at, cells, "product", self._product)
        product, version = named or ("", None)
        level = self._required(at, cells, "level", lambda cell: self._level(cell, version))
        update = self._one(cells, "update", self._id) or ""
        build = self._one(cells, "build", lambda cell: self._build(cell, product))
        if update and build is None and "build" not in cells:
            what, hint = "the update has no build", "write the build to which it brings the level"
            self._report(cells["update"], what, "a build in the column build", hint, "missing-key")
        row = BuildRow(
            product=product,
            level=level or Level(("",), ""),  # type: ignore[arg-type]  # there is a problem then
            update=update,
            build=build,
            build_text=cells["build"].text if build is not None else "",
            kb=self._one(cells, "kb", self._articles) or (),
            released=self._one(cells, "released", self._date),
            supported_until=self._one(cells, "supported_until", self._date),
            advisories=self._one(cells, "advisories", self._advisories) or (),
            severity=self._one(cells, "severity", self._severity),
            kind=self._one(cells, "kind", self._kind) or "",
            title=self._one(cells, "title", self._title) or "",
            reference=self._one(cells, "reference", self._address) or "",
            at=at,
            places={key: cell.at for key, cell in cells.items()},
        )
        self._check_cells_of_levels(row, cells)
        return row if len(self._problems) == before else None

    def _check_cells_of_levels(self, row: BuildRow, cells: Mapping[str, Cell]) -> None:
        """A level has no advisories: whoever writes some has forgotten the update."""
        if row.update:
            return
        for key in ("advisories", "severity", "kind", "title"):
            if key in cells:
                what = f"the row describes a level, and has {key}"
                hint = "write the update's id in the column update, or empty this cell"
                self._report(cells[key], what, "", hint, "contradiction")

    def _one(self, cells: Mapping[str, Cell], key: str, read: Callable[[Cell], T | None]) -> T | None:
        return read(cells[key]) if key in cells else None

    def _required(
        self, at: Position, cells: Mapping[str, Cell], key: str, read: Callable[[Cell], T | None]
    ) -> T | None:
        if key in cells:
            return read(cells[key])
        self._problems.append(Problem(at, f"the row has no {key}", f"a {key}", code="missing-key"))
        return None

    def _report(
        self, cell: Cell, what: str, expected: str, hint: str = "", code: str = "wrong-value"
    ) -> None:
        self._problems.append(Problem(cell.at, what, expected, hint, code))

    def _product(self, cell: Cell) -> tuple[str, str | None] | None:
        found = self._products.meant_by(cell.text)
        if found is None:
            what = f"{cell.text!r} is no name of a product"
            self._report(cell, what, "an id or a name", "use letters, digits and blanks")
        return found

    def _level(self, cell: Cell, version: str | None) -> Level | None:
        """A level; `version` is what the product's name says of it."""
        read = read_any_level(cell.text)
        level = read.level() if read is not None else None
        behind = None if read is None or version is None else read_any_level(f"{version} {cell.text}")
        if version is not None and behind is not None and (level is None or level.version != version):
            level = behind.level()
        if level is None or len(cell.text) > _LONGEST_TITLE:
            what = f"{cell.text!r} is no level with its version"
            self._report(cell, what, "a level such as 2019 CU14", "write the version before it")
            return None
        return level

    def _build(self, cell: Cell, product: str) -> Version | None:
        version = self._products.build(product, cell.text)
        if version is None:
            hint = "write the numbers only, as in 15.2.1544.9"
            if parse_free_build(cell.text) is not None:
                hint = f"write four numbers, or add 'builds: free' to the definition of {product}"
            self._report(cell, f"{cell.text!r} is not a build", "a build such as 15.2.1544.9", hint)
        return version

    def _id(self, cell: Cell) -> str | None:
        if _ID.fullmatch(cell.text):
            return cell.text
        hint = "use only letters, digits, dots, hyphens and underscores"
        self._report(cell, f"{cell.text!r} is no id of a rule", "an id such as Exchange-Mar24SU", hint)
        return None

    def _articles(self, cell: Cell) -> tuple[str, ...] | None:
        return self._list(cell, "the number or the id of an article such as KB5036401", _article)

    def _advisories(self, cell: Cell) -> tuple[str, ...] | None:
        what = "the id of an advisory such as CVE-2024-26198"
        return self._list(cell, what, lambda part: part if _ADVISORY.fullmatch(part) else None)

    def _list(self, cell: Cell, what: str, read: Callable[[str], str | None]) -> tuple[str, ...] | None:
        found: dict[str, None] = {}
        for part in filter(None, re.split(r"[;,\s]+", cell.text)):
            one = read(part)
            if one is None:
                self._report(cell, f"{part!r} cannot be read", what, "separate several with ;")
                return None
            found[one] = None
        return tuple(found)

    def _date(self, cell: Cell) -> date | None:
        match = _DATE.fullmatch(cell.text)
        try:
            return date.fromisoformat(match[1] if match else "")
        except ValueError:
            hint = "write the year, the month and the day, as in 2024-03-12"
            self._report(cell, f"{cell.text!r} is no date", "a date such as 2024-03-12", hint)
            return None

    def _severity(self, cell: Cell) -> Severity | None:
        return cast("Severity | None", self._word(cell, SEVERITIES))

    def _kind(self, cell: Cell) -> str | None:
        return self._word(cell, KINDS)

    def _word(self, cell: Cell, words: Iterable[str]) -> str | None:
        known = tuple(words)
        if cell.text.casefold() in known:
            return cell.text.casefold()
        hint = did_you_mean(nearest(cell.text, known), "leave the cell empty where it is not known")
        expected = f"one of {', '.join(known)}"
        self._report(cell, f"{cell.text!r} is not one of the words", expected, hint, "unknown-word")
        return None

    def _title(self, cell: Cell) -> str | None:
        text = " ".join(cell.text.split())
        if len(text) <= _LONGEST_TITLE and text.isprintable():
            return text
        self._report(cell, "the title is too long", f"at most {_LONGEST_TITLE} characters", "shorten it")
        return None

    def _address(self, cell: Cell) -> str | None:
        if _ADDRESS.fullmatch(cell.text):
            return cell.text
        self._report(cell, f"{cell.text!r} is no address", "an address that begins with https://")
        return None


def _article(text: str) -> str | None:
    """The article of an update: a number, or the id that another vendor gives it, such as VMSA-2023-0023."""
    match = _ARTICLE.fullmatch(text)
    return f"KB{match[1]}" if match else text if _OF_ANOTHER_VENDOR.fullmatch(text) else None
