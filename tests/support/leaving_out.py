"""The units in which facts are left out of a server, or replaced by values that say nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Literal, NamedTuple

from needfix.cases.plain.names import named_product
from needfix.cases.plain.words import edition, is_separate, keeps_old_files, says_nothing
from needfix.catalogue import Catalogue
from needfix.model.rule import Rule
from needfix.model.server import FileCopy, Scope, Server

SILENT = (
    "Unknown", "N/A", "System.Object[]", "-", "not available", "$null", "{}", "System.Collections.ArrayList",
)  # fmt: skip
"""Values that say nothing; an empty one is a value that is left out, but for entries of lists of texts."""

NO_TEXT = (*SILENT, "", " ")

NO_VERSION = (
    "n. n.", "two", "5.x", "99999", "5.5.70000.1", "0.0.0.0", "2022-10-01", "5.5,2653.1",  # noqa: S104 - a version
    "5.5.2653.1 (was 5.5.2448.8)",
)  # fmt: skip
NO_FREE_BUILD = ("n. n.", "two", "5.x", "10/01/2022", "5.5.2653.1 (was 5.5.2448.8)")
NO_FILE_NAME = (*SILENT, "C:\\mail\\", "System.IO.FileInfo", "*")
NO_TIME = ("lately", "1601-01-01T00:00:00Z", "1970-01-01", "0001-01-01T00:00:00")
NO_PATH = (
    None,
    *SILENT,
    "%s",
    ".\\%s",
    "C:%s",
    "%%ProgramFiles%%\\%s",
    "C:\\PROGRA~1\\%s",
    "C:\\x\\..\\%s",
    "*",
)
"""Paths that do not show where a copy lies."""

NO_LEVEL = ("strange", "the newest", "SP")
NO_WORD = ("Klingon", "PE32+", "Quantum", "some other one")

_NO_FILE = FileCopy("nothing.of.any.rule")
_NOTHING = Server("A")


Kind = Literal[
    "products", "name", "level", "build", "edition", "platform", "language", "file", "key-file", "value",
    "symptom", "registry", "other",
]  # fmt: skip
"""A list of products, or a value of an entry; a file with its copies, or that files are complete; the version
of a key file, or another value of a file."""


class Change(NamedTuple):
    """One unit that is left out: what kind of fact, about which products, and how.

    `opens` are the products of which it is open without the unit whether they are there.
    """

    name: str
    kind: Kind
    about: frozenset[str]
    to: Callable[[Server], Server]
    opens: frozenset[str] = frozenset()
    takes_edition: bool = False


Choose = Callable[[Sequence[Any]], Sequence[Any]]
"""Which values are put in the place of one, out of those that say less."""


def units(catalogue: Catalogue, server: Server, choose: Choose) -> list[Change]:
    """Everything that can be left out of a server, each in the ways that are chosen."""
    return [
        *_of_products(catalogue, server, choose),
        *_of_files(catalogue, server, choose),
        *_of_scopes(catalogue, server),
        *_of_telemetry(server, choose),
        *_of_registry(catalogue, server, choose),
        *_of_the_rest(server, choose),
    ]


def without_each(catalogue: Catalogue, server: Server) -> Iterator[tuple[tuple[Change, ...], Server]]:
    """A server without each unit, in every way in which it can be left out."""
    for change in units(catalogue, server, list):
        yield (change,), _cleaned(change.to(server))


def degraded(
    catalogue: Catalogue, server: Server, random: Random, several: int = 2
) -> Iterator[tuple[tuple[Change, ...], Server]]:
    """A server without each unit, in one of the ways in which it can be, and some servers without several."""
    found = units(catalogue, server, lambda values: [random.choice(values)])
    for change in found:
        yield (change,), _cleaned(change.to(server))
    for _ in range(several if len(found) > 1 else 0):
        changes = tuple(random.sample(found, random.randint(2, min(5, len(found)))))
        one = server
        for change in changes:
            one = change.to(one)
        yield changes, _cleaned(one)


def _cleaned(server: Server) -> Server:
    return replace(server, files=tuple(copy for copy in server.files if copy is not _NO_FILE))


def about(catalogue: Catalogue, rule: Rule) -> frozenset[str]:
    """The products whose facts a rule's decision depends on."""
    return frozenset(
        {
            *(one.product for entry in rule.affects for one in (entry, *entry.beside)),
            *(mark.product for mark in rule.corrected_in),
        }
        & catalogue.products.keys()
    )


def products_listed(catalogue: Catalogue, server: Server) -> list[str | None]:
    """The products that the entries of the list name, None for one that no definition has."""
    found = [named_product(catalogue.products.values(), entry.name) for entry in server.products or ()]
    return [None if one is None else one.product.product for one in found]


def editions_stated(catalogue: Catalogue, server: Server, *, separate: bool) -> set[str]:
    """The products of which the list states an edition that it knows."""
    found = set()
    for entry in server.products or ():
        named = named_product(catalogue.products.values(), entry.name)
        if named is not None:
            for text in (entry.edition, named.edition):
                known = edition(named.product, text)
                if known is not None and (not separate or is_separate(named.product, known)):
                    found.add(named.product.product)
    return found


# ---- products


def _of_products(catalogue: Catalogue, server: Server, choose: Choose) -> Iterator[Change]:
    if server.products is None:
        return
    every = frozenset(catalogue.products)
    products = products_listed(catalogue, server)
    # What a list says of whose files are whose goes with the files: by themselves they would be anyone's.
    without = _without_products_and_files if _divides_files(catalogue, server) else _without_products
    yield Change("the products list", "products", every, without, every, takes_edition=True)
    if "products" in server.complete:
        yield Change("complete: products", "products", every, partial(_incomplete, scope="products"), every)
    for number, entry in enumerate(server.products):
        own = frozenset(filter(None, [products[number]]))
        if products[number] is None or products.count(products[number]) == 1:
            # A list with a name that says nothing is not whole, which concerns every product.
            for silent in choose(SILENT):
                to = _entry(number, name=silent)
                yield Change(
                    f"products[{number}].name = {silent!r}", "name", own, to, every, takes_edition=True
                )
        for key, words in _WORDS_OF_ENTRIES.items():
            text = getattr(entry, key)
            is_free = key == "build" and any(catalogue.products[one].free_builds for one in own)
            for value in _less(text, NO_FREE_BUILD if is_free else words, choose, is_cut=key == "build"):
                name = f"products[{number}].{key} = {value!r}"
                to = _entry(number, **{key: value})
                yield Change(name, key, own, to, takes_edition=key == "edition")


_WORDS_OF_ENTRIES: Mapping[Literal["level", "build", "edition", "language", "platform"], tuple[str, ...]] = {
    "level": NO_LEVEL,
    "build": NO_VERSION,
    "edition": NO_WORD,
    "language": NO_WORD,
    "platform": NO_WORD,
}


def _without_products(server: Server) -> Server:
    return _incomplete(replace(server, products=None), "products")


def _without_products_and_files(server: Server) -> Server:
    return _incomplete(replace(_without_products(server), files=(_NO_FILE,) * len(server.files)), "files")


def _divides_files(catalogue: Catalogue, server: Server) -> bool:
    """Whether a product stands in the list more than once, and a path is stated of it."""
    listed = [one for one in products_listed(catalogue, server) if one is not None]
    pairs = zip(products_listed(catalogue, server), server.products or (), strict=True)
    return any(listed.count(product) > 1 and entry.path for product, entry in pairs if product is not None)


def _entry(number: int, **values: Any) -> Callable[[Server], Server]:  # noqa: ANN401 - of any field
    def to(server: Server) -> Server:
        if server.products is None:
            return server
        entries = list(server.products)
        entries[number] = replace(entries[number], **values)
        return replace(server, products=tuple(entries))

    return to


# ---- files


def _of_files(catalogue: Catalogue, server: Server, choose: Choose) -> Iterator[Change]:
    names = dict.fromkeys(_file_name(copy.name) for copy in server.files)
    for name in names:
        kind, own = _kind_of_file(catalogue, name)
        yield Change(f"file {name}", kind, own, partial(_without_file, name=name))
        for silent in choose(NO_FILE_NAME):
            to = partial(_with_file_name, name=name, silent=silent)
            yield Change(f"file {name} = {silent!r}", kind, own, to)
    if "files" in server.complete:
        every = frozenset(catalogue.products)
        yield Change("complete: files", "file", every, partial(_incomplete, scope="files"))
        for name in server.looked_for or ():
            to = partial(_without_looking_for, name=name)
            yield Change(f"looked_for without {name}", "file", every, to)
    for number, copy in enumerate(server.files):
        kind, own = _kind_of_file(catalogue, _file_name(copy.name))
        for key, words in _WORDS_OF_COPIES.items():
            for value in _less(getattr(copy, key), words, choose, is_cut=True):
                name = f"files[{number}].{key} = {value!r}"
                is_key = kind == "key-file" and key == "version"
                yield Change(name, kind if is_key else "value", own, _copy(number, key, value))
        whose = kind if _divides_files(catalogue, server) else "value"
        if copy.path and not keeps_old_files(copy.path) and not re.search(r"[\\/]", copy.name):
            # What lies among old files would count without its path.
            for text in choose(NO_PATH):
                path = text and text.replace("%s", copy.name).replace("%%", "%")
                yield Change(f"files[{number}].path = {path!r}", whose, own, _copy(number, "path", path))


_WORDS_OF_COPIES = {"version": NO_VERSION, "modified": NO_TIME, "loaded": NO_VERSION}


def _kind_of_file(catalogue: Catalogue, name: str) -> tuple[Literal["file", "key-file"], frozenset[str]]:
    own = frozenset(
        product.product
        for product in catalogue.products.values()
        if name in [key.casefold() for key in product.key_files]
    )
    return ("key-file", own) if own else ("file", frozenset(catalogue.products))


def _without_file(server: Server, name: str) -> Server:
    """Copies keep their places, so that other changes find theirs; `_cleaned` takes them out."""
    left = tuple(_NO_FILE if _file_name(copy.name) == name else copy for copy in server.files)
    return _incomplete(replace(server, files=left), "files")


def _with_file_name(server: Server, name: str, silent: str) -> Server:
    """The copies of a file under a name that says nothing, in a list that may still be called complete."""
    files = tuple(
        replace(copy, name=silent) if copy is not _NO_FILE and _file_name(copy.name) == name else copy
        for copy in server.files
    )
    return replace(server, files=files)


def _copy(number: int, key: str, value: str | None) -> Callable[[Server], Server]:
    def to(server: Server) -> Server:
        files = list(server.files)
        if files[number] is not _NO_FILE:
            values: dict[str, Any] = {key: value}
            files[number] = replace(files[number], **values)
        return replace(server, files=tuple(files))

    return to


def _file_name(name: str) -> str:
    return re.split(r"[\\/]", name.strip())[-1].casefold()


# ---- symptoms, telemetry, hotfixes and the rest


_FIELDS: Mapping[Scope, tuple[str, ...]] = {
    "symptoms": ("observed", "absent"),
    "events": ("events",),
    "services": ("services",),
    "counters": ("counters",),
    "hotfixes": ("hotfixes",),
    "registry": ("registry",),
}
"""The facts of each scope."""


_KINDS: Mapping[Scope, Kind] = {"hotfixes": "other", "registry": "registry"}
"""The kinds of the facts of scopes that say nothing about symptoms."""


def _of_scopes(catalogue: Catalogue, server: Server) -> Iterator[Change]:
    every = frozenset(catalogue.products)
    for scope, keys in _FIELDS.items():
        kind = _KINDS.get(scope, "symptom")
        own = every if kind == "registry" else frozenset[str]()
        values = {key: getattr(_NOTHING, key) for key in keys}
        if any(getattr(server, key) != value for key, value in values.items()):
            yield Change(scope, kind, own, partial(_without, scope=scope, values=values))
        if scope in server.complete:
            yield Change(f"complete: {scope}", kind, own, partial(_incomplete, scope=scope))


def _without(server: Server, scope: Scope, values: Mapping[str, Any]) -> Server:
    return _incomplete(replace(server, **values), scope)


def _of_telemetry(server: Server, choose: Choose) -> Iterator[Change]:
    for key in ("observed", "absent"):
        for one in sorted(getattr(server, key) or ()):
            for silent in choose(NO_TEXT):
                name = f"{key} {one} = {silent!r}"
                yield Change(name, "symptom", frozenset(), partial(_renamed, key=key, one=one, silent=silent))
    for scope, of_entry in _WORDS_OF_TELEMETRY.items():
        for number, entry in enumerate(getattr(server, scope) or ()):
            for key, words in of_entry.items():
                if getattr(entry, key) not in (None, ""):
                    for value in choose(words):
                        yield _of_telemetry_value(scope, number, key, value)


_WORDS_OF_TELEMETRY: Mapping[str, Mapping[str, tuple[str | None, ...]]] = {
    "events": {"source": SILENT, "id": (None,), "message": NO_TEXT},
    "services": {"name": SILENT, "state": (*NO_TEXT, "Wird beendet", "9")},
    "counters": {"name": SILENT, "value": (None,), "held_seconds": (None,), "at": (None, *NO_TIME)},
}


def _of_registry(catalogue: Catalogue, server: Server, choose: Choose) -> Iterator[Change]:
    every = frozenset(catalogue.products)
    for number, entry in enumerate(server.registry or ()):
        is_version = entry.name.casefold() == "version"
        values = {
            "path": choose((*SILENT, "SOFTWARE\\Mail", "HKEY_SOMEWHERE\\Mail")),
            "name": choose(SILENT),
            "value": _less(entry.value, NO_VERSION if is_version else (), choose, is_cut=is_version),
            "view": _less(entry.view, ("16", "both"), choose, is_cut=False),
        }
        for key, own in values.items():
            for value in own:
                one = _of_telemetry_value("registry", number, key, value)
                yield one._replace(kind="registry", about=every)
    for place in server.looked_up or () if "registry" in server.complete else ():
        to = partial(_without_looking_up, place=place)
        yield Change(f"looked_up without {place}", "registry", every, to)


def _renamed(server: Server, key: str, one: str, silent: str) -> Server:
    """A symptom's name replaced, where the list is still there."""
    ids = getattr(server, key) or frozenset()
    values: dict[str, Any] = {key: frozenset(silent if own == one else own for own in ids)}
    return replace(server, **values) if ids else server


def _of_telemetry_value(scope: str, number: int, key: str, value: object) -> Change:
    def to(server: Server) -> Server:
        entries = list(getattr(server, scope) or ())
        if number >= len(entries):
            return server
        entries[number] = replace(entries[number], **{key: value})
        values: dict[str, Any] = {scope: tuple(entries)}
        return replace(server, **values)

    return Change(f"{scope}[{number}].{key} = {value!r}", "symptom", frozenset(), to)


def _of_the_rest(server: Server, choose: Choose) -> Iterator[Change]:
    nothing = frozenset[str]()
    if server.restart_pending is not None:
        yield Change("restart_pending", "other", nothing, lambda one: replace(one, restart_pending=None))
    if server.collected is not None:
        yield Change("collected", "other", nothing, lambda one: replace(one, collected=None))
    for number in range(len(server.hotfixes or ())):
        for silent in choose(NO_TEXT):
            change = partial(_without_hotfix, number=number, silent=silent)
            yield Change(f"hotfixes[{number}] = {silent!r}", "other", nothing, change)


def _without_hotfix(server: Server, number: int, silent: str) -> Server:
    found = list(server.hotfixes or ())
    if found:
        found[number] = silent
    return server if server.hotfixes is None else replace(server, hotfixes=tuple(found))


def _without_looking_for(server: Server, name: str) -> Server:
    return replace(server, looked_for=tuple(own for own in server.looked_for or () if own != name))


def _without_looking_up(server: Server, place: str) -> Server:
    return replace(server, looked_up=tuple(own for own in server.looked_up or () if own != place))


def _incomplete(server: Server, scope: Scope) -> Server:
    return replace(server, complete=server.complete - {scope})


# ---- values


def _less(text: str | None, words: tuple[str, ...], choose: Choose, *, is_cut: bool) -> list[str | None]:
    """A value left out, or one that says nothing, and the value cut short between its parts."""
    if says_nothing(text):
        return []
    shorter = _cut(text or "") if is_cut else []
    return [*choose((None, *SILENT, *words)), *(choose(shorter) if shorter else ())]


def _cut(text: str) -> list[str]:
    """A version or a time with fewer parts. A time with a zone keeps it: without, it means another time."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)+", text):
        parts = text.split(".")
        return [".".join(parts[:count]) for count in range(1, len(parts))]
    found = re.fullmatch(r"([0-9-]{10})T([0-9]{2}:[0-9]{2})(:[0-9]{2})?(Z|[+-][0-9:]+)?", text)
    if found is None:
        return []
    date, minute, second, zone = found.groups()
    without_seconds = [f"{date}T{minute}{zone or ''}"] if second else []
    return without_seconds + ([date] if not zone else [])
