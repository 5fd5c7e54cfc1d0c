"""Fixtures of Windows' commands, and the records that they become."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from needfix.errors import Problem
from needfix.intake.notes import Notes
from needfix.inventory.reading import records_of
from needfix.model.inventory_options import InventoryOptions, Naming
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from needfix.model.server import Server

FOLDER = ROOT / "fixtures" / "producers" / "windows-commands"
FILES = sorted(FOLDER.glob("*.txt"))
UNNAMED = "MAIL09"
"""The server of files that name none."""


def read_text(path: Path, content: str | bytes | None = None) -> tuple[list[Server], list[Problem], Notes]:
    """Servers, problems and notes of a file, with some content; one that names no server is of UNNAMED."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    notes = Notes()
    items = list(records_of([str(path)], "stop", notes))
    if any(isinstance(item, Problem) and item.code == "missing-key" for item in items):
        notes = Notes()
        options = InventoryOptions(Naming(server=UNNAMED))
        items = list(records_of([str(path)], "stop", notes, options=options))
    servers = [item for item in items if not isinstance(item, Problem)]
    return servers, [item for item in items if isinstance(item, Problem)], notes


def stated(server: Server) -> dict[str, Any]:
    """A server as its record, without what is not stated."""
    return {key: value for key, value in server.as_dict().items() if value not in (None, [], {})}


def expected() -> dict[str, list[dict[str, Any]]]:
    """The records of all fixtures."""
    found: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "expected.json").read_bytes())
    return found
