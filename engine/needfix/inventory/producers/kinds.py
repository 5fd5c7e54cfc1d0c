"""Which kind of object a program wrote, by its properties; the registry of the kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from needfix.intake.other_columns import folded
from needfix.inventory.producers import exchange, files, registry_keys, services, systems, updates
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.rows import row_facts, row_of, says_product
from needfix.inventory.producers.written import TEXT, Written, unlisted

if TYPE_CHECKING:
    from needfix.errors import Position
    from needfix.inventory.producers.facts import Facts
    from needfix.inventory.producers.kind import ObjectKind

KINDS: tuple[ObjectKind, ...] = (
    *files.KINDS,
    *updates.KINDS,
    *systems.KINDS,
    *exchange.KINDS,
    *registry_keys.KINDS,
    *services.KINDS,
)
"""The kinds in the order in which they are tried: those that need more properties come first."""

_DEEPEST = 6
"""Levels of objects in objects: a script's own object, a table in it, a file, its version."""


def kind_of(properties: frozenset[str]) -> ObjectKind | None:
    """The kind of an object that has these properties, by their folded names."""
    return next((kind for kind in KINDS if kind.fits(properties)), None)


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
        server = named_server(written) or server
        kind = kind_of(frozenset(written.values))
        row = row_of(written)
        if row and (kind is None or says_product(row)):
            on_kind("row")
            yield row_facts(row, written)
        elif kind is not None:
            on_kind(kind.name)
            for facts in kind.read(written):
                yield facts if facts.server or not server else facts._replace(server=server)
        elif depth < _DEEPEST:
            for name, inner in value.items():
                if folded(name) != TEXT and isinstance(inner, Mapping | list):
                    yield from facts_of(inner, at, server, depth + 1, on_kind)
