"""What is wrong with records of a data frame, and the position of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

import pyarrow as pa

from needfix.errors import Position, Problem
from needfix.intake.limits import PROBLEMS
from needfix.model.note import Note

_DRIVE = re.compile("[A-Za-z]:/")
PARTS = Problem._fields[1:]
"""The parts of a problem beside its position."""

TYPE = pa.struct(
    {
        "file": pa.string(),
        "block": pa.int64(),
        "line": pa.int64(),
        "column": pa.int64(),
        "text": pa.string(),
        **dict.fromkeys(PARTS, pa.string()),
    }
)
"""A problem: its place, the text that follows it, and the parts of the text."""


NOTE_TYPE = pa.struct(
    {
        "code": pa.string(),
        "file": pa.string(),
        "block": pa.int64(),
        "line": pa.int64(),
        "column": pa.int64(),
        "count": pa.int64(),
        "words": pa.list_(pa.string()),
    }
)
"""A note: its first place, how often it occurs and its words."""


class SparkProblem(NamedTuple):
    """A problem; where its file was read in blocks, the line is counted from the beginning of this one."""

    problem: Problem
    block: int = 0

    def as_dict(self) -> dict[str, object]:
        """The fault as a value of TYPE."""
        at = self.problem.at
        text = str(self.problem).removeprefix(f"{at}: ")
        place = {"file": at.file, "block": self.block, "line": at.line, "column": at.column}
        return {**place, "text": text, **dict(zip(PARTS, self.problem[1:], strict=True))}


def placed(note: Note, fault: Callable[[Problem], SparkProblem]) -> dict[str, object]:
    """A note as a value of NOTE_TYPE; its place is found as that of a problem."""
    found = fault(Problem(note.at if note.at is not None else Position("", 0), ""))
    at = found.problem.at
    place = {"file": at.file, "block": found.block, "line": at.line, "column": at.column}
    return {"code": note.code, **place, "count": note.count, "words": list(note.words)}


class OfServer(Position):
    """The place of a record whose file is not known: its server instead."""

    __slots__ = ()

    @classmethod
    def named(cls, name: str | None) -> OfServer:
        """The record of a server, or one without a name."""
        return cls(f"server {name}" if name else "a record without a server", 0)

    def __str__(self) -> str:
        return self.file


class Faults:
    """The first faults of a partition, and how many there are."""

    def __init__(self) -> None:
        self._first: list[SparkProblem] = []
        self.count = 0

    def add(self, faults: Iterable[SparkProblem]) -> None:
        """Take in faults."""
        for fault in faults:
            self.count += 1
            if len(self._first) < PROBLEMS:
                self._first.append(fault)

    def counted(self) -> Iterator[dict[str, object]]:
        """The first faults, each counted once, and the count of the others."""
        yield from ({"problem": fault.as_dict(), "number": 1} for fault in self._first)
        if self.count > PROBLEMS:
            yield {"problem": {}, "number": self.count - PROBLEMS}

    def first_problems(self) -> Iterator[Problem]:
        """The problems of the first faults, and how many more there are in this partition."""
        yield from (fault.problem for fault in self._first)
        if self.count > PROBLEMS:
            yield Problem(self._first[-1].problem.at, f"there are {self.count - PROBLEMS} more problems")


def file_named(uri: str) -> str:
    """A file as people name it: those of a file system by their path, which may begin with a drive."""
    if not uri.startswith("file:"):
        return uri
    path = unquote(uri.removeprefix("file:").lstrip("/"))
    return path if _DRIVE.match(path) else f"/{path}"
