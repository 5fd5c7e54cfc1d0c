"""Short ways to read a text through the public door."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from needfix.inventory import read_inventory

if TYPE_CHECKING:
    from pathlib import Path

    from needfix.errors import Problem
    from needfix.model.server import Server


def read(content: str | bytes) -> tuple[list[Server], list[str]]:
    """Servers and problems of a text that comes from standard input."""
    data = content.encode() if isinstance(content, str) else content
    problems: list[Problem] = []
    found = read_inventory("-", stdin=io.BytesIO(data), on_problem=problems.append)
    return list(found), [str(problem) for problem in problems]


def read_file(path: Path, content: str | bytes) -> tuple[list[Server], list[str]]:
    """Servers and problems of a file with this content; its directory left out of problems."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems: list[Problem] = []
    servers = list(read_inventory(path, on_problem=problems.append))
    return servers, [str(problem).replace(f"{path.parent}/", "") for problem in problems]


def names(servers: list[Server]) -> list[str]:
    """The servers' names."""
    return [server.server for server in servers]


HINT_JSON = "\n    hint: check the quotes, the commas and the brackets here and in the line above"
HINT_UTF_8 = "\n    hint: save the file as UTF-8, which Excel calls CSV UTF-8, or use --encoding cp1252"
NO_OBJECT = 'expected an object with a server\n    hint: write {"server": …} for each server'
