"""The names of servers in objects of other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from needfix.intake.other_names import NAMES_OF_SERVERS, folded
from needfix.intake.vocabularies import is_lacking
from needfix.inventory.producers.written import Written
from needfix.model.inventory_options import Naming

SERVER_PROPERTIES = frozenset(NAMES_OF_SERVERS)
"""The folded names of properties that name the server."""

_RANKS = {name: rank for rank, name in enumerate(NAMES_OF_SERVERS)}

ITSELF = frozenset((".", "localhost", "localhost.localdomain", "127.0.0.1", "::1", "(local)"))
"""What calls the machine on which an object was made."""

_ASKED = "pscomputername"
"""The property that PowerShell adds to all objects: the server on which the command ran."""

_OF_OTHERS = frozenset(("host", "device", "devicename", "node", "nodename", "hostidentifier", "cscaption"))
"""Properties that may be about something else than the server where another names it."""

_NETBIOS_CHARACTERS = 15
_SHORT = Naming(short=True)


class NamedServer(NamedTuple):
    """The server that an object names in the property `by`; `other` is a different one that it names, too.

    An object of which the property `by` states nothing, or only that it is of the computer on which it was
    made, has no `server`; one that has no such property has no `by` either.
    """

    server: str | None = None
    by: str = ""
    other: str = ""


def named_server(written: Written, *also: str) -> str | None:
    """The server that an object names; None where it names none, or the one on which it was made.

    `also` are further properties of the kind that name it.
    """
    return naming_of(written, *also).server


def naming_of(written: Written, *also: str) -> NamedServer:
    """How an object names its server.

    What it says itself counts before the server on which the command ran, unless both mean the same one.
    """
    own = [name for name in written.values if name in _RANKS or name in also]
    if len(own) > 1:
        own.sort(key=lambda name: _RANKS.get(name, len(_RANKS)))
    stated = {name: text for name in own if (text := _server_in(written, name)) is not None}
    if not stated:
        return NamedServer(by=next((name for name in own if name not in _OF_OTHERS), ""))
    by = next(iter(stated))
    if len(stated) == 1:
        return NamedServer(stated[by], by)
    if by == _ASKED:
        spoken = next((name for name in stated if name != _ASKED and name not in _OF_OTHERS), by)
        by = by if is_same_server(stated[by], stated[spoken]) else spoken
    others = (text for name, text in stated.items() if name not in _OF_OTHERS)
    return NamedServer(
        stated[by], by, next((text for text in others if not is_same_server(stated[by], text)), "")
    )


def named_in(written: Written, names: Iterable[str]) -> str | None:
    """The server that the first of these properties names."""
    found = (_server_in(written, name) for name in names if name in written.values)
    return next((text for text in found if text is not None), None)


def _server_in(written: Written, name: str) -> str | None:
    text = written.text(name)
    return text if text is not None and _is_name(text) else None


@lru_cache(maxsize=1 << 12)
def _is_name(text: str) -> bool:
    """Whether a text is the name of a server, and no word for none or for the computer itself."""
    return text.casefold() not in ITSELF and not is_lacking(text)


@lru_cache(maxsize=1 << 12)
def is_same_server(one: str, other: str) -> bool:
    """Whether two names may mean one server, of which one may be cut, or without its domain."""
    mine, theirs = one.casefold(), other.casefold()
    if mine == theirs:
        return True
    own, short = _SHORT.of(mine), _SHORT.of(theirs)
    is_alike = own == short or _is_cut(own, short) or _is_cut(short, own)
    return is_alike and (mine == own or theirs == short or "\\" in one + other or "/" in one + other)


def _is_cut(name: str, whole: str) -> bool:
    """Whether a name is as much of another as Windows keeps of it."""
    return len(name) == _NETBIOS_CHARACTERS and whole.startswith(name)


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
