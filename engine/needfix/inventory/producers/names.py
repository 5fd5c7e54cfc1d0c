"""The names of servers in objects of other programs."""

from __future__ import annotations

from needfix.inventory.producers.written import Written

_IN_ORDER = (
    "server", "pscomputername", "computername", "csname", "machinename", "systemname", "hostname", "host",
    "computer", "dnshostname", "node", "hostidentifier", "cscaption", "csdnshostname",
)  # fmt: skip
NAMES_OF_SERVERS = frozenset(_IN_ORDER)
"""The folded names of properties that name the server; of two the earlier one counts."""

_ITSELF = frozenset((".", "localhost", "127.0.0.1", "::1", "(local)"))


def named_server(written: Written) -> str | None:
    """The server that an object names; None where it names none, or the one on which it was made."""
    for name in _IN_ORDER:
        text = written.text(name)
        if text is not None and text.casefold() not in _ITSELF:
            return text
    return None
