"""Messages on standard error: the one door, through which no input steers a terminal or a build server.

What cannot be written is lost, and the run ends with the exit code that it has without it.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from needfix.errors import NeedfixWarning, Problem
from needfix.printable import printable_lines

STANDARD_OUTPUT = "standard output"
"""What messages call it."""


def complain(text: str) -> None:
    """State what is wrong, after the command's name."""
    _write(f"needfix: {printable_lines(text)}\n")


def state_problems(problems: Iterable[Problem | str]) -> None:
    """State mistakes of inputs, without the command's name before them: editors then find the place."""
    for problem in problems:
        _write(f"{printable_lines(str(problem))}\n")


@contextmanager
def notes_written() -> Iterator[None]:
    """Notes of needfix go to standard error, each once, without the place in its code."""
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
    """Make a stream take any text, whatever the environment says of it, in its own encoding or another."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


def drop(stream: TextIO) -> None:
    """Throw away what a stream can no longer take, so that the end of the process is quiet."""
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
