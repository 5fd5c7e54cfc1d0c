"""A kind of objects that a program writes, and how it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.names import SERVER_PROPERTIES, NamedServer, named_server, naming_of
from needfix.inventory.producers.written import TEXT, Written


class ObjectKind(NamedTuple):
    """A kind of objects: `name` is what people call it.

    An object is of the kind where it has all properties of one of `needs`, which are folded names; where the
    kind is `alone`, it has no others but names of servers. `server_of` is the server that it names, `also`
    are properties that name it in objects of this kind only.
    """

    name: str
    needs: tuple[frozenset[str], ...]
    read: Callable[[Written], Iterator[Facts]]
    alone: bool = False
    server_of: Callable[[Written], str | None] = named_server
    also: tuple[str, ...] = ()

    def names(self, written: Written) -> NamedServer:
        """How an object of the kind names its server."""
        named = naming_of(written, *self.also)
        if self.server_of is named_server:
            return named
        server = self.server_of(written)
        return named if server == named.server else NamedServer(server)

    def fits(self, properties: frozenset[str]) -> bool:
        """Whether an object with these properties is of the kind."""
        own = properties - SERVER_PROPERTIES - {TEXT} if self.alone else properties
        return any(own == needed if self.alone else needed <= own for needed in self.needs)


def needing(*groups: str) -> tuple[frozenset[str], ...]:
    """Alternatives of properties, each as names with blanks between them."""
    return tuple(frozenset(group.split()) for group in groups)
