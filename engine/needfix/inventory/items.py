"""What a format module yields: servers and problems; and the exception that ends a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from needfix.errors import Problem
from needfix.model.server import Server

if TYPE_CHECKING:
    from needfix.errors import Position

Item: TypeAlias = Server | Problem


class GiveUpError(Exception):
    """The rest of a file cannot be read; does not leave this package."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def invalid_bytes(at: Position, encoding: str) -> Problem:
    """The problem of bytes that are not text."""
    hint = "save the file as UTF-8"
    return Problem(at, f"bytes that are not valid {encoding.upper()}", "text", hint)
