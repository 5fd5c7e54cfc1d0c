"""Other values of the registry that may matter to a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from needfix.compare.registry import AskedValue, RegistryMeasure
from needfix.compare.registry_reasons import label
from needfix.explain.minimum_values import just_below, missing_words, reaching_words
from needfix.model.explanation import Line
from needfix.model.minimum import Minimum
from needfix.model.server import RegistryValue, Server


def value_changes(
    minimum: Minimum, found: RegistryMeasure
) -> Iterator[tuple[Line, Callable[[Server], Server]]]:
    """A value as a rule asks for it, another one, and none, where it is not so already."""
    asked, name = AskedValue.of(minimum), label(minimum)
    if asked is None:
        return
    state = found.state(0)
    needs_none = asked.asked.present is False
    if state != "reached" and not needs_none:
        yield Line(name, met_words(minimum)), with_value(minimum, minimum.value_met)
    other = just_below(minimum) if minimum.version is not None else minimum.value_unmet
    if state != "below" and other is not None:
        words = missing_words(minimum, other) if minimum.version is not None else other
        yield Line(name, words), with_value(minimum, other)
    if found.value != "missing" and not (needs_none and state == "reached"):
        yield Line(name, "not there, and all values listed"), with_value(minimum, None)


def as_asked(minimum: Minimum) -> Callable[[Server], Server]:
    """The value as a rule asks for it."""
    return with_value(minimum, minimum.value_met)


def met_words(minimum: Minimum) -> str:
    """The values that are as a rule asks for them."""
    if minimum.version is not None:
        return reaching_words(minimum)
    asked = minimum.registry
    if asked is None or asked.equals is not None:
        return minimum.text
    return "there, whatever it is" if asked.present else "not there"


def with_value(minimum: Minimum, text: str | None) -> Callable[[Server], Server]:
    """A value with another text; with None it is not there, in a list of all values."""
    asked = AskedValue.of(minimum)
    path, name = minimum.value_place
    view = minimum.registry.view if minimum.registry is not None else None

    def make(server: Server) -> Server:
        kept = tuple(one for one in server.registry or () if asked is None or asked.has(one) is False)
        if text is None:
            return replace(server, registry=kept, complete=server.complete | {"registry"}, looked_up=None)
        return replace(server, registry=(*kept, RegistryValue(path, name, text, view)))

    return make
