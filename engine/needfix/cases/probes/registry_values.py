"""Values of the registry in the short form of cases."""

from __future__ import annotations

from collections.abc import Iterable

from needfix.model.minimum import Minimum
from needfix.model.value import stated

ABSENT = ""
"""What stands for a value that is not there."""


def as_asked(minimum: Minimum) -> str:
    """A value that is just as a rule asks for it."""
    return minimum.value_met or ABSENT


def not_as_asked(minimum: Minimum) -> str:
    """A value that is not as a rule asks for it, other than a version."""
    return minimum.value_unmet or ABSENT


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
