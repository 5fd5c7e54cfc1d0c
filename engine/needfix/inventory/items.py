"""What a format module hands on: a server or a problem, and the end of a file that it gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from needfix.errors import Problem
from needfix.model.server import Server

if TYPE_CHECKING:
    from needfix.errors import Position

Item: TypeAlias = Server | Problem


class GiveUpError(Exception):
    """The rest of a file cannot be read; never leaves this room."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def invalid_bytes(at: Position, encoding: str) -> Problem:
    """Say that bytes at this place are no text."""
    hint = "save the file as UTF-8"
    return Problem(at, f"bytes that are not valid {encoding.upper()}", "text", hint)
