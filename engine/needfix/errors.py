"""Errors, with messages for the person who made the mistake.

NeedfixError
├── InputError        files that cannot be used; has every problem found in them
│   ├── CatalogueError    rules and product definitions
│   └── InventoryError    inventories
├── UsageError        a call or a command line that makes no sense
└── InferenceError    the inference engine answered outside its contract (a bug, never a decision)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from needfix.printable import printable


class Position(NamedTuple):
    """A place in a file. Lines and columns, in characters, count from 1; column 0 means the whole line.

    Standard input is shown as `<stdin>`, also where it is named `-` as on a command line.
    """

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        file = "<stdin>" if self.file == "-" else self.file
        place = f"{printable(file)}:{self.line}"
        return f"{place}:{self.column}" if self.column else place


class Problem(NamedTuple):
    """One mistake in an input: where, what is wrong, what was expected, and a hint."""

    at: Position
    what: str
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.at}: {self.what}"
        if self.expected:
            text += f"; expected {self.expected}"
        shown = printable(text)
        return f"{shown}\n    hint: {printable(self.hint)}" if self.hint else shown


class NeedfixWarning(UserWarning):
    """Something that is not an error, such as a file that is skipped although it may be meant."""


class NeedfixError(Exception):
    """Base of every error that needfix raises on purpose."""


class UsageError(NeedfixError):
    """A call or a command line that makes no sense."""


class InferenceError(NeedfixError):
    """The inference engine answered outside its contract; no decision was made."""


class InputError(NeedfixError):
    """Input that cannot be used; `problems` lists everything wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class CatalogueError(InputError):
    """Rules or product definitions that cannot be used."""


class InventoryError(InputError):
    """An inventory, or records of it, that cannot be used."""
