"""Whether a text begins with objects of another program; needs none of the modules that read these."""

from __future__ import annotations

import json

_ONE_OBJECT = json.JSONDecoder()


def is_of_producer(head: str) -> bool:
    """Whether the first object of JSON, as far as it is in the beginning of a text, is of another program.

    One that needfix does not know is not, nor is one that is not whole there.
    """
    start = head.lstrip()
    if not start.startswith(("{", "[")):
        return False
    try:
        value, _ = _ONE_OBJECT.raw_decode(start)
    except (ValueError, RecursionError):
        return False
    return is_known_object(value)


def is_native(value: object) -> bool:
    """Whether a parsed value is a record of needfix, or no object at all."""
    if isinstance(value, dict):
        return "server" in value or any(isinstance(key, str) and key.casefold() == "server" for key in value)
    return not isinstance(value, list)


def is_known_object(value: object) -> bool:
    """Whether a parsed value is no native record, and holds objects of another program."""
    if is_native(value):
        return False
    from needfix.errors import NOWHERE  # noqa: PLC0415 - as below
    from needfix.inventory.producers.kinds import facts_of  # noqa: PLC0415 - most inventories need none

    return next(facts_of(value, NOWHERE), None) is not None
