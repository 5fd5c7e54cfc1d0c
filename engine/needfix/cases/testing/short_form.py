"""The short form in which cases state the facts of a server, as a record of an inventory."""

from __future__ import annotations

from collections.abc import Mapping

from needfix.catalogue import Catalogue
from needfix.errors import Position, Problem
from needfix.intake.fields import PRODUCT
from needfix.inventory import server_from_record
from needfix.model.rule import Rule
from needfix.model.server import Server
from needfix.printable import printable

_PRODUCT_FIELDS = tuple(key for key in PRODUCT.fields if key not in ("name", "path"))

Facts = Server | tuple[Problem, ...]
"""A server, or the problems of its facts."""


def server_of(name: str, given: Mapping[str, object], product: str, at: Position) -> Facts:
    """The server that a case describes; it has `product` where the case names none."""
    return server_of_record(inventory_record(name, given, product), at)


def server_of_record(record: Mapping[str, object], at: Position) -> Facts:
    """The server that an inventory record describes."""
    problems: list[Problem] = []
    server = server_from_record(record, at, problems)
    return tuple(problems) if server is None or problems else server


def product_of(catalogue: Catalogue, rule: Rule) -> str:
    """The name of the product that a rule's cases have where they name none: its first."""
    return catalogue.products[rule.products[0]].name


def inventory_record(name: str, given: Mapping[str, object], product: str) -> dict[str, object]:
    """The facts of a case as a record of an inventory."""
    rest = dict(given)
    record: dict[str, object] = {"server": printable(name)}
    stated = {key: rest.pop(key) for key in _PRODUCT_FIELDS if key in rest}
    named = rest.pop("product", None) or product
    if "products" not in rest:
        record["products"] = [{"name": named, **stated}]
    files = rest.pop("files", None)
    if files is not None:
        record["files"] = _files(files)
    return {**record, **rest}


def _files(files: object) -> object:
    if not isinstance(files, Mapping):
        return files
    return [
        {"name": name, **entry} if isinstance(entry, Mapping) else {"name": name, "version": entry}
        for name, entry in files.items()
    ]
