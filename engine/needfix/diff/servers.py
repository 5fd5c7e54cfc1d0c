"""The difference between two catalogues on servers."""

from __future__ import annotations

from collections.abc import Iterable

from needfix.catalogue import Catalogue
from needfix.decide.arguments import checked_catalogue, checked_servers
from needfix.diff.compare import Comparison
from needfix.diff.subjects import Side
from needfix.model.difference import Difference
from needfix.model.server import Server


def diff(old: Catalogue, new: Catalogue, servers: Server | Iterable[Server]) -> Difference:
    """Which decisions for servers differ between two catalogues, and which changes of rules alter them.

    The facts are the same on both sides: what differs comes from the rules. Raises UsageError if it is
    given something else than catalogues and servers, and whatever `servers` raises.
    """
    sides = [Side(name, checked_catalogue(one, "diff")) for name, one in (("old", old), ("new", new))]
    comparison = Comparison(*sides)
    for server in checked_servers(servers, "diff"):
        comparison.add(server)
    return comparison.difference()
