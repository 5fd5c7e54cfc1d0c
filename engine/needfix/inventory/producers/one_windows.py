"""The operating system of a server, which several commands state: each knows a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from needfix.intake.vocabularies import language, platform
from needfix.inventory.producers.facts import Entry

_SYSTEM = re.compile(
    r"microsoft(?:\(r\)|®)? windows(?:\(r\)|®)? (?:server|nt|xp|vista|[0-9]{1,4})\b", re.IGNORECASE
)


def is_windows(entry: Entry) -> bool:
    """Whether an entry of a list of products is a Windows, of which a server runs one."""
    name = entry.get("name")
    return isinstance(name, str) and _SYSTEM.match(name) is not None


def is_named_windows(name: str) -> bool:
    """Whether a product of this name is a Windows, be it without its vendor."""
    return _SYSTEM.match(name) is not None or _SYSTEM.match(f"Microsoft {name}") is not None


def one_windows(products: Iterable[Entry]) -> list[Entry]:
    """Products with one entry for each Windows of the same name, unless what is stated of it differs."""
    found: list[Entry] = []
    for entry in products:
        place, joined = len(found), entry
        for n, own in enumerate(found):
            both = _joined(own, entry) if is_windows(entry) and is_windows(own) else None
            if both is not None:
                place, joined = n, both
        found[place : place + 1] = [joined]
    return found


def _joined(one: Entry, other: Entry) -> Entry | None:
    """What both state; None where they differ. Of two builds the one that says more counts."""
    both = {**other, **one}
    for key in one.keys() & other.keys():
        mine, theirs = str(one[key]), str(other[key])
        if mine.casefold() == theirs.casefold():
            continue
        if key == "build" and theirs.startswith(f"{mine}."):
            both[key] = other[key]
        elif not (key == "build" and mine.startswith(f"{theirs}.")) and not _are_alike(key, mine, theirs):
            return None
    return both


def _are_alike(key: str, one: str, other: str) -> bool:
    read = {"platform": platform, "language": language}.get(key)
    return read is not None and read(one) is not None and read(one) == read(other)
