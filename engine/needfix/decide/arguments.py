"""What callers pass to the functions of needfix: a catalogue, servers and ids of rules, or UsageError."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from needfix.catalogue import Catalogue
from needfix.errors import InventoryError, Position, UsageError
from needfix.inventory.known_servers import KnownServers, repeated
from needfix.model.server import Server


def checked_catalogue(catalogue: object, function: str) -> Catalogue:
    """The catalogue. Raises UsageError where it is something else."""
    if isinstance(catalogue, Catalogue):
        return catalogue
    hint = "pass what load_catalogue() returns, as the first argument"
    raise UsageError(f"{function} takes a catalogue, not {described_type(catalogue)}\n    hint: {hint}")


def checked_servers(servers: object, function: str) -> Iterator[Server]:
    """The servers, one at a time. Raises UsageError for anything else, at once where that can be seen.

    Raises InventoryError at the second server of a name, without case.
    """
    if isinstance(servers, Server):
        return iter((servers,))
    if isinstance(servers, str | bytes | os.PathLike | Mapping) or not isinstance(servers, Iterable):
        raise _no_server(function, servers)
    return _each(servers, function)


_JOINED = "unite the records of a server with joined(records), or with read_inventory(…, join=True)"


def checked_server(server: object, function: str) -> Server:
    """The server. Raises UsageError where it is something else."""
    if isinstance(server, Server):
        return server
    raise UsageError(f"{function} takes one server, not {described_type(server)}{_hint(server)}")


def _each(servers: Iterable[Any], function: str) -> Iterator[Server]:
    known = KnownServers()
    for number, server in enumerate(servers):
        if not isinstance(server, Server):
            raise _no_server(function, server, f" at position {number}")
        at = server.at or Position(f"server {server.server}", 0)
        first = known.first(server.server, at)
        if first is not None:
            raise InventoryError([repeated(server.server, at, first, _JOINED)])
        yield server


def _no_server(function: str, value: object, where: str = "") -> UsageError:
    what = f"{function} takes a server or servers, not {described_type(value)}{where}"
    return UsageError(what + _hint(value))


def _hint(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n    hint: make a server of a record with Server.from_record(record)"
    if isinstance(value, str | os.PathLike):
        return "\n    hint: read a file with read_inventory(path)"
    return "\n    hint: pass a Server, or an iterable of them"


def described_type(value: object) -> str:
    """The type of a value, in words."""
    return "None" if value is None else f"{type(value).__name__}"


def rules_named(catalogue: Catalogue, rules: Iterable[str]) -> tuple[str, ...]:
    """The ids of rules as the catalogue has them, each once and in its order. One text is one id.

    Raises UnknownRuleError for an id that the catalogue does not have, and UsageError for what is no id.
    """
    if not isinstance(rules, Iterable):
        raise UsageError(f'rules is {described_type(rules)}; expected ids of rules such as ["Q279798"]')
    named = {catalogue[rule_id].id for rule_id in ([rules] if isinstance(rules, str) else rules)}
    return tuple(rule_id for rule_id in catalogue.rules if rule_id in named)
