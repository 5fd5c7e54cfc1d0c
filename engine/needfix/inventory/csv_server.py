"""The rows of one server, merged into its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from needfix.errors import InventoryError, Position, Problem
from needfix.intake.columns import FACTS, LIST_COLUMNS, LISTS, PARTS, SCALARS, SERVER_ROW, SHARED
from needfix.intake.fields import RECORD
from needfix.intake.kinds import Plain, UnfitError, described, split_list
from needfix.intake.limits import ENTRIES, RECORD_BYTES, ROWS, byte_count
from needfix.intake.record import ObjectReader
from needfix.inventory.csv_products import UnitedProducts
from needfix.inventory.items import refused
from needfix.inventory.lines import long_list
from needfix.inventory.partial_products import OTHER_PRODUCTS
from needfix.inventory.producers.one_windows import is_named_windows
from needfix.model.server import Server, altered
from needfix.model.whole_lists import WholeLists

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from needfix.intake.columns import Layout
    from needfix.intake.notes import Notes, Occurrence
    from needfix.model.server import InstalledProduct

_JOIN = "unite the records of each time with --join"


class DividedServer:
    """The rows of one server so far, in any places of a table: a record for each time of collection.

    Rows that state none are of the record of the row above; none is finished where one is `spoilt`.
    """

    def __init__(self, layout: Layout, name: str, at: Position) -> None:
        self.spoilt = False
        self.name = name
        self._layout = layout
        self._file = at.file
        self._records: dict[str, GatheredServer] = {}
        self._time = ""

    def add(self, cells: list[str], line: int) -> list[Problem]:
        """Add a row; returns its problems."""
        time = self._layout.stated("server", cells).get("collected", self._time)
        if time not in self._records:
            if self._time or not self._records:
                self._records[time] = GatheredServer(self._layout, self.name, Position(self._file, line))
            else:  # the rows above state no time: this one is theirs
                self._records[time] = self._records.pop("")
        self._time = time
        return self._records[time].add(cells, line)

    def finished(self, problems: list[Problem], notes: Notes) -> list[Server]:
        """The server at each time; the reasons why any is bad are in `problems`."""
        found = [] if self.spoilt else [one.finished(problems, notes) for one in self._records.values()]
        return [server for server in found if server is not None]


class GatheredServer:
    """The facts in the rows of one server so far; `spoilt` where a row was bad."""

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
        self._facts: dict[str, list[Any]] = {key: [] for key in FACTS}
        self._products = UnitedProducts()
        self._noted: list[Occurrence] = []

    def add(self, cells: list[str], line: int) -> list[Problem]:
        """Add a row; returns its problems."""
        reader = ObjectReader(Position(self.at.file, line), [], self.name, self._noted)
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
        for key in FACTS:
            self._add_fact(reader, key, cells)
            if len(self._facts[key]) > ENTRIES:
                return self._full(reader, long_list(key))
        self._add_product(reader, cells)
        if long := next((name for name, count in self._counts() if count > ENTRIES), None):
            return self._full(reader, long_list(long))
        return self._bad(reader.problems) if reader.problems else []

    def _counts(self) -> Iterator[tuple[str, int]]:
        """The names that records have for the lists that rows fill in other ways, and how long these are."""
        for key, texts in self._lists.items():
            within = SERVER_ROW.fields[key].fact.within
            yield f"{within}.{key}" if within else key, len(texts)
        yield "products", len(self._products)

    def finished(self, problems: list[Problem], notes: Notes) -> Server | None:
        """The server; None where a row of it was bad, or where it is with the reasons in `problems`."""
        if self.spoilt:
            return None
        lists = {key: tuple(texts) for key, texts in self._lists.items()}
        complete: frozenset[Any] = frozenset(lists["complete"])
        found: dict[str, Any] = {
            SERVER_ROW.fields[key].attribute: self._of_kind(key, lists[key])
            for key in LISTS
            if key == "complete" or self._is_stated(key, lists[key], complete)
        }
        found |= {SERVER_ROW.fields[key].attribute: value for key, (value, _) in self._scalars.items()}
        for key, facts in (*self._facts.items(), ("products", self._listed_products())):
            if key == "files" or self._is_stated(key, facts, complete):
                found[RECORD.fields[key].attribute] = tuple(facts)
        try:
            servers: tuple[Server, ...] = RECORD.make({**found, "server": self.name, "at": self.at})
        except InventoryError as error:
            problems.extend(error.problems)
            return None
        strict = refused(notes.take(self._noted, self.at, self.name), servers[0])
        problems.extend(strict)
        return None if strict else self._with_lists(servers[0])

    def _listed_products(self) -> tuple[InstalledProduct, ...]:
        """The products; with the entry for others where not all are listed."""
        found = self._products.united()
        return (*found, OTHER_PRODUCTS) if found and self._layout.products != "own" else found

    def _with_lists(self, server: Server) -> Server:
        """The server, which knows of what kind its products are where not all are listed."""
        products = self._layout.products
        if not server.products or products == "own":
            return server
        if all(is_named_windows(entry.name) for entry in server.products[:-1]):
            products = "some"
        return altered(server, whole_lists=WholeLists(products))

    def scattered(self, first: int | None = None) -> Problem:
        """The problem of rows that appear in more than one place; `first` is the line of the first."""
        after = f" and those in line {first}" if first is not None else ""
        what = f"rows of {self.name} appear again after rows of another server{after}"
        return Problem(
            self.at,
            what,
            "the rows of each server together",
            "sort the file by server, or unite the rows with --join",
            "repeated-server",
            self.name,
            "/server",
        )

    def _of_kind(self, key: str, texts: tuple[str, ...]) -> object:
        """The texts of a list as the value of its field."""
        kind = SERVER_ROW.fields[key].kind
        return kind.read(list(texts)) if kind else texts

    def _full(self, reader: ObjectReader, what: str) -> list[Problem]:
        """Accept no more rows."""
        self._is_full = True
        return self._bad([Problem(reader.at, what, code="too-large", server=self.name)])

    def _bad(self, problems: list[Problem]) -> list[Problem]:
        self.spoilt = True
        return problems

    def _is_stated(self, key: str, values: Collection[Any], complete: frozenset[str]) -> bool:
        """A list is known to be empty only if its column is there and its scope is complete."""
        if values:
            return True
        column, scope = LIST_COLUMNS[key]
        return column in self._layout.columns and scope in complete

    def _check_name(self, reader: ObjectReader) -> None:
        kind = RECORD.fields["server"].kind
        try:
            if kind:
                kind.read(self.name)
        except UnfitError as unfit:
            reader.unfit(unfit, "server", kind.expected if kind else "")

    def _add_server(self, reader: ObjectReader, cells: list[str]) -> None:
        stated = self._layout.stated("server", cells)
        for key in stated:
            stated[key] = split_list(stated[key]) if key in LISTS else Plain(stated[key])
        found = reader.fields(SERVER_ROW, stated, "") or {}
        for key in LISTS:
            self._lists[key].update(dict.fromkeys(found.get(SERVER_ROW.fields[key].attribute, ())))
        for key in SCALARS:
            attribute = SERVER_ROW.fields[key].attribute
            if attribute in found:
                self._add_scalar(reader, key, found[attribute])

    def _add_scalar(self, reader: ObjectReader, key: str, value: object) -> None:
        known, line = self._scalars.setdefault(key, (value, reader.at.line))
        if known != value:
            here, there = described(value), described(known)
            what = f"{key} of {self.name} is {here} here and {there} in line {line}"
            expected, pointer = "one value in all rows of a server", f"/{key}"
            hint = _JOIN if key == "collected" else ""
            reader.problems.append(
                Problem(reader.at, what, expected, hint, "contradiction", self.name, pointer)
            )

    def _add_fact(self, reader: ObjectReader, key: str, cells: list[str]) -> None:
        """Add the file, event, service or counter of the row, if it has one."""
        stated = self._layout.stated(key, cells)
        if not stated.keys() <= SHARED:  # these may belong to the product only
            self._facts[key] += reader.made(PARTS[key], stated)

    def _add_product(self, reader: ObjectReader, cells: list[str]) -> None:
        stated = self._layout.stated("products", cells)
        if stated:
            shared = reader.fields(PARTS["shared"], self._layout.stated("shared", cells), "") or {}
            for product in reader.made(PARTS["products"], stated):
                self._products.add(product, shared)
