"""The names of servers in objects of other programs."""

from __future__ import annotations

from collections.abc import Iterable

from needfix.intake.other_names import NAMES_OF_SERVERS
from needfix.inventory.producers.written import Written

SERVER_PROPERTIES = frozenset(NAMES_OF_SERVERS)
"""The folded names of properties that name the server."""

_ITSELF = frozenset((".", "localhost", "127.0.0.1", "::1", "(local)"))


def named_server(written: Written) -> str | None:
    """The server that an object names; None where it names none, or the one on which it was made."""
    if SERVER_PROPERTIES.isdisjoint(written.values):
        return None
    return named_in(written, NAMES_OF_SERVERS)


def named_in(written: Written, names: Iterable[str]) -> str | None:
    """The server that the first of these properties names."""
    for name in names:
        text = written.text(name) if name in written.values else None
        if text is not None and text.casefold() not in _ITSELF:
            return text
    return None
