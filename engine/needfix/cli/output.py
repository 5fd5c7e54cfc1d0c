"""Where reports go: all or nothing."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from typing import BinaryIO, TextIO, cast

from needfix.errors import UsageError
from needfix.report.style import Style

_IN_MEMORY = 8 * 1024 * 1024


class Discarded(Exception):  # noqa: N818 - no error, but a way out
    """Raised inside `output` to leave nothing behind."""


@contextmanager
def output(file: str | None, *, hold_back: bool) -> Iterator[TextIO]:
    """A text stream to a file or to standard output.

    A file appears under its name only when everything is written; `-` is standard output, and a
    device or a pipe is written to at the end. With `hold_back` standard output waits likewise.
    After Discarded nothing is written at all.
    """
    if file in (None, "-") and not hold_back:
        with suppress(Discarded):
            yield _standard_output()
        return
    with binary_output(file) as stream:
        out = io.TextIOWrapper(cast("io.BufferedRandom", stream), encoding="utf-8", newline="")
        yield out
        out.flush()
        out.detach()


@contextmanager
def binary_output(file: str | None) -> Iterator[BinaryIO]:
    """A stream of bytes to a file or to standard output, which get all of it at the end or nothing.

    After Discarded nothing is written.
    """
    path = None if file is None or file == "-" else Path(file)
    with suppress(Discarded):
        if path is None:
            with _held_back(sys.stdout.buffer) as out:
                yield out
        elif _is_device(path):
            with _open(path) as device, _held_back(device) as out:
                yield out
        else:
            with _whole_file(path) as out:
                yield out


def _is_device(path: Path) -> bool:
    # /dev/stdout can lead to a file that the shell has opened, which must not be replaced.
    return path.is_fifo() or (path.is_absolute() and path.parts[1:2] in (("dev",), ("proc",)))


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    target = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    try:
        with open(handle, "wb") as out:  # noqa: PTH123 - it is a handle
            yield out
        Path(name).chmod(_mode(target))
        _move(name, target, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _move(name: str, target: Path, path: Path) -> None:
    try:
        Path(name).replace(target)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else those that a new file gets."""
    return S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _held_back(target: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        yield cast("BinaryIO", spool)
        spool.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(spool, target)
        target.flush()


def _standard_output() -> TextIO:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


def style_of(file: str | None) -> Style:
    """Colour and wrapping for a terminal; neither where the output goes elsewhere."""
    if file not in (None, "-") or not sys.stdout.isatty():
        return Style()
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return Style(colour, shutil.get_terminal_size().columns)
