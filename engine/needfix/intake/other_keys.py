"""Keys of records under the names that other programs and people have for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from needfix.intake.fields import FILE, PRODUCT, RECORD, RecordObject, is_path
from needfix.intake.near import nearest
from needfix.intake.other_names import NAMES_OF_COLUMNS, NAMES_OF_KEYS, folded
from needfix.intake.other_values import listed, version_in

_VERSION, _PRODUCTS_VERSION, _INFORMATION = "version", "productversion", "versioninfo"
_PARTS_OF_VERSION = ("filemajorpart", "fileminorpart", "filebuildpart", "fileprivatepart")
_VERSIONS = ("fileversionraw", _INFORMATION, *_PARTS_OF_VERSION)
"""Names of the version of a file that come before those of columns; the parts are one value together."""


class Meant(NamedTuple):
    """The key that another name means, and its place among the names of that key.

    Names of needfix's own have rank 0: a column's, and keys with other blanks and punctuation.
    """

    key: str
    rank: int


class Keyed(NamedTuple):
    """An object of a record by its own keys; what is not known is there as it is written.

    `written` are the names of keys that are written otherwise, `foreign` those of these keys that are under
    names of other programs. `unread` are pairs of a name that is not read and the one that is, for the same
    fact. `twice` are keys that are there in several cases.
    """

    values: Mapping[Any, object]
    written: Mapping[str, str] = MappingProxyType({})
    foreign: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    twice: tuple[str, ...] = ()


def _names_of(entry: RecordObject) -> Iterator[tuple[str, Meant]]:
    """The other names of the keys of an object, folded."""
    extra = NAMES_OF_KEYS.get(entry.title, {})
    for key, field in entry.fields.items():
        for own in (key, field.column or key, *(field.also if not field.fact.within else ())):
            yield folded(own), Meant(key, 0)
        first = _VERSIONS if entry is FILE and key == _VERSION else ()
        others = dict.fromkeys((*first, *NAMES_OF_COLUMNS.get(field.column or "", ()), *extra.get(key, ())))
        yield from ((name, Meant(key, rank)) for rank, name in enumerate(others, start=1))


def _objects(entry: RecordObject) -> Iterator[RecordObject]:
    yield entry
    for field in entry.fields.values():
        if field.holds is not None:
            yield from _objects(field.holds)


def _table(entry: RecordObject) -> Mapping[str, Meant]:
    found: dict[str, Meant] = {}
    for name, meant in _names_of(entry):
        found.setdefault(name, meant)
    return found


_MEANT = {entry.title: _table(entry) for entry in _objects(RECORD)}


def other_key(entry: RecordObject, name: object) -> Meant | None:
    """The key of an object that a name means which is none of its keys; names of views end with 0."""
    if not isinstance(name, str):
        return None
    own, known = folded(name), _MEANT[entry.title]
    return known.get(own) or known.get(own.removesuffix("0"))


def may_mean_key(entry: RecordObject, name: str) -> bool:
    """Whether a name that is no key of an object means one of its keys, or likely does."""
    return other_key(entry, name) is not None or (
        len(name) <= _LONGEST and _likely(entry.title, name) is not None
    )


def unknown_key(entry: RecordObject, name: object, place: str) -> str:
    """A key that is not known, with its place, as notes have it: with the key that it likely means."""
    meant = _likely(entry.title, name) if isinstance(name, str) and len(name) <= _LONGEST else None
    return f"{place}{name} (perhaps {meant})" if meant else f"{place}{name}"


_LONGEST = 64


@lru_cache(maxsize=1 << 12)
def _likely(title: str, name: str) -> str | None:
    known = _MEANT[title]
    near = nearest(folded(name), known)
    return known[near].key if near else None


def keyed(entry: RecordObject, record: Mapping[Any, object]) -> Keyed:
    """An object of a record by its own keys, under whatever names they are there."""
    found: dict[Any, object] = {}
    twice: dict[str, None] = {}
    others: list[tuple[Meant, str, object]] = []
    for name, value in record.items():
        own = name.casefold() if isinstance(name, str) else name
        if own in entry.fields:
            if own in found:
                twice[own] = None
            found.setdefault(own, value)
        elif (meant := other_key(entry, name)) is not None and _may_be_read(entry, meant.key, value):
            others.append((meant, name, value))
        else:
            found.setdefault(name, value)
    if not others:
        return Keyed(found, twice=tuple(twice))
    return _with_others(entry, found, others)._replace(twice=tuple(twice))


def own_keys(entry: RecordObject, record: Mapping[Any, object]) -> Mapping[Any, object]:
    """The values of an object by its own keys."""
    return record if record.keys() <= entry.fields.keys() else keyed(entry, record).values


def lists_some(written: Keyed, entries: object) -> bool:
    """Whether products are under names of other programs, which do not list all of a server."""
    if "products" in written.foreign:
        return True
    inner = listed(entries)
    own = [inner] if isinstance(inner, Mapping) else inner
    return isinstance(own, list | tuple) and any(
        isinstance(one, Mapping) and not states(one.get("name")) and "name" in keyed(PRODUCT, one).foreign
        for one in own
    )


def states(value: object) -> bool:
    """Whether a value is there, be it one that cannot be read."""
    return not (value is None or value == "" or (isinstance(value, Mapping) and not value))


def _may_be_read(entry: RecordObject, key: str, value: object) -> bool:
    """Whether what stands under another name may be the key's: a list of objects holds such objects."""
    holds = entry.fields[key].holds
    if holds is None or not states(value):
        return True
    inner = listed(value)
    entries = [inner] if isinstance(inner, Mapping) else inner
    return isinstance(entries, list | tuple) and all(_are_named(holds, one) for one in entries)


def _are_named(holds: RecordObject, one: object) -> bool:
    if not isinstance(one, Mapping):
        return False
    own = own_keys(holds, one)
    return all(any(states(own.get(key)) for key in needed) for needed in holds.needs)


class _Others(NamedTuple):
    """What other names of keys an object has; those of one key in the order in which they count."""

    found: dict[Any, object]
    written: dict[str, str]
    foreign: list[str]
    unread: list[tuple[str, str]]

    def take(self, meant: Meant, name: str, value: object) -> None:
        """Take in a name: of several for one fact the first that states anything is read."""
        key = meant.key
        if not states(value):
            return
        if states(self.found.get(key)):
            self.unread.append((name, self.written.get(key, key)))
            return
        self.found[key], self.written[key] = value, name
        if meant.rank:
            self.foreign.append(key)


def _with_others(
    entry: RecordObject, found: dict[Any, object], others: list[tuple[Meant, str, object]]
) -> Keyed:
    """The keys with those under other names."""
    own = _Others(found, {}, [], [])
    ordered = sorted(others, key=lambda one: one[0].rank)
    for meant, name, value in _of_file(ordered, found) if entry is FILE else ordered:
        own.take(meant, name, value)
    if entry is FILE and folded(own.written.get(_VERSION)) == _INFORMATION:
        _take_information(found, own.written)
    return Keyed(found, own.written, tuple(own.foreign), tuple(own.unread))


def _of_file(
    others: list[tuple[Meant, str, object]], found: Mapping[Any, object]
) -> Iterator[tuple[Meant, str, object]]:
    """The other names in an entry of a file: the numbers of its version are one value together.

    The version of its product is that of the file only where nothing else of the entry is its version.
    """
    versions = [name for meant, name, _ in others if meant.key == _VERSION]
    parts = {own: value for _, name, value in others if (own := folded(name)) in _PARTS_OF_VERSION}
    is_versioned = _VERSION in found or any(folded(name) != _PRODUCTS_VERSION for name in versions)
    first = next((name for name in versions if folded(name) in parts), None)
    for meant, name, value in others:
        own = folded(name)
        if name == first:
            yield meant, name, parts if any(map(states, parts.values())) else None
        elif own not in parts and (
            own != _PRODUCTS_VERSION or not is_versioned or states(found.get(_VERSION))
        ):
            yield meant, name, value


def _take_information(found: dict[Any, object], written: dict[str, str]) -> None:
    """Take in version information, which may also name the path of its file."""
    value = found[_VERSION]
    if isinstance(value, str):
        found[_VERSION] = version_in(value)
    elif isinstance(value, Mapping) and not states(found.get("path")):
        path = next((own for name, own in value.items() if folded(name) == "filename"), None)
        if isinstance(path, str) and is_path(path):
            found["path"], written["path"] = path, written[_VERSION]
