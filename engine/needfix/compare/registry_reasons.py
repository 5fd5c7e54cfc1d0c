"""Reasons about values of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from needfix.compare.registry import RegistryMeasure, ValueState
from needfix.compare.tracked import stated
from needfix.intake.registry_names import registry_key, registry_text
from needfix.model.decision import Reason
from needfix.model.minimum import Minimum
from needfix.model.server import RegistryValue

_CODES: dict[ValueState, str] = {
    "as-asked": "registry-as-needed",
    "other": "registry-not-as-needed",
    "other-in-part": "registry-not-as-needed",
    "missing": "registry-missing",
    "unreadable": "registry-unreadable",
    "contradicted": "registry-contradicted",
    "not-stated": "registry-not-inventoried",
    "not-inventoried": "registry-not-inventoried",
}


def value_reasons(minimum: Minimum, found: RegistryMeasure) -> Iterator[Reason]:
    """What entries show of what a fix asks for."""
    shown = value_shown(minimum, found)
    text = f"{shown[0].upper()}{shown[1:]}; {_needed(minimum)}"
    if found.value != "contradicted":
        observed = _values(found.entries) or None
        code = _CODES[found.value]
        yield Reason(code, text, path=minimum.name, observed=observed, expected=minimum.text)
    yield from value_contradicted(minimum, found)


def value_condition(minimum: Minimum, found: RegistryMeasure) -> Reason:
    """What entries show of what an entry of `affects` asks for."""
    code = "condition-unknown" if found.answer == "unknown" else "condition-not-met"
    shown = value_shown(minimum, found)
    if found.value == "other-in-part":
        shown = f"{shown} in one entry, and another one may be so"
    sentence = f"Only servers with {minimum.value_asked} are affected; {shown}"
    return Reason(
        code, sentence, path=minimum.name, observed=_values(found.entries) or None, expected=minimum.text
    )


def value_contradicted(minimum: Minimum, found: RegistryMeasure) -> Iterator[Reason]:
    """That entries of a value exclude each other, where they do."""
    if found.differing:
        values = _values(found.differing)
        sentence = f"Entries of {label(minimum)} exclude each other: {values}"
        yield Reason(
            "registry-contradicted", sentence, path=minimum.name, observed=values, expected=minimum.text
        )


def value_shown(minimum: Minimum, found: RegistryMeasure) -> str:
    """What entries show of a value, in words."""
    name, values = label(minimum), _values(found.entries)
    match found.value:
        case "missing":
            return f"{name} is not there"
        case "as-asked" | "other" | "other-in-part":
            return f"{name} is {values}" if values else f"{name} is not there"
        case "unreadable":
            return f"{name} is {values!r}, which cannot be compared"
        case "contradicted":
            return f"entries of {name} exclude each other: {values}"
        case "not-stated":
            return _unclear(name, found.entries)
        case "not-inventoried":
            return f"{name} was not inventoried"


def label(minimum: Minimum) -> str:
    """The name of a value, with its view where only one counts."""
    asked = minimum.registry
    view = "" if asked is None or asked.view is None else f" ({asked.view}-bit view)"
    return f"{minimum.name}{view}"


def _needed(minimum: Minimum) -> str:
    asked = minimum.registry
    if asked is not None and asked.present is False:
        return "there must be no value"
    return f"{minimum.value_needed} is needed"


def _unclear(name: str, entries: Iterable[RegistryValue]) -> str:
    """Why an entry does not show the value: what it does not state."""
    first = next(iter(entries))
    if stated(first.name) is None or stated(first.path) is None:
        return f"an entry whose key or name says nothing may be {name}"
    if first.value is None or registry_text(first.value) is None:
        return f"the inventory does not state the value of {name}"
    if registry_key(first.path) is None:
        return f"the key of an entry that may be {name} has no known root: {first.path}"
    if first.view is None:
        return f"the inventory does not state the view in which {name} is {first.value}"
    return f"the view of an entry that may be {name} is not understood: {first.view}"


def _values(entries: Iterable[RegistryValue]) -> str:
    """What entries state, each value once."""
    return ", ".join(dict.fromkeys(one.value for one in entries if one.value))
