"""Whether a text begins with objects of another program; needs none of the modules that read these."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from needfix.errors import NOWHERE
from needfix.intake.columns import ALIASES
from needfix.intake.other_columns import read_columns
from needfix.intake.other_names import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

_ONE_OBJECT = json.JSONDecoder()


def is_of_producer(head: str) -> bool:
    """Whether the first object of JSON, as far as it is in the beginning of a text, is of another program.

    One that needfix does not know is not. One that is not whole there may be, unless it names a server as a
    record does.
    """
    start = head.lstrip()
    if not start.startswith(("{", "[")):
        from needfix.inventory.table_header import names_of_header  # noqa: PLC0415 - JSON needs no csv

        names = names_of_header(start)
        return are_of_objects(names) or read_columns(names, NOWHERE, {}).products != "own"
    try:
        value, _ = _ONE_OBJECT.raw_decode(start)
    except (ValueError, RecursionError):
        return _SERVER.search(start) is None
    return is_known_object(value)


_SERVER = re.compile(r'"server"\s*:', re.IGNORECASE)


def are_of_objects(names: Iterable[str], stated: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether the names of a header are those of properties of an object of another program.

    Names of needfix's own columns for products and files say what the rows are, and so do those whose
    columns are `stated`, by their folded names. Rows with an action may be those that a log calls removed.
    """
    own = [name.strip().casefold() for name in names]
    if not stated.keys().isdisjoint(map(folded, own)) or all(name in ALIASES for name in own):
        return False
    if "action" in own:
        return _SAYING_WHAT.isdisjoint(own) or not _OF_LOG.isdisjoint(map(folded, own))
    if not _SAYING_WHAT.isdisjoint(own):
        return False
    from needfix.inventory.producers.kinds import kind_of  # noqa: PLC0415 - as below

    return kind_of(frozenset(map(folded, own))) is not None


_SAYING_WHAT = frozenset(
    ("product", "level", "file", "event_source", "service", "counter", "observed", "absent", "registry_path")
)

_OF_LOG = frozenset(("hostidentifier", "unixtime", "calendartime"))
"""What logs of osquery state beside the action."""


def is_native(value: object) -> bool:
    """Whether a parsed value is a record of needfix, under whatever names, or holds them, or is no object."""
    if not isinstance(value, dict):
        return not isinstance(value, list)
    return _is_record(value) or records_within(value) is not None


def _is_record(value: dict[Any, object]) -> bool:
    """Whether an object is a record.

    `Server` in a key of the registry that PowerShell lists is a value of that key.
    """
    if "PSPath" in value:
        return False
    if "server" in value or any(isinstance(key, str) and key.casefold() == "server" for key in value):
        return True
    from needfix.inventory.producers.rows import is_record  # noqa: PLC0415 - as below

    return is_record(value)


def records_within(value: object) -> tuple[str, list[object]] | None:
    """The only list in an object, where it holds records of needfix, and its key: `{"value": […]}`."""
    if not isinstance(value, dict):
        return None
    lists = [(key, own) for key, own in value.items() if isinstance(own, list) and own]
    if len(lists) != 1 or any(isinstance(own, Mapping) for own in value.values()):
        return None
    key, elements = lists[0]
    are_records = all(isinstance(own, dict) and _is_record(own) for own in elements)
    return (str(key), elements) if are_records else None


def is_known_object(value: object) -> bool:
    """Whether a parsed value is no native record, and holds objects of another program."""
    if is_native(value):
        return False
    from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - most inventories need none

    return next(facts_of(value, NOWHERE), None) is not None
