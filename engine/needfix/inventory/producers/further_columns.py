"""What rows and objects of other programs state beside what their kind is read for.

Columns of needfix's own count in any table, and so do the facts about a server that some put beside others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from needfix.intake.columns import ALIASES
from needfix.intake.kinds import TRUTHS, split_list
from needfix.intake.notes import Occurrence
from needfix.intake.other_columns import other_name
from needfix.intake.other_names import folded
from needfix.inventory.producers.facts import OTHERS, Entry, Facts
from needfix.inventory.producers.one_windows import is_windows
from needfix.inventory.producers.systems import with_revision
from needfix.inventory.producers.written import Written, as_text, as_time, without_zero
from needfix.model.note import COLUMN_DOUBLED, NOT_READ

_ABOUT_SERVER = frozenset(("collected", "restart_pending", "hotfixes"))
_ABOUT_FILE: Mapping[str, str] = MappingProxyType(
    {
        "path": "path", "loaded": "loaded", "modified": "modified", "size": "size", "platform": "platform",
        "file_language": "language",
    }
)  # fmt: skip
_ABOUT_PRODUCT: Mapping[str, str] = MappingProxyType(
    {"edition": "edition", "platform": "platform", "language": "language"}
)
_UNDER_OTHER_NAMES = frozenset(("collected", "restart_pending", "hotfixes", "path", "modified", "size"))
"""Columns that count under their other names, too; those of the others may be about something else."""
_SYSTEM = "system"
_OF_SYSTEMS = frozenset(("caption", "osname", "operatingsystem", "operatingsystemname", "productname"))

_OWN = {folded(name): column for name, column in ALIASES.items()}


def further_columns(names: Iterable[str]) -> Mapping[str, str]:
    """The columns that properties mean, by their folded names, as far as they count beside a kind."""
    found: dict[str, str] = {}
    for name in names:
        other = other_name(name)
        column = _OWN.get(name) or (other.column if other and other.column in _UNDER_OTHER_NAMES else "")
        if without_zero(name) in _OF_SYSTEMS:
            found[name] = _SYSTEM
        elif column in _ABOUT_SERVER or column in _ABOUT_FILE or column in _ABOUT_PRODUCT:
            found[name] = column
    return found


def with_columns(found: list[Facts], written: Written, columns: Mapping[str, str]) -> Further:
    """Facts of an object with what it states in further columns, by the names of its properties."""
    stated = {name: text for name in columns if (text := as_text(written.value(name)))}
    if not stated or not found or any(facts.group or facts.removes for facts in found):
        return Further(found, set())
    further = Facts.of(
        None,
        written.at,
        hotfixes=[own for text in _in(stated, columns, "hotfixes") for own in split_list(text)],
        products=_system_in(found, written, _in(stated, columns, _SYSTEM)),
    )
    times = [as_time(text) for text in _in(stated, columns, "collected")]
    truths = [_truth(text) for text in _in(stated, columns, "restart_pending")]
    further = further._replace(
        collected=min(filter(None, times), default=None),
        restart_pending=any(truths) if truths and None not in truths else None,
    )
    used = _filled_in(found, stated, columns) | {
        name
        for name, column in columns.items()
        if (column in further.entries or (column == _SYSTEM and further.entries.get("products")))
        or (column in _ABOUT_SERVER and getattr(further, column, None) is not None)
    }
    if "products" in further.entries:
        used |= _OF_SYSTEM_BESIDE
    return Further([_united(found[0], further), *found[1:]], used)


_OF_SYSTEM_BESIDE = frozenset(("version", "osversion", "operatingsystemversion", "ubr", "osarchitecture"))


def _united(facts: Facts, further: Facts) -> Facts:
    """Facts of an object with further ones of it."""
    entries = {
        key: [*facts.entries.get(key, ()), *further.entries.get(key, ())]
        for key in (*facts.entries, *further.entries)
    }
    pending = [own for own in (facts.restart_pending, further.restart_pending) if own is not None]
    return facts._replace(
        entries=entries,
        collected=min(filter(None, (facts.collected, further.collected)), default=None),
        restart_pending=any(pending) if pending else None,
    )


def columns_not_read(names: Sequence[str], read: Collection[str]) -> list[Occurrence]:
    """The columns of a table of objects whose folded names are not in `read`, and those that are there twice.

    None where nothing was read, since the table has no rows.
    """
    if not read:
        return []
    own = [name for name in names if name and {folded(name), without_zero(folded(name))}.isdisjoint(read)]
    first: dict[str, str] = {}
    twice = [
        f"{name}, as {known}"
        for place, name in enumerate(names)
        if (known := first.setdefault(folded(name), name))
        and place != names.index(known)
        and folded(name) in read
    ]
    return [
        *(Occurrence(COLUMN_DOUBLED, text) for text in dict.fromkeys(twice)),
        *(Occurrence(NOT_READ, name) for name in own),
    ]


class Further(NamedTuple):
    """The facts of an object, and the further properties that are in them."""

    facts: list[Facts]
    used: set[str]


def _in(stated: Mapping[str, str], columns: Mapping[str, str], column: str) -> list[str]:
    return [text for name, text in stated.items() if columns[name] == column]


def _truth(text: str) -> bool | None:
    return TRUTHS.get(text.casefold())


def _filled_in(found: list[Facts], stated: Mapping[str, str], columns: Mapping[str, str]) -> set[str]:
    """Add to the only file, else to the only product, what further columns state of it."""
    used: set[str] = set()
    for key, own in (("files", _ABOUT_FILE), ("products", _ABOUT_PRODUCT)):
        entries = [entry for facts in found for entry in facts.entries.get(key, ()) if entry != OTHERS]
        if not entries:
            continue
        for name, text in stated.items():
            target = own.get(columns[name])
            if len(entries) > 1 or target is None or target in entries[0]:
                continue
            if key == "files" or is_windows(entries[0]):
                entries[0][target] = as_time(text) if target == "modified" else text
                used.add(name)
        break
    return used


def _system_in(found: list[Facts], written: Written, names: list[str]) -> list[Entry]:
    """The Windows that a row of something else names, such as a row of files that is joined with systems."""
    name = next(filter(_is_system, names), None)
    if name is None or any(facts.entries.get("products") for facts in found):
        return []
    return [_system(name, written), OTHERS]


def _is_system(text: str) -> bool:
    return is_windows({"name": text}) or is_windows({"name": f"Microsoft {text}"})


def _system(name: str, written: Written) -> Entry:
    plain = written.without_zeros()
    is_apart = any(own in plain.values for own in ("fileversion", "fileversionraw"))
    version = plain.text("osversion", "operatingsystemversion") or (
        plain.text("version") if is_apart and "caption" in plain.values else None
    )
    return {
        "name": name if is_windows({"name": name}) else f"Microsoft {name}",
        "build": with_revision(version, plain.text("ubr")),
        "platform": plain.text("osarchitecture"),
    }
