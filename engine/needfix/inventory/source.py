"""One inventory file or standard input, opened, with its beginning and encoding known."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from needfix.intake.limits import LEADING_BLANKS
from needfix.intake.notes import Notes
from needfix.intake.paths import STDIN
from needfix.intake.text import HEAD_BYTES, ReplayedBytes, decode_head, encoding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO


_BLANKS = b" \t\r\n\f\v\0\xef\xbb\xbf\xff\xfe"
"""Bytes of white space and byte order marks, in UTF-8 and UTF-16."""


class Source(NamedTuple):
    """What a format module reads. `file` is its name in problems, `head` and `start` are its beginning.

    What is not read of it is added to `notes`.
    """

    file: str
    encoding: str
    head: str
    text: TextIO
    notes: Notes
    start: bytes = b""

    @property
    def can_be_read_again(self) -> bool:
        """Whether it is a file rather than a pipe."""
        return Path(self.file).is_file()


@contextmanager
def opened(
    file: str,
    stdin: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
    notes: Notes | None = None,
) -> Iterator[Source]:
    """Open a file by its name, `-` for standard input, which stays open afterwards."""
    notes = Notes() if notes is None else notes
    if file == STDIN:
        yield _source("<stdin>", stdin or sys.stdin.buffer, progress, notes)
        return
    with Path(file).open("rb", buffering=0) as raw:
        yield _source(file, raw, progress, notes)


def _source(file: str, raw: BinaryIO, progress: Callable[[int], None] | None, notes: Notes) -> Source:
    head = _start(raw)
    encoding, mark = encoding_of(head)
    stream = ReplayedBytes(head[mark:], raw, progress)
    if progress and mark:
        progress(mark)
    text = decode_head(head[mark:], encoding)
    return Source(file, encoding, text, stream.as_text(encoding), notes, head)


def _start(raw: BinaryIO) -> bytes:
    """The first bytes: a block, or as many as are needed to reach one that is not blank."""
    start = _block(raw)
    fresh = start
    while len(fresh) == HEAD_BYTES and not fresh.strip(_BLANKS) and len(start) < LEADING_BLANKS:
        fresh = _block(raw)
        start += fresh
    return start


def _block(raw: BinaryIO) -> bytes:
    """A block, full unless the stream ends: a pipe returns less at a time."""
    block = b""
    while len(block) < HEAD_BYTES and (more := raw.read(HEAD_BYTES - len(block))):
        block += more
    return block
