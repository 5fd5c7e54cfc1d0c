"""What a server's own list of hotfixes claims."""

from __future__ import annotations

import re
from collections.abc import Callable

from needfix.model.evidence import Claimed
from needfix.model.server import Server

_ARTICLE = re.compile(r"(?:^|\b(?:q|kb) ?)([0-9]{5,8})(?![0-9])", re.IGNORECASE | re.ASCII)


def claimed(server: Server) -> Callable[[str], Claimed]:
    """Tells of a rule whether the server's hotfix list has it: `KB279798` means `Q279798`."""
    if server.hotfixes is None:
        return lambda _: "no-list"
    listed = frozenset(map(normal_id, server.hotfixes))
    if not listed:
        return lambda _: "unclaimed"
    return lambda rule_id: "installed" if normal_id(rule_id) in listed else "unclaimed"


def normal_id(name: str) -> str:
    """A hotfix id without case; one that names an article (`Q279798`, `KB 279798`) as its number."""
    match = _ARTICLE.search(name.strip())
    return match[1] if match else name.strip().casefold()
