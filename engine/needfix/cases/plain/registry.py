"""What a server's values of the registry say about those that a rule asks for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from needfix.cases.plain.build_minima import reaches
from needfix.cases.plain.reading import is_by_years, version
from needfix.cases.plain.words import says_nothing
from needfix.intake.known_names import REGISTRY_ROOTS, VIEWS_OF_REGISTRY
from needfix.model.minimum import Minimum
from needfix.model.server import RegistryValue, Server

ValueState = Literal["below", "not-inventoried", "unreadable", "reached"]
Place = tuple[str, str, str]
"""A key, the name of a value in it, and a view of the registry; empty where it is not known."""

_MOST_REMEMBERED = 1 << 14
_OF_32_BITS = "wow6432node"
_DWORDS = 1 << 32
_NUMBERS = (("0x([0-9a-f]{1,16})", 16), ("dword:([0-9a-f]{1,8})", 16), ("0000000([0-9])", 10))


def value_state(minimum: Minimum, server: Server) -> ValueState:
    """Below where an entry says so that no other of its view excludes; reached where every entry says so."""
    surely = [one for one in server.registry or () if is_value(minimum, one) is True]
    perhaps = [one for one in server.registry or () if is_value(minimum, one) is None]
    if not surely and not perhaps:
        is_whole = "registry" in server.complete and server.registry is not None
        is_whole = is_whole and _was_looked_up(minimum, server.looked_up)
        is_absence_needed = minimum.registry is not None and minimum.registry.present is False
        return "not-inventoried" if not is_whole else "reached" if is_absence_needed else "below"
    answers = [(_place(one)[2], _is_met(minimum, one.value)) for one in surely if _text(one.value)]
    views = {view: {answer for own, answer in answers if own == view} for view, _ in answers}
    if {False} in views.values():
        return "below"
    if not surely or any(not _text(one.value) for one in surely):
        return "not-inventoried"
    if any(not _text(one.value) or not _is_met(minimum, one.value) for one in perhaps):
        return "not-inventoried"
    return "reached" if all(said == {True} for said in views.values()) else "unreadable"


def _was_looked_up(minimum: Minimum, every: tuple[str, ...] | None) -> bool:
    """Whether a value was looked up, in its view where it has one; all were where nothing else is stated."""
    asked = minimum.registry
    if every is None or asked is None:
        return every is None
    texts = (text.strip().replace("/", "\\").rsplit("\\", 1) for text in every)
    places = [(*_key(own[0], ""), own[1].strip().casefold()) for own in texts if own[1:]]
    return any(
        (key, name) == (asked.key, asked.name) and view in ("", asked.view) for key, view, name in places
    )


def is_as_asked(minimum: Minimum, server: Server) -> Literal["yes", "no", "unknown"]:
    """Whether a value is as an entry of `affects` asks for it: no only where no entry can be so."""
    found = value_state(minimum, server)
    own = [one for one in server.registry or () if is_value(minimum, one) is not False]
    if found == "below" and all(_text(one.value) and _is_met(minimum, one.value) is False for one in own):
        return "no"
    return "yes" if found == "reached" else "unknown"


def values_differ(minimum: Minimum, server: Server) -> bool:
    """Whether entries of one view state different values."""
    own = [one for one in server.registry or () if is_value(minimum, one) is True and _text(one.value)]
    return len({(_place(one)[2], _text(one.value)) for one in own}) > len({_place(one)[2] for one in own})


def is_value(minimum: Minimum, entry: RegistryValue) -> bool | None:
    """Whether an entry is of a value; None where what it does not state may be that of the value."""
    asked = minimum.registry
    if asked is None:
        return False
    pairs = zip((asked.key, asked.name, asked.view or ""), _place(entry), strict=True)
    compared = [(one, found) for one, found in pairs if one]
    if any(found and found != one for one, found in compared):
        return False
    return all(found for _, found in compared) or None


@lru_cache(_MOST_REMEMBERED)
def _place(entry: RegistryValue) -> Place:
    key, view = _key(entry.path, VIEWS_OF_REGISTRY.get((entry.view or "").strip().casefold(), ""))
    return key, "" if says_nothing(entry.name) else entry.name.casefold(), view


def _key(path: str, view: str) -> tuple[str, str]:
    """A key and the view that is meant, where one of these is stated beside it; empty where not known."""
    plain = path.strip().replace("/", "\\")
    plain = re.sub(r"(?i)^(microsoft\.powershell\.core\\registry::|registry::|(my )?computer\\)", "", plain)
    first, *others = [part.strip().casefold() for part in plain.split("\\")]
    first, folders = first.removesuffix(":"), [part for part in others if part]
    roots = [short for short, long in REGISTRY_ROOTS.items() if first in (short.casefold(), long.casefold())]
    if not roots or not folders:
        return "", "" if view == "64" else view  # it may be the key of that name of 32 bits
    key = [roots[0].casefold(), *(part for part in folders if part != _OF_32_BITS)]
    return "\\".join(key), "32" if _OF_32_BITS in folders else view


def _text(value: str | None) -> str:
    """A value as it is compared; empty where none is stated."""
    if value is None or says_nothing(value):
        return ""
    folded = value.strip().casefold()
    for form, base in _NUMBERS:
        if found := re.fullmatch(form, folded, re.ASCII):
            return str(int(found[1], base))
    if found := re.fullmatch("-([1-9][0-9]{0,9})", folded, re.ASCII):
        return str(_DWORDS - int(found[1])) if int(found[1]) <= _DWORDS // 2 else folded
    both = re.fullmatch(r"([0-9a-fx]+) ?\(([0-9a-fx]+)\)", folded, re.ASCII)
    if both is None or ("x" in both[1]) == ("x" in both[2]):
        return folded
    decimal, hexadecimal = sorted(both.groups(), key=lambda one: "x" in one)
    is_read = re.fullmatch("[0-9]{1,20}", decimal) and re.fullmatch("0x[0-9a-f]{1,16}", hexadecimal)
    return str(int(decimal)) if is_read and int(decimal) == int(hexadecimal, 16) else folded


def _is_equal(value: str, asked: str) -> bool | None:
    """Whether a value is the one asked for; None where both may be one number."""
    found = _text(value)
    if found == asked or not re.fullmatch("[0-9]+", asked):
        return found == asked
    if not re.fullmatch("0|[1-9][0-9]{0,19}", found):
        may_be = re.search("[0-9]", found) or re.match("[a-f]{1,16}$|hex[(:]|[dq]word[(:]", found)
        return None if may_be else False
    if int(found) == int(asked) or ("-" in value and int(asked) >= 1 << 63):
        return None
    return False


def _is_met(minimum: Minimum, value: str | None) -> bool | None:
    asked = minimum.registry
    if asked is not None and minimum.version is None:
        return _is_equal(value or "", asked.equals) if asked.equals is not None else asked.present
    found = version(value)
    if found is None or is_by_years(found) != is_by_years(minimum.versions[0].release):
        return None
    return reaches(found, minimum)
