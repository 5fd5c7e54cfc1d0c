"""The names of servers in objects of other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from needfix.intake.other_columns import NAMES_OF_SERVERS, folded
from needfix.inventory.producers.written import Written

SERVER_PROPERTIES = frozenset(NAMES_OF_SERVERS)
"""The folded names of properties that name the server."""

ITSELF = frozenset((".", "localhost", "127.0.0.1", "::1", "(local)"))
"""What calls the machine on which an object was made."""


def named_server(written: Written) -> str | None:
    """The server that an object names; None where it names none, or the one on which it was made."""
    if SERVER_PROPERTIES.isdisjoint(written.values):
        return None
    return named_in(written, NAMES_OF_SERVERS)


def named_in(written: Written, names: Iterable[str]) -> str | None:
    """The server that the first of these properties names."""
    for name in names:
        text = written.text(name) if name in written.values else None
        if text is not None and text.casefold() not in ITSELF:
            return text
    return None


def servers_in_broken(text: str, wrong: int) -> tuple[str, ...]:
    """The servers that a broken object of JSON names, which is not valid from a place on; none if not surely.

    Only names before that place, and before what the object holds, are surely its own. Another object that
    begins behind the place has to name its server as well.
    """
    inner = _INNER.search(text)
    end = min(wrong, inner.start() if inner else wrong)
    own = _named_in(text[:end])
    behind = _named_in(text[wrong:])
    return () if not own or (not behind and '{"' in text[wrong:]) else (*own, *behind)


def _named_in(text: str) -> list[str]:
    return [found[2] for found in _PROPERTY.finditer(text) if folded(found[1]) in _SURE]


_SURE = SERVER_PROPERTIES - {"device", "node", "host", "machine"}
"""Those that hardly name anything else."""
_INNER = re.compile(r'"(?:columns|snapshot|diffResults|decorations)"\s{0,20}:', re.IGNORECASE)
_PROPERTY = re.compile(r'"([A-Za-z_@. ]{1,40})"\s{0,20}:\s{0,20}"([^"\\]{1,255})"')
