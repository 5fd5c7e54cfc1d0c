"""Compressed files, unpacked while they are read: gzip and Zstandard, with limits against bombs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EFBIG, EIO
from typing import TYPE_CHECKING, NamedTuple

from needfix.intake.limits import PACKED_BYTES, PACKED_FREE_BYTES, PACKED_RATIO

if TYPE_CHECKING:
    from typing import BinaryIO

_UNPACK = "if it is what you expect, unpack it, and give the unpacked file"
_DAMAGED = "compress the file again; it may be cut"
_INSTALL = "pip install 'needfix[zstd]', or unpack it, and give the unpacked file"


class PackedError(OSError):
    """What is compressed cannot be unpacked; `hint` says what to do."""

    def __init__(self, what: str, hint: str, number: int = EIO) -> None:
        super().__init__(number, what)
        self.hint = hint


class Packing(NamedTuple):
    """A way to compress one file: its name, ending and first bytes, and what unpacks a stream."""

    name: str
    ending: str
    magic: bytes
    opened: Callable[[BinaryIO], BinaryIO]


def _gzip(packed: BinaryIO) -> BinaryIO:
    import gzip  # noqa: PLC0415 - few inventories are compressed

    return gzip.GzipFile(fileobj=packed, mode="rb")  # type: ignore[return-value] # reads like one


def _zstd(packed: BinaryIO) -> BinaryIO:
    try:
        try:
            from compression import zstd  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415
        except ImportError:  # before Python 3.14
            from backports import zstd  # noqa: PLC0415
    except ImportError as error:
        what = "it is compressed with Zstandard, which this Python reads only with a library"
        raise PackedError(what, _INSTALL) from error
    found: BinaryIO = zstd.ZstdFile(packed, "rb")
    return found


PACKINGS = (
    Packing("gzip", ".gz", b"\x1f\x8b", _gzip),
    Packing("Zstandard", ".zst", b"\x28\xb5\x2f\xfd", _zstd),
)
ENDINGS = tuple(one.ending for one in PACKINGS)
"""Endings behind that of what is compressed: `servers.json.gz`."""


def packing_of(start: bytes) -> Packing | None:
    """How a file is compressed, by its first bytes."""
    return next((one for one in PACKINGS if start.startswith(one.magic)), None)


def without_packing(name: str) -> str:
    """The name of what is in a compressed file: `servers.json` for `servers.json.gz`."""
    return next((name[: -len(end)] for end in ENDINGS if name.lower().endswith(end)), name)


def unpacked(packing: Packing, packed: BinaryIO) -> BinaryIO:
    """What a stream unpacks to. Reading it raises PackedError where it is damaged, or unpacks to too much."""
    counted = _Counted(packed)
    with as_packed_error():
        stream = packing.opened(counted)  # type: ignore[arg-type] # reads like one
    return LimitedBytes(stream, lambda: counted.count)  # type: ignore[return-value] # reads like one


def check_size(count: int, packed: int) -> None:
    """Raise PackedError where so many packed bytes must not unpack to as many as `count`."""
    if count > PACKED_BYTES:
        raise PackedError(f"it unpacks to more than {PACKED_BYTES >> 30} GiB", _UNPACK, EFBIG)
    if count > max(PACKED_FREE_BYTES, PACKED_RATIO * packed):
        what = (
            f"it unpacks to more than {PACKED_RATIO} times its size and {PACKED_FREE_BYTES >> 20} MiB,"
            " as files do that are made to fill memory"
        )
        raise PackedError(what, _UNPACK, EFBIG)


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer."""
        data = self._stream.read(len(buffer)) or b""
        self.count += len(data)
        buffer[: len(data)] = data
        return len(data)


class LimitedBytes(io.RawIOBase):
    """What a stream unpacks to, up to the limits; `packed` counts the bytes that it was made of."""

    def __init__(self, stream: BinaryIO, packed: Callable[[], int]) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._count = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer."""
        with as_packed_error():
            data = self._stream.read(len(buffer)) or b""
        self._count += len(data)
        check_size(self._count, self._packed())
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def as_packed_error() -> Iterator[None]:
    """Raises PackedError for whatever a library raises over damage."""
    try:
        yield
    except (PackedError, MemoryError):
        raise
    except Exception as error:  # the errors of gzip, Zstandard and archives have no type in common
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the file itself
        raise PackedError(f"it cannot be unpacked: {_plain(error)}", _DAMAGED) from error


def _plain(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
