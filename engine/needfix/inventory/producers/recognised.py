"""Whether a text begins with objects of another program; needs none of the modules that read these."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

from needfix.errors import NOWHERE
from needfix.intake.columns import ALIASES
from needfix.intake.other_columns import folded, is_known, read_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

_ONE_OBJECT = json.JSONDecoder()


def is_of_producer(head: str) -> bool:
    """Whether the first object of JSON, as far as it is in the beginning of a text, is of another program.

    One that needfix does not know is not, nor is one that is not whole there.
    """
    start = head.lstrip()
    if not start.startswith(("{", "[")):
        names = names_of_header(start)
        return are_of_objects(names) or read_columns(names, NOWHERE, {}).lists_some_products
    try:
        value, _ = _ONE_OBJECT.raw_decode(start)
    except (ValueError, RecursionError):
        return False
    return is_known_object(value)


_DELIMITERS = (",", ";", "\t", "|")
_PREAMBLE = re.compile(r"(?i)\s*$|#TYPE\b|\"?sep=.\"?\s*$")


def is_preamble(line: str) -> bool:
    """Whether a line above a header is what PowerShell and Excel write there, or blank."""
    return _PREAMBLE.match(line) is not None


def split_header(header: str) -> tuple[str, list[str]]:
    """The delimiter that gives the most known columns, and the names of the columns."""
    splits = [(delimiter, _names(header, delimiter)) for delimiter in _DELIMITERS]
    return max(splits, key=lambda split: (sum(map(is_known, split[1])), len(split[1])))


def _names(header: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([header], delimiter=delimiter), [])
    return [cell.strip() for cell in cells]


def names_of_header(text: str) -> list[str]:
    """The names of the columns of a table that begins so."""
    header = next((line for line in text.splitlines() if not is_preamble(line)), "")
    try:
        return split_header(header)[1]
    except csv.Error:
        return []


def are_of_objects(names: Iterable[str]) -> bool:
    """Whether the names of a header are those of properties of an object of another program.

    Names of needfix's own columns for products and files say what the rows are.
    """
    own = [name.strip().casefold() for name in names]
    if all(name in ALIASES for name in own) or not _SAYING_WHAT.isdisjoint(own):
        return False
    from needfix.inventory.producers.kinds import kind_of  # noqa: PLC0415 - as below

    return kind_of(frozenset(map(folded, own))) is not None


_SAYING_WHAT = frozenset(
    ("product", "level", "file", "event_source", "service", "counter", "observed", "absent", "registry_path")
)


def is_native(value: object) -> bool:
    """Whether a parsed value is a record of needfix, or no object at all."""
    if isinstance(value, dict):
        return "server" in value or any(isinstance(key, str) and key.casefold() == "server" for key in value)
    return not isinstance(value, list)


def is_known_object(value: object) -> bool:
    """Whether a parsed value is no native record, and holds objects of another program."""
    if is_native(value):
        return False
    from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - most inventories need none

    return next(facts_of(value, NOWHERE), None) is not None
