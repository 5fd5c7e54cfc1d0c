"""A file as blocks of whole lines, in memory of fixed size."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from needfix.errors import Position, Problem
from needfix.fleet.kernels import columns as kernels
from needfix.intake.limits import RECORD_BYTES
from needfix.intake.notes import Notes
from needfix.intake.text import ReplayedBytes
from needfix.inventory.source import Source

_BYTES = 16 << 20
_LONGEST_LINE = RECORD_BYTES + 2
"""Bytes of the longest line and its end."""


class LineBlock(NamedTuple):
    """Some lines, and the number of the first in the file."""

    data: bytes
    first: int

    def halves(self) -> tuple[LineBlock, LineBlock] | None:
        """The block as two, cut between lines; None where it is one line."""
        middle = len(self.data) // 2
        cut = self.data.find(b"\n", middle) + 1
        if cut in (0, len(self.data)):
            cut = self.data.rfind(b"\n", 0, middle) + 1
        if cut == 0:
            return None
        upper = LineBlock(self.data[:cut], self.first)
        return upper, LineBlock(self.data[cut:], self.first + line_count(upper.data))

    def source(self, file: str, start: bytes, notes: Notes) -> Source:
        """The block for a reader of lines, of a file that begins so; its lines are counted from 1."""
        text = ReplayedBytes(self.data, io.BytesIO()).as_text("utf-8")
        return Source(file, "utf-8", "", text, notes, start)

    def in_file(self, problem: Problem) -> Problem:
        """A problem in a line of the block as one in its file."""
        return problem._replace(at=self.place_in_file(problem.at))

    def place_in_file(self, at: Position) -> Position:
        """The place of a line of the block in its file."""
        return at._replace(line=at.line + self.first - 1)


def blocks(raw: BinaryIO, first: int = 1) -> Iterator[LineBlock]:
    """The rest of a file in blocks; of a line that is too long for a record, only the beginning."""
    rest = b""
    fresh = raw.read(_BYTES)
    while fresh:
        cut = fresh.rfind(b"\n") + 1
        data, rest = (_joined(rest, fresh, cut), fresh[cut:]) if cut else (b"", rest + fresh)
        if len(rest) > _LONGEST_LINE and (cut := rest.rfind(b"\r", 0, -1) + 1):
            data, rest = rest[:cut], rest[cut:]
        if data:
            yield LineBlock(data, first)
            first += line_count(data)
        fresh = b""
        if len(rest) > _LONGEST_LINE:
            yield LineBlock(rest, first)
            first += 1
            fresh, rest = _behind_line(raw, rest[-1:]), b""
        fresh = fresh or raw.read(_BYTES)
    if rest:
        yield LineBlock(rest, first)


def _joined(rest: bytes, fresh: bytes, end: int) -> bytes:
    """The rest of one reading and the beginning of the next, copied once."""
    return b"".join((rest, memoryview(fresh)[:end]))


def _behind_line(raw: BinaryIO, last: bytes) -> bytes:
    """Skip the rest of a line; the answer is what was read beyond its end. `last` was the last byte read."""
    while fresh := raw.read(_BYTES):
        data = last + fresh
        if data.endswith(b"\r"):
            data += raw.read(1)
        if ends := [place for sign in (b"\r", b"\n") if (place := data.find(sign)) >= 0]:
            return data[min(ends) :].removeprefix(b"\r").removeprefix(b"\n")
        last = b""
    return b""


def line_count(data: bytes) -> int:
    """How many lines end here, be it with LF, CR or both."""
    count = kernels.count_of(data, ord("\n"))
    return count + data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else count


def is_utf8(data: bytes) -> bool:
    """Whether bytes are valid text."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
