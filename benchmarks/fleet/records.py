"""Servers as Python objects, for engines that take one server at a time."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.sample import LEVELS, PRODUCTS, Version, product_name

_PRODUCTS = {product_name(product): product for product in range(len(PRODUCTS))}
_LEVELS = {level: place for place, level in enumerate(LEVELS)}


class Record(NamedTuple):
    """A server: its product and level by place, and the versions of its files."""

    server: str
    product: int
    level: int
    versions: dict[str, Version]


def read_records(lines: Path) -> list[Record]:
    """All servers of a fleet in JSON lines."""
    with lines.open(encoding="utf-8") as file:
        return [_record(line) for line in file]


def _record(line: str) -> Record:
    record = json.loads(line)
    (product,) = record["products"]
    versions = {copy["name"]: parsed(copy["version"]) for copy in record["files"]}
    return Record(record["server"], _PRODUCTS[product["name"]], _LEVELS[product["level"]], versions)


@cache
def parsed(text: str) -> Version:
    """A version of four numbers; each distinct one is parsed once."""
    first, second, build, revision = map(int, text.split("."))
    return first, second, build, revision
