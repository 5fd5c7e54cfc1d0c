"""What tests of several rooms share: running the command, and where things lie."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
INVENTORIES = ROOT / "fixtures" / "inventories"

Needfix = Callable[..., "Ran"]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the command came to."""

    code: int
    out: str
    err: str


def problems_in(err: str) -> list[str]:
    """The lines of standard error that are no notes."""
    return [line for line in err.splitlines() if " note: " not in line]


def without_notes(report: str) -> object:
    """A report as it is of every file: a summary in JSON without its notes, which name the file."""
    if not report.startswith("{"):
        return report
    return {key: value for key, value in json.loads(report).items() if key != "notes"}


class BinaryInput(io.TextIOWrapper):
    """Standard input that holds some bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
