"""ZIP archives as folders: `servers.zip/MAIL01.json` is a file in one.

Files are read where they are, and never written to a disk. Archives within archives are not read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from needfix.errors import Position, Problem
from needfix.intake.limits import ARCHIVE_MEMBERS
from needfix.intake.packed import LimitedBytes, PackedError, as_packed_error, check_size

if TYPE_CHECKING:
    import zipfile

    from needfix.intake.paths import FileKind

ENDING = ".zip"
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BETWEEN = re.compile(r"[/\\]")
_PARTS_OF_OFFICE = frozenset(("[Content_Types].xml", "mimetype"))
_AGAIN = "pack it again without a password, or give the unpacked folder"


def is_archive(path: str) -> bool:
    """Whether a path names an archive, by its ending and its content; a workbook is none."""
    if not path.lower().endswith(ENDING) or not Path(path).is_file():
        return False
    try:
        with Path(path).open("rb") as file:
            if not file.read(4).startswith(_MAGIC):
                return False
        return _PARTS_OF_OFFICE.isdisjoint(_archive(path).members)
    except OSError:
        return True  # reading it is the problem


def members_of(path: str, kind: FileKind) -> list[str]:
    """The names of the files of a kind in an archive, as those in a folder: `servers.zip/MAIL01.json`.

    Those that are archives or compressed themselves are among them: reading them is a problem. None where
    the archive cannot be read.
    """
    try:
        names = sorted(_archive(path).members)
    except OSError:
        return []
    return [f"{path}/{name}" for name in names if _is_meant(name.split("/"), kind)]


def _is_meant(parts: list[str], kind: FileKind) -> bool:
    is_skipped = any(kind.skips(part) or part == "__MACOSX" for part in parts)
    return not is_skipped and (kind.takes(parts[-1]) or kind.may_be_meant(parts[-1]))


def archive_problem(path: str, kind: FileKind) -> Problem:
    """What is wrong with an archive of which no file is read."""
    at = Position(path, 1)
    try:
        _archive(path)
    except PackedError as error:
        return Problem(at, f"the archive cannot be read: {error.strerror}", "a ZIP archive", error.hint)
    except OSError as error:
        return Problem(at, f"the archive cannot be read: {error.strerror}", "a ZIP archive", _AGAIN)
    expected = f"files that end in {', '.join(kind.endings)}"
    return Problem(at, f"the archive contains no {kind.name}", expected, "look what is in it", "not-found")


def place_in_archive(name: str) -> tuple[str, str] | None:
    """The archive that a name is in, and the name within it; None for other names."""
    if ENDING not in name.lower():
        return None
    for found in _BETWEEN.finditer(name):
        archive = name[: found.start()]
        if archive.lower().endswith(ENDING) and Path(archive).is_file():
            return archive, name[found.end() :].replace("\\", "/")
    return None


def is_in_archive(name: str) -> bool:
    """Whether a name is that of a file in an archive."""
    place = place_in_archive(name)
    try:
        return place is not None and place[1] in _archive(place[0]).members
    except OSError:
        return True  # reading it is the problem


def member_size(archive: str, name: str) -> int:
    """The bytes of a file in an archive, as the archive states them; 0 where it cannot be read."""
    try:
        info = _archive(archive).members.get(name)
    except OSError:
        return 0
    return 0 if info is None else info.file_size


@contextmanager
def opened_member(archive: str, name: str) -> Iterator[BinaryIO]:
    """A file in an archive. Raises PackedError where it cannot be read, then or while it is read."""
    with _archive(archive).opened(name) as stream:
        yield stream


class _Archive:
    """The list of an archive; the file itself is open only while one of its members is read."""

    def __init__(self, path: str) -> None:
        self._file = _Reopened(path)
        with as_packed_error(), self._file:
            import zipfile  # noqa: PLC0415 - few inventories are archives

            self._zip = zipfile.ZipFile(self._file)
            self.members = _members(self._zip.infolist())
        # Members may overlap: many of them may unpack the same bytes.
        check_size(sum(own.file_size for own in self.members.values()), Path(path).stat().st_size)

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        info = self.members.get(name)
        if info is None:
            raise FileNotFoundError(2, "there is no such file in the archive")
        if info.flag_bits & 1:
            raise PackedError("it is protected by a password", _AGAIN)
        with self._file:
            with as_packed_error():
                stream = self._zip.open(info)
            with stream:
                yield LimitedBytes(stream, lambda: info.compress_size)  # type: ignore[arg-type,misc] # reads like one


def _members(infos: list[zipfile.ZipInfo]) -> Mapping[str, zipfile.ZipInfo]:
    """The files of an archive by their names, with `/` between folders whatever program packed it."""
    if len(infos) > ARCHIVE_MEMBERS:
        raise PackedError(f"it has more than {ARCHIVE_MEMBERS} files", "pack fewer files in one archive")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.endswith("/"):
            continue
        if name.startswith("/") or ":" in name or ".." in name.split("/") or not name.isprintable():
            raise PackedError(f"a file in it has the path {name!r}, which leads out of it", _AGAIN)
        if name in found:
            raise PackedError(f"it has two files named {name!r}", _AGAIN)
        found[name] = info
    return found


class _Reopened(io.RawIOBase):
    """A file that is open only within `with`, as often as it is entered."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._users = 0
        self._open: BinaryIO | None = None

    def __enter__(self) -> Self:
        if self._open is None:
            self._open = Path(self._path).open("rb")
        self._users += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._users -= 1
        if not self._users and self._open is not None:
            self._open.close()
            self._open = None

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0, /) -> int:
        return self._own.seek(place, whence)

    def tell(self) -> int:
        return self._own.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        return self._own.read(-1 if size is None else size)

    @property
    def _own(self) -> BinaryIO:
        if self._open is None:
            raise ValueError("the archive is closed")
        return self._open


def _archive(path: str) -> _Archive:
    """The list of an archive, read again only where the file has changed."""
    found = Path(path).stat()
    return _listed(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _listed(path: str, _time: int, _size: int) -> _Archive:
    return _Archive(path)
