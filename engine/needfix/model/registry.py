"""Values of the registry as rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from needfix.model.value import Value

RegistryView = Literal["32", "64"]
REGISTRY_VIEWS: tuple[RegistryView, ...] = get_args(RegistryView)


def other_view(view: RegistryView) -> RegistryView:
    """The view of the registry that is not this one."""
    return "32" if view == "64" else "64"


@dataclass(frozen=True, slots=True)
class RegistryAsked(Value):
    """A value of the registry, and what it must be beside a version.

    `key` and `name` are as they are compared: without case, the root in one spelling, and without
    Wow6432Node, which is the `view` of 32 bits. Without a view, both are meant. `equals` is a text as it is
    compared; `present`: whether there must be a value at all, whatever it is.
    """

    key: str
    name: str
    view: RegistryView | None = None
    equals: str | None = None
    present: bool | None = None
