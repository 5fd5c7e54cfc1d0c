"""The rows of one server, merged into its facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from needfix.errors import Position, Problem
from needfix.intake.limits import ENTRIES, RECORD_BYTES, ROWS, byte_count
from needfix.inventory.csv_columns import LISTS, PARTS, SCALARS, SERVER_ROW
from needfix.inventory.csv_products import UnitedProducts
from needfix.inventory.kinds import SERVER_NAME, Plain, UnfitError, described
from needfix.inventory.record import PartReader
from needfix.model.server import Server

if TYPE_CHECKING:
    from needfix.inventory.csv_columns import Layout

_BETWEEN = re.compile(r"[;|,\s]+")
_FACTS = ("files", "events", "services", "counters")


class GatheredServer:
    """What the rows of one server have told so far; `spoilt` where one of them was bad."""

    def __init__(self, layout: Layout, name: str, at: Position) -> None:
        self.spoilt = False
        self._layout = layout
        self._places = tuple(layout.columns.values())
        self.name = name
        self.at = at
        self._rows = 0
        self._bytes = 0
        self._is_full = False
        self._scalars: dict[str, tuple[Any, int]] = {}
        self._lists: dict[str, dict[str, None]] = {key: {} for key in LISTS}
        self._facts: dict[str, list[Any]] = {key: [] for key in _FACTS}
        self._products = UnitedProducts()

    def add(self, cells: list[str], line: int) -> list[Problem]:
        """Take in a row; hands back what is wrong with it."""
        reader = PartReader(Position(self.at.file, line), [])
        self._rows += 1
        if self._rows == 1:
            self._check_name(reader)
        if self._is_full:
            return []
        self._bytes += byte_count("".join([cells[place] for place in self._places if place < len(cells)]))
        if self._rows > ROWS:
            return self._full(reader, f"{self.name} has more than {ROWS} rows")
        if self._bytes > RECORD_BYTES:
            return self._full(reader, f"the record is larger than {RECORD_BYTES >> 20} MiB")
        self._add_server(reader, cells)
        for key in _FACTS:
            self._add_fact(reader, key, cells)
            if len(self._facts[key]) > ENTRIES:
                return self._full(reader, f"the record has more than {ENTRIES} {key}")
        self._add_product(reader, cells)
        return self._bad(reader.problems) if reader.problems else []

    def finished(self) -> Server | None:
        """The server; None where a row of it was bad."""
        if self.spoilt:
            return None
        lists = {key: tuple(texts) for key, texts in self._lists.items()}
        complete: frozenset[Any] = frozenset(lists["complete"])
        return Server(
            server=self.name,
            products=self._list("products", self._products.united(), complete),
            hotfixes=self._list("hotfixes", lists["hotfixes"], complete),
            complete=complete,
            observed=frozenset(lists["observed"]),
            absent=frozenset(lists["absent"]),
            at=self.at,
            **self._rest(),
        )

    def _rest(self) -> dict[str, Any]:
        """The facts that stand in the model as they were gathered."""
        scalars = {key: value for key, (value, _) in self._scalars.items()}
        return {**scalars, **{key: tuple(facts) for key, facts in self._facts.items()}}

    def _full(self, reader: PartReader, what: str) -> list[Problem]:
        """Take in no more rows."""
        self._is_full = True
        return self._bad([Problem(reader.at, what)])

    def _bad(self, problems: list[Problem]) -> list[Problem]:
        self.spoilt = True
        return problems

    def _list(self, scope: str, told: tuple[Any, ...], complete: frozenset[str]) -> tuple[Any, ...] | None:
        """An empty list is told only by a column that is there, and said to be complete."""
        column = "product" if scope == "products" else scope
        return told if told or (column in self._layout.columns and scope in complete) else None

    def _check_name(self, reader: PartReader) -> None:
        try:
            SERVER_NAME.read(self.name)
        except UnfitError as unfit:
            reader.unfit(unfit, "server", SERVER_NAME.expected)

    def _add_server(self, reader: PartReader, cells: list[str]) -> None:
        told = self._layout.told("server", cells)
        for key in told:
            told[key] = split_list(told[key]) if key in LISTS else Plain(told[key])
        found = reader.fields(SERVER_ROW, told, "") or {}
        for key in LISTS:
            self._lists[key].update(dict.fromkeys(found.get(key, ())))
        for key in SCALARS:
            if key in found:
                self._add_scalar(reader, key, found[key])

    def _add_scalar(self, reader: PartReader, key: str, value: object) -> None:
        known, line = self._scalars.setdefault(key, (value, reader.at.line))
        if known != value:
            here, there = described(value), described(known)
            what = f"{key} of {self.name} is {here} here and {there} in line {line}"
            reader.problems.append(Problem(reader.at, what, "the same in all rows of a server"))

    def _add_fact(self, reader: PartReader, key: str, cells: list[str]) -> None:
        """Add the row's file, event, service or counter, if it has one."""
        told = self._layout.told(key, cells)
        if told and told.keys() != {"platform"}:  # that may be the platform of a product alone
            self._facts[key] += reader.made(PARTS[key], told)

    def _add_product(self, reader: PartReader, cells: list[str]) -> None:
        told = self._layout.told("products", cells)
        if told:
            platform = self._layout.told("platform", cells).get("platform", "").strip()
            for product in reader.made(PARTS["products"], told):
                self._products.add(product, platform)


def split_list(cell: str) -> list[str]:
    """The texts of a cell that holds a list."""
    return [text for text in _BETWEEN.split(cell) if text]
