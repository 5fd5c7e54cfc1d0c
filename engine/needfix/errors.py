"""Errors, with messages for the person who made the mistake.

NeedfixError
├── InputError        files that cannot be used; has every problem found in them
│   ├── CatalogueError    rules and product definitions
│   └── InventoryError    inventories
├── UsageError        a call or a command line that makes no sense
│   └── UnknownRuleError  the id of a rule that the catalogue does not have; also a KeyError
└── InferenceError    the inference engine answered outside its contract (a bug, never a decision)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from needfix.printable import printable


class Position(NamedTuple):
    """A place in a file. Lines and columns, in characters, count from 1; column 0 means the whole line.

    Standard input is shown as `<stdin>`, also where it is named `-` as on a command line.
    Line 0 means that `file` is not a file but words that say where, such as `server MAIL01`.
    """

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        file = "<stdin>" if self.file == "-" else self.file
        if not self.line:
            return printable(file)
        place = f"{printable(file)}:{self.line}"
        return f"{place}:{self.column}" if self.column else place


NOWHERE = Position("", 0)
"""For what has no place."""


class Problem(NamedTuple):
    """One mistake in an input: where, what is wrong, what was expected, and a hint.

    `code` says for programs what kind of mistake it is: a key of `PROBLEM_CODES`. `server` is the name in
    the record, and `pointer` the JSON pointer to the value in it (`/files/0/version`; in a table the name
    of the column: `/version`; in a rule that in its document); both None where they are not known.
    """

    at: Position
    what: str
    expected: str = ""
    hint: str = ""
    code: str = "invalid"
    server: str | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        text = f"{self.at}: {self.what}"
        if self.expected:
            text += f"; expected {self.expected}"
        shown = printable(text)
        return f"{shown}\n    hint: {printable(self.hint)}" if self.hint else shown


PROBLEM_CODES: Mapping[str, str] = MappingProxyType(
    {
        "invalid": "a mistake that has no code of its own",
        "not-found": "a path names no file",
        "unreadable": "a file, or the bytes of a record, cannot be read",
        "syntax": "text that is not in the format of the file",
        "too-large": "a record or a list has more than needfix accepts",
        "not-an-object": "something else where an object with keys is expected",
        "unknown-key": "a key or a column that resembles a known one",
        "duplicate-key": "a key or a column that is there twice",
        "missing-key": "a key or a column that must be there",
        "wrong-type": "a value of another type, such as a number where a list is expected",
        "unknown-word": "a word that is not in a closed list",
        "wrong-value": "a value of the right type that cannot be read",
        "contradiction": "values that exclude each other",
        "not-expressible": "a rule that the format to be written has no words for",
        "repeated-server": "several records are of one server",
    }
)
"""The codes of problems, with what they mean."""


class NeedfixWarning(UserWarning):
    """Something that is not an error, such as a file that is skipped although it may be meant."""


class NeedfixError(Exception):
    """Base of every error that needfix raises on purpose."""


class UsageError(NeedfixError):
    """A call or a command line that makes no sense."""


class UnknownRuleError(UsageError, KeyError):
    """The id of a rule that the catalogue does not have."""

    __str__ = Exception.__str__


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
