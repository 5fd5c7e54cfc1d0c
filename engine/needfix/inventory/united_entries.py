"""Entries of several records as one: the values on which they agree, and how those that differ are shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from needfix.intake.record import stated_of
from needfix.intake.vocabularies import says_nothing
from needfix.inventory.newest import meant
from needfix.model.server import NOT_THERE, FileCopy, InstalledProduct, altered

T = TypeVar("T")
Key = Hashable


def grouped(entries: Iterable[T], key: Callable[[T], Key]) -> dict[Key, tuple[T, ...]]:
    """Entries by a key, in their order."""
    found: dict[Key, list[T]] = {}
    for entry in entries:
        found.setdefault(key(entry), []).append(entry)
    return {own: tuple(some) for own, some in found.items()}


def united(values: Sequence[Any]) -> tuple[Any, bool]:
    """Lists of entries as one, with the values on which those agree that state any; whether any differ.

    None where they are not about the same entries.
    """
    if len(values) == 1:
        return values[0], False
    if any(value is None for value in values):
        return None, True
    keyed = [grouped(value, lambda one: one.name.casefold()) for value in values]
    is_same = all(own.keys() == keyed[0].keys() for own in keyed)
    if not is_same or any(len(some) > 1 for own in keyed for some in own.values()):
        return None, True
    agreed = [_agreed([own[key][0] for own in keyed]) for key in keyed[0]]
    return tuple(one for one, _ in agreed), any(lost for _, lost in agreed)


def _agreed(entries: Sequence[Any]) -> tuple[Any, bool]:
    """An entry with the values that do not differ, and whether any does."""
    first, changes, lost = entries[0], {}, False
    for attribute in (each.name for each in fields(first) if each.name != "name"):
        stated = [value for value in (getattr(own, attribute) for own in entries) if _says_something(value)]
        is_one = len({meant(attribute, value) for value in stated}) == 1
        if attribute == "build" and not is_one and (exact := _most_exact(stated)):
            stated, is_one = [exact], True
        changes[attribute] = stated[0] if is_one else None if stated else getattr(first, attribute)
        lost |= len(stated) > 0 and not is_one
    return altered(first, **changes), lost


def _most_exact(builds: Sequence[str]) -> str | None:
    """The build of which all others are the beginning: 10.0.17763 is 10.0.17763.5000 without its revision."""
    longest = max(builds, key=len, default="")
    is_whole = all(longest == own or longest.startswith(f"{own}.") for own in builds)
    return longest if is_whole else None


def _says_something(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and says_nothing(value))


def filled(
    entries: Iterable[InstalledProduct], common: Iterable[InstalledProduct]
) -> tuple[InstalledProduct, ...]:
    """A list of products, with the values that other lists of the same products add."""
    known = {one.name.casefold(): one for one in common}
    return tuple(
        altered(
            own,
            **{
                each.name: getattr(known[own.name.casefold()], each.name)
                for each in fields(own)
                if not _says_something(getattr(own, each.name))
            },
        )
        for own in entries
    )


def with_modules(
    copies: tuple[FileCopy, ...], values: Iterable[Sequence[FileCopy] | None]
) -> tuple[FileCopy, ...]:
    """Copies of which records disagree, with each module that one of them says is loaded."""
    loaded = sorted({copy.loaded for own in values for copy in own or () if copy.loaded})
    return tuple(altered(copies[0], loaded=one) for one in loaded) if len(loaded) > 1 else copies


def agree_on_platform(values: Sequence[Sequence[FileCopy] | None]) -> bool:
    """Whether copies are of one platform, so that what else is stated of them is of one copy."""
    return len({copy.platform and copy.platform.casefold() for own in values for copy in own or ()}) == 1


def shown_entries(value: Sequence[Any] | None) -> str:
    """What entries of one name state; None is that they are not there."""
    if value is None:
        return NOT_THERE
    shown = (
        ", ".join(f"{key} {said}" for key, said in stated_of(own).items() if key != "name") for own in value
    )
    return "; ".join(sorted(filter(None, shown))) or "there"


def shown_copies(value: Sequence[FileCopy] | None) -> str:
    """What copies of one file state, but for where they lie."""
    if value is None:
        return NOT_THERE
    return shown_entries([altered(copy, path=None) for copy in value])


def shown_products(value: Sequence[InstalledProduct] | None) -> str:
    """A list of products."""
    shown = [" ".join(map(str, stated_of(own).values())) for own in value or ()]
    return ", ".join(sorted(shown)) or "empty"
