"""The names of servers in objects of other programs."""

from __future__ import annotations

from needfix.intake.other_columns import NAMES_OF_SERVERS
from needfix.inventory.producers.written import Written

SERVER_PROPERTIES = frozenset(NAMES_OF_SERVERS)
"""The folded names of properties that name the server."""

_ITSELF = frozenset((".", "localhost", "127.0.0.1", "::1", "(local)"))


def named_server(written: Written) -> str | None:
    """The server that an object names; None where it names none, or the one on which it was made."""
    for name in NAMES_OF_SERVERS:
        text = written.text(name)
        if text is not None and text.casefold() not in _ITSELF:
            return text
    return None
