"""Messages on standard error, escaped so that no input controls a terminal or a build server.

A message that cannot be written is lost; the exit code stays the same.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EBADF
from typing import TYPE_CHECKING, TextIO

from needfix.errors import NeedfixWarning, Problem
from needfix.printable import printable_lines

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

    from needfix.model.note import Note

STANDARD_OUTPUT = "standard output"
"""Its name in messages."""


def complain(text: str) -> None:
    """Write a message after the name `needfix`."""
    _write(f"needfix: {printable_lines(text)}\n")


def state_problems(problems: Iterable[Problem | str]) -> None:
    """Write mistakes of inputs without the name `needfix` before them, so that editors find the place."""
    for problem in problems:
        _write(f"{printable_lines(str(problem))}\n")


def state_notes(notes: Iterable[Note]) -> None:
    """Write a line for each note, where editors find its place."""
    for note in notes:
        _write(f"{note}\n")


@contextmanager
def notes_written() -> Iterator[None]:
    """Write each NeedfixWarning to standard error once, without its place in the code."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", NeedfixWarning)
        plainly = warnings.showwarning
        written: set[str] = set()

        def show(  # noqa: PLR0913, PLR0917 - as Python calls it
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, NeedfixWarning):
                plainly(message, category, filename, lineno, file, line)
            elif str(message) not in written:
                written.add(str(message))
                complain(f"note: {message}")

        warnings.showwarning = show
        yield


def show_trace(text: str) -> None:
    """Show a traceback."""
    _write("".join(f"{printable_lines(line)}\n" for line in text.splitlines()))


def sound_stream(stream: TextIO, encoding: str | None = None) -> None:
    """Make a stream accept any text, in its own encoding or in `encoding`; the rest is escaped."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


def closed_output() -> TextIO:
    """Stands for standard output that was closed before the start: what is written to it is an error."""
    nowhere = _Closed(os.open(os.devnull, os.O_RDONLY), "wb")  # keeps other files from getting its handle
    return io.TextIOWrapper(io.BufferedWriter(nowhere), encoding="utf-8")


class _Closed(io.FileIO):
    def write(self, data: Buffer, /) -> int:
        try:
            return super().write(data) or 0
        except OSError:
            raise OSError(EBADF, "it was closed before the start", STANDARD_OUTPUT) from None


def drop(stream: TextIO) -> None:
    """Discard what a stream can no longer take, so that the process ends without a further error."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        drop(sys.stderr)
