"""Which kind of object a program wrote, by its properties; the registry of the kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from needfix.intake.other_columns import folded
from needfix.inventory.producers import (
    configuration_manager,
    exchange,
    files,
    fleet,
    health_checker,
    osquery,
    registry_keys,
    services,
    systeminfo,
    systems,
    updates,
)
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.rows import row_facts, row_of
from needfix.inventory.producers.written import TEXT, Written, are_short, unlisted, without_zero

if TYPE_CHECKING:
    from needfix.errors import Position
    from needfix.inventory.producers.facts import Facts
    from needfix.inventory.producers.kind import ObjectKind

KINDS: tuple[ObjectKind, ...] = (
    *osquery.LINES,
    *fleet.KINDS,
    *osquery.KINDS,
    *health_checker.KINDS,
    *configuration_manager.KINDS,
    *files.KINDS,
    *updates.KINDS,
    *systeminfo.KINDS,
    *systems.KINDS,
    *exchange.KINDS,
    *registry_keys.KINDS,
    *services.KINDS,
    *configuration_manager.REST,
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


def facts_of(
    value: object,
    at: Position,
    server: str | None = None,
    depth: int = 0,
    on_kind: Callable[[str], object] = lambda _: None,
) -> Iterator[Facts]:
    """What is known of the objects in a value; `server` is named by what they are in.

    The names of their kinds are passed to `on_kind`. An object of no known kind, such as a script's own, is
    searched for objects that are.
    """
    value = unlisted(value)
    if isinstance(value, list):
        for element in value if depth < _DEEPEST else ():
            yield from facts_of(element, at, server, depth + 1, on_kind)
    elif isinstance(value, Mapping):
        written = Written.of(value, at)
        is_flat_row = "action" in written.values and osquery.is_flat_row(written)
        kind = osquery.FLAT_ROW if is_flat_row else kind_of(frozenset(written.values))
        server = (kind.server_of if kind else named_server)(written.without_zeros()) or server
        is_other = is_flat_row or (kind is not None and _OWN.isdisjoint(written.values))
        row = None if is_other else row_of(written)
        if row is not None and (kind is None or row.says_product):
            on_kind("row")
            yield row_facts(row, written)
        elif kind is not None:
            on_kind(kind.name)
            yield from _read(kind, written, server)
        elif depth < _DEEPEST:
            for name, inner in value.items():
                if folded(name) != TEXT and isinstance(inner, Mapping | list):
                    yield from facts_of(inner, at, server, depth + 1, on_kind)


def _read(kind: ObjectKind, written: Written, server: str | None) -> Iterator[Facts]:
    """What an object of a kind states; it is of `server` where it names none."""
    is_as_needed = kind is osquery.FLAT_ROW or kind.fits(frozenset(written.values))
    own = written if is_as_needed else written.without_zeros()
    for facts in kind.read(own):
        yield facts if facts.server or not server else facts._replace(server=server)
