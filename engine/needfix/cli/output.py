"""Files and streams for reports: written whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path
from stat import S_IMODE, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from needfix.cli.messages import STANDARD_OUTPUT
from needfix.errors import UsageError
from needfix.report.style import Style

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_IN_MEMORY = 8 * 1024 * 1024
_MOST_OF_NAME = 64
"""Characters of a file's name that the temporary file repeats: the addition must not make it too long."""
_VIRTUAL_TERMINAL = 4
"""ENABLE_VIRTUAL_TERMINAL_PROCESSING of Windows."""
_NAME_A_FILE = "\n    hint: name a file, or - for standard output"


@contextmanager
def output(file: str | None, *, hold_back: bool) -> Iterator[TextIO]:
    """A text stream to a file or to standard output.

    A file appears under its name only when everything is written; `-` is standard output, and a
    device, a pipe or what the shell has opened is written to at the end. With `hold_back` standard
    output waits likewise. After an error nothing is written at all.
    """
    if file in (None, "-") and not hold_back:
        yield _standard_output()
        return
    with binary_output(file) as stream:
        out = io.TextIOWrapper(
            cast("io.BufferedRandom", stream), encoding="utf-8", errors="backslashreplace", newline=""
        )
        yield out
        out.flush()
        out.detach()


@contextmanager
def binary_output(file: str | None) -> Iterator[BinaryIO]:
    """A stream of bytes to a file or to standard output, which receive all of it at the end, or nothing."""
    if file is None or file == "-":
        with _held_back(sys.stdout.buffer, STANDARD_OUTPUT) as out:
            yield out
        return
    target = _target(file)
    if isinstance(target, Path):
        with _whole_file(target, file) as out:
            yield out
    else:
        with _closing(target, file), _held_back(target, file) as out:
            yield out


@contextmanager
def stating_written(written: Sequence[str]) -> Iterator[None]:
    """Where a file cannot be written, state which others were."""
    try:
        yield
    except UsageError as error:
        if not written:
            raise
        raise UsageError(f"{error}\n    written before: {', '.join(written)}") from error


def _target(file: str) -> Path | BinaryIO:
    """The file to replace as a whole, or the stream to write to, by what has this name now."""
    if not file:
        raise UsageError("the output has no name\n    hint: name a file, or - for standard output")
    try:
        found = os.stat(file)  # noqa: PTH116 - a Path leaves out the slash at the end
    except FileNotFoundError:
        if file.endswith((os.sep, os.altsep or os.sep)):
            raise UsageError(f"cannot write {file}: this is the name of a folder{_NAME_A_FILE}") from None
        return Path(os.path.realpath(file))
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from error
    if S_ISDIR(found.st_mode):
        raise UsageError(f"cannot write {file}: it is a folder{_NAME_A_FILE}")
    handle = _open_already(found)
    if handle is not None:
        return os.fdopen(os.dup(handle), "wb")
    if S_ISREG(found.st_mode):
        return Path(os.path.realpath(file))
    if S_ISCHR(found.st_mode) or S_ISFIFO(found.st_mode):
        return _opened(file)
    raise UsageError(f"cannot write {file}: it is neither a file nor a pipe{_NAME_A_FILE}")


def _open_already(found: os.stat_result) -> int | None:
    """The handle under which the shell has opened what is found, as it does for `/dev/stdout > file`.

    Whoever holds it would go on writing to the replaced file instead of the new one.
    """
    if not found.st_ino:  # Windows gives numbers to files only
        return None
    for handle in _handles():
        with suppress(OSError):
            if os.path.samestat(found, os.fstat(handle)):
                os.write(handle, b"")  # fails where it can only be read
                return handle
    return None


def _handles() -> Sequence[int]:
    try:
        return sorted(map(int, os.listdir("/dev/fd")))  # noqa: PTH208 - the names only, without paths
    except OSError:
        return (1, 2)


@contextmanager
def _whole_file(target: Path, name: str) -> Iterator[BinaryIO]:
    try:
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:_MOST_OF_NAME]}.")
    except OSError as error:
        raise _unwritable(name, error) from error
    try:
        with io.BufferedWriter(_NamedFile(handle, name)) as out:
            yield cast("BinaryIO", out)
        Path(beside).chmod(_mode(target))
        _move(beside, target, name)
    finally:
        Path(beside).unlink(missing_ok=True)


class _NamedFile(io.FileIO):
    """A file that names itself in its errors; the error of a full disk names no file."""

    def __init__(self, handle: int, name: str) -> None:
        super().__init__(handle, "wb")
        self._name = name

    def write(self, data: Buffer, /) -> int:
        """Write bytes."""
        try:
            return super().write(data) or 0
        except OSError as error:
            raise _unwritable(self._name, error) from error


def _opened(file: str) -> BinaryIO:
    try:
        return Path(file).open("wb")
    except OSError as error:
        raise _unwritable(file, error) from error


def _move(beside: str, target: Path, name: str) -> None:
    try:
        Path(beside).replace(target)
    except OSError as error:
        raise _unwritable(name, error) from error


def _unwritable(name: str, error: OSError | ValueError) -> UsageError:
    why = error.strerror if isinstance(error, OSError) else None
    return UsageError(f"cannot write {name}: {why or error}")


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else those that a new file gets."""
    return S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _held_back(target: BinaryIO, name: str) -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        try:
            yield cast("BinaryIO", spool)
        except OSError as error:
            if error.errno == ENOSPC and error.filename is None:
                error.filename = tempfile.gettempdir()
            raise
        spool.seek(0)
        sys.stdout.flush()
        try:
            shutil.copyfileobj(spool, target)
            target.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            error.filename = name
            raise


@contextmanager
def _closing(stream: BinaryIO, name: str) -> Iterator[None]:
    """Close a stream at the end; what it could not take fails again, without a name."""
    try:
        yield
    finally:
        try:
            stream.close()
        except OSError as error:
            error.filename = name
            raise


def _standard_output() -> TextIO:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")
    return sys.stdout


def style_of(file: str | None) -> Style:
    """Colour and wrapping for a terminal; neither where the output goes elsewhere."""
    if file not in (None, "-") or not sys.stdout.isatty():
        return Style()
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb" and _shows_colour()
    return Style(colour, shutil.get_terminal_size().columns)


def _shows_colour() -> bool:
    """Whether the terminal shows colours; a console of Windows does so only after it is set to."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - for Windows only
        import msvcrt  # noqa: PLC0415

        kernel, mode = ctypes.WinDLL("kernel32"), ctypes.c_ulong()
        console = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdout.fileno()))
        is_console = kernel.GetConsoleMode(console, ctypes.byref(mode))
        return bool(is_console and kernel.SetConsoleMode(console, mode.value | _VIRTUAL_TERMINAL))
    return True
