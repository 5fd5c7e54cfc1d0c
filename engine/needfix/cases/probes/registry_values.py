"""Values of the registry in the short form of cases."""

from __future__ import annotations

from collections.abc import Iterable

from needfix.model.rule import Minimum
from needfix.model.value import stated

ABSENT = ""
"""What stands for a value that is not there."""

ANY = "1"
"""A value where any will do."""


def as_asked(minimum: Minimum) -> str:
    """A value that is just as a rule asks for it."""
    asked = minimum.registry
    if asked is None or asked.present is None:
        return minimum.text
    return ANY if asked.present else ABSENT


def not_as_asked(minimum: Minimum) -> str:
    """A value that is not as a rule asks for it, other than a version."""
    asked = minimum.registry
    if asked is None or asked.present is not None:
        return ABSENT if asked is None or asked.present else ANY
    return "0" if asked.equals != "0" else "1"


def given_values(values: Iterable[tuple[Minimum, str]]) -> dict[str, object]:
    """Values as an inventory lists them; the list is complete where one of them is not there."""
    known = dict.fromkeys(values)
    listed = [_given(minimum, value) for minimum, value in known if value != ABSENT]
    if any(value == ABSENT for _, value in known):
        return {"registry": listed, "complete": ["registry"]}
    return {"registry": listed} if listed else {}


def _given(minimum: Minimum, value: str) -> dict[str, object]:
    path, _, name = minimum.name.replace("/", "\\").rpartition("\\")
    view = minimum.registry.view if minimum.registry is not None else None
    return stated(path=path, name=name, value=value, view=view)
