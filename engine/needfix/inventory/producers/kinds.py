"""Which kind of object a program wrote, by its properties; the registry of the kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from needfix.errors import NOWHERE
from needfix.intake.other_names import folded
from needfix.inventory.producers import (
    configuration_manager,
    exchange,
    files,
    fleet,
    health_checker,
    osquery,
    registry_keys,
    services,
    sql_server,
    systeminfo,
    systems,
    updates,
)
from needfix.inventory.producers.further_columns import further_columns, with_columns
from needfix.inventory.producers.names import NamedServer, naming_of
from needfix.inventory.producers.rows import row_facts, row_of
from needfix.inventory.producers.written import TEXT, Written, are_short, unlisted, without_zero

if TYPE_CHECKING:
    from needfix.errors import Position
    from needfix.inventory.producers.facts import Facts
    from needfix.inventory.producers.kind import ObjectKind
    from needfix.inventory.producers.rows import Row

KINDS: tuple[ObjectKind, ...] = (
    *osquery.LINES,
    *fleet.KINDS,
    *osquery.KINDS,
    *health_checker.KINDS,
    *sql_server.KINDS,
    *files.VERSION_INFO,
    *configuration_manager.KINDS,
    *files.KINDS,
    *updates.KINDS,
    *systeminfo.KINDS,
    *systems.KINDS,
    *exchange.KINDS,
    *registry_keys.KINDS,
    *services.KINDS,
    *configuration_manager.REST,
    *files.REST,
    *systems.REST,
    *osquery.LAST_KINDS,
)
"""The kinds in the order in which they are tried: those that need more properties come first."""

_OWN = frozenset(("product", "level"))
"""Columns of needfix's own that say that a row is none of these kinds."""

_DEEPEST = 6
"""Levels of objects in objects: a script's own object, a table in it, a file, its version."""


def kind_of(properties: frozenset[str]) -> ObjectKind | None:
    """The kind of an object that has these properties, by their folded names.

    Columns of views of a database have a 0 behind them.
    """
    return _known_kind(properties) if are_short(properties) else _kind_of(properties)


def _kind_of(properties: frozenset[str]) -> ObjectKind | None:
    found = next((kind for kind in KINDS if kind.fits(properties)), None)
    plain = frozenset(map(without_zero, properties))
    return found or (
        next((kind for kind in KINDS if kind.fits(plain)), None) if plain != properties else None
    )


_known_kind = lru_cache(maxsize=1 << 12)(_kind_of)


def facts_of(  # noqa: PLR0913, PLR0917 - what is around a value, and what is kept in mind
    value: object,
    at: Position,
    server: str | None = None,
    depth: int = 0,
    on_kind: Callable[[str], object] = lambda _: None,
    read: set[str] | None = None,
) -> Iterator[Facts]:
    """What is known of the objects in a value; `server` is named by what they are in.

    The names of their kinds are passed to `on_kind`, the folded names of the properties that are read are
    added to `read`. An object of no known kind, such as a script's own, is searched for objects that are.
    """
    yield from _facts_in(value, at, NamedServer(server), depth, _Reading(on_kind, read))


class _Reading(NamedTuple):
    """What is kept in mind while objects are read."""

    on_kind: Callable[[str], object]
    read: set[str] | None


def _facts_in(
    value: object, at: Position, around: NamedServer, depth: int, reading: _Reading
) -> Iterator[Facts]:
    value = unlisted(value)
    if isinstance(value, list):
        for element in value if depth < _DEEPEST else ():
            yield from _facts_in(element, at, around, depth + 1, reading)
    elif isinstance(value, Mapping):
        written = Written.of(value, at)
        is_flat_row = "action" in written.values and osquery.is_flat_row(written)
        kind = osquery.FLAT_ROW if is_flat_row else kind_of(frozenset(written.values))
        named = _named_server(kind, written, around)
        is_other = is_flat_row or (kind is not None and _OWN.isdisjoint(written.values))
        row = None if is_other else row_of(written)
        if row is not None and (kind is None or row.says_product):
            reading.on_kind("row")
            yield from _of_row(row, written, named, reading)
        elif kind is not None:
            reading.on_kind(kind.name)
            yield from _read(kind, written, named, reading)
        elif depth < _DEEPEST:
            for name, inner in value.items():
                if folded(name) != TEXT and isinstance(inner, Mapping | list):
                    yield from _facts_in(inner, at, named, depth + 1, reading)


def _named_server(kind: ObjectKind | None, written: Written, around: NamedServer) -> NamedServer:
    """The server that an object names, else the one around it; none where it names two in one way."""
    plain = written.without_zeros()
    named = kind.names(plain) if kind else naming_of(plain)
    if named.by and _flaw(written, {named.by}):
        return NamedServer(by=named.by)
    is_around = named.server is None and (around.server is not None or not named.by)
    return around if is_around else named


def _of_row(row: Row, written: Written, named: NamedServer, reading: _Reading) -> Iterator[Facts]:
    read = {folded(name) for name in row.names} | {named.by}
    if reading.read is not None:
        reading.read.update(read)
    yield _named(row_facts(row, written), named, _flaw(written, read))


def _read(kind: ObjectKind, written: Written, named: NamedServer, reading: _Reading) -> Iterator[Facts]:
    """What an object of a kind states, with what it states in columns of needfix's own.

    It is of the server around it where it names none.
    """
    is_flat_row = kind is osquery.FLAT_ROW
    is_as_needed = is_flat_row or kind.fits(frozenset(written.values))
    own = written if is_as_needed else written.without_zeros()
    further = {} if is_flat_row else _further(kind, own)
    if not (own.disputed or reading.read is not None):
        found = list(kind.read(own))
        for facts in with_columns(found, own, further).facts if further else found:
            yield _named(facts, named)
        return
    traced, read = own.traced()
    found = list(kind.read(traced))
    found, used = with_columns(found, own, further) if further else (found, set())
    read |= used
    read.add(named.by)
    if reading.read is not None:
        reading.read.update(read)
    flaw = _flaw(own, read)
    for facts in found:
        yield _named(facts, named, flaw)


_MOST_NAMES = 64
"""Properties, and characters of a name, of objects whose further columns count."""


def _further(kind: ObjectKind, written: Written) -> Mapping[str, str]:
    """The columns that count beside what is read of an object of a kind, by the names of its properties."""
    names = tuple(written.values)
    if len(names) > _MOST_NAMES or max(map(len, names), default=0) > _MOST_NAMES:
        return {}
    return _known_further(kind.name, kind.read, names)


@lru_cache(maxsize=1 << 12)
def _known_further(
    _: str, read_kind: Callable[[Written], Iterator[Facts]], names: tuple[str, ...]
) -> Mapping[str, str]:
    """The same, by what the kind reads of an object that states something in each property."""
    further = further_columns(names)
    if not further:
        return further
    written, read = Written(dict.fromkeys(names, "1"), NOWHERE).traced()
    for _facts in read_kind(written):
        pass
    return {
        name: column
        for name, column in further.items()
        if name not in read and without_zero(name) not in read
    }


def _flaw(written: Written, read: set[str]) -> str:
    """What is wrong with an object where two properties that fold alike state different values."""
    found = (text for name, text in written.disputed.items() if name in read or without_zero(name) in read)
    return next(found, "") if written.disputed else ""


def _named(facts: Facts, named: NamedServer, flaw: str = "") -> Facts:
    """Facts of the server that their object names, or that is around it."""
    if facts.server is None or (flaw and named.server is None):
        return facts._replace(server=named.server, named_by=named.by, other=named.other, flaw=flaw)
    if facts.server == named.server:
        return facts._replace(named_by=named.by, other=named.other, flaw=flaw)
    return facts._replace(flaw=flaw) if flaw else facts
