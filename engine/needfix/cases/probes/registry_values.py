"""Values of the registry in the short form of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from needfix.model.minimum import Minimum
from needfix.model.registry import other_view
from needfix.model.value import stated

_OF_32_BITS = re.compile(r"(?<=[\\/])wow6432node[\\/]", re.IGNORECASE)

ABSENT = ""
"""What stands for a value that is not there."""


def as_asked(minimum: Minimum) -> str:
    """A value that is just as a rule asks for it."""
    return minimum.value_met or ABSENT


def not_as_asked(minimum: Minimum) -> str:
    """A value that is not as a rule asks for it, other than a version."""
    return minimum.value_unmet or ABSENT


def in_other_view(minimum: Minimum) -> tuple[Minimum, str] | None:
    """The same value in the view that does not count, and a text there that would alter the answer if it did.

    None where both views count.
    """
    asked = minimum.registry
    if asked is None or asked.view is None:
        return None
    beside = replace(asked, view=other_view(asked.view))
    key = _OF_32_BITS.sub("", minimum.name)
    return replace(minimum, name=key, registry=beside), minimum.value_met or not_as_asked(minimum)


def only_in_other_view(minimum: Minimum) -> str:
    """Where `in_other_view` puts a value, in words."""
    asked = minimum.registry
    return f"only in view {other_view(asked.view)}" if asked is not None and asked.view is not None else ""


def given_values(values: Iterable[tuple[Minimum, str]]) -> dict[str, object]:
    """Values as an inventory lists them; the list is complete where one of them is not there."""
    known = dict.fromkeys(values)
    listed = [_given(minimum, value) for minimum, value in known if value != ABSENT]
    if any(value == ABSENT for _, value in known):
        return {"registry": listed, "complete": ["registry"]}
    return {"registry": listed} if listed else {}


def _given(minimum: Minimum, value: str) -> dict[str, object]:
    path, name = minimum.value_place
    view = minimum.registry.view if minimum.registry is not None else None
    return stated(path=path, name=name, value=value, view=view)
