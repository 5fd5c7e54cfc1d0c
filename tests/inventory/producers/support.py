"""What the files of producers become, and whether it is what their expected records state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from needfix.intake.notes import Notes
from needfix.inventory.reading import records_of
from needfix.model.inventory_options import InventoryOptions, Naming

if TYPE_CHECKING:
    from needfix.inventory.items import Item

FIXTURES = Path(__file__).parents[3] / "fixtures" / "producers"
EXPECTED = "expected"
"""The folder of the native records that the files beside it become."""


def fixtures(producer: str) -> list[Path]:
    """The files of a producer."""
    return sorted(path for path in (FIXTURES / producer).iterdir() if path.is_file())


def expected(path: Path) -> Path:
    """The native records that a file becomes."""
    return path.parent / EXPECTED / f"{path.name}.jsonl"


def items(path: Path, server: str | None = None) -> tuple[list[Item], Notes]:
    """The servers and problems of a file, and its notes; `server` is the one of files that name none."""
    notes = Notes()
    found = records_of([str(path)], "refuse", notes, options=InventoryOptions(Naming(server)))
    return list(found), notes
