"""Walks folders as Windows would see them: names without case, links not followed out of the tree."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from json.encoder import encode_basestring as _as_it_is
from json.encoder import encode_basestring_ascii as _in_ascii
from operator import attrgetter
from typing import Literal, NamedTuple

from needfix.collect.executable import HEAD_BYTES, Executable, ReadAt, read_executable
from needfix.intake.text import unwrapped

FaultKind = Literal[
    "folder-unreadable", "file-unreadable", "file-damaged", "file-changed", "link-outside", "link-broken",
    "link-asked", "name-unreadable",
]  # fmt: skip
HARMLESS: frozenset[FaultKind] = frozenset({"file-damaged"})
"""What does not keep a list of files from being complete: a damaged file is listed."""

_WITHHELD = frozenset({"system volume information", "$recycle.bin"})
"""Folders that Windows keeps from everybody, and in which nothing is installed."""
_EXAMPLES = 3
"""Paths that are kept of each kind of fault; the others are counted."""
_BATCH = 10_000
"""Files of one folder that are sorted at a time."""
_MOST_LINKED = 1 << 16
"""Files with several names whose content is remembered."""
_IS_WINDOWS = os.name == "nt"
_OPEN = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"):
    _OPEN |= getattr(os, _name, 0)


class Root(NamedTuple):
    """A folder to walk; `drive` is the letter that it has on its server, with a colon, where known."""

    path: str
    drive: str | None = None


class FoundFile(NamedTuple):
    """A file with its path as it is on its server, where the drive is known, else as it is here."""

    name: str
    path: str
    modified: str | None
    size: int | None
    executable: Executable

    def as_json(self) -> str:
        """The file as it is in a record of an inventory, without what is not stated."""
        version, platform, language, _ = self.executable
        text = f'{{"name": {_quoted(self.name)}, "path": {_quoted(self.path)}'
        if self.size is not None:
            text += f', "size": {self.size}'
        if version is not None:
            text += f', "version": "{version}"'
        if self.modified is not None:
            text += f', "modified": "{self.modified}"'
        if platform is not None:
            text += f', "platform": "{platform}"'
        if language is not None:
            text += f', "language": "{language}"'
        return text + "}"


def _quoted(text: str) -> str:
    return _as_it_is(text) if text.isprintable() else _in_ascii(text)


@dataclass(slots=True)
class Faults:
    """What could not be looked at: how often, and the first paths, by kind."""

    counts: dict[FaultKind, int] = field(default_factory=dict)
    examples: dict[FaultKind, list[str]] = field(default_factory=dict)

    def add(self, kind: FaultKind, path: str) -> None:
        """Count one."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < _EXAMPLES:
            examples.append(path)

    @property
    def spare_completeness(self) -> bool:
        """Whether everything was looked at, so that what was not found is not there."""
        return self.counts.keys() <= HARMLESS


class Wanted(NamedTuple):
    """The files to list, by their names without case; None for all. `folders` are those in paths of rules."""

    names: frozenset[str] | Mapping[str, object] | None
    folders: Iterable[str] = ()

    def names_file(self, name: str) -> bool:
        """Whether a file of this name is to be listed."""
        return self.names is None or name.casefold() in self.names

    def may_name_file(self, name: str) -> bool:
        """Whether a file may be to be listed whose name cannot be read, or has folders of Windows in it."""
        if _is_text(name):
            return self.names_file(name.rpartition("\\")[2])
        return self.names is None or not all(map(str.isascii, self.names))

    def may_name_folder(self, name: str) -> bool:
        """Whether rules may ask for files in a folder of this name."""
        return any(fnmatchcase(name.casefold(), folder) for folder in self.folders)


_NOTHING = Executable()
_PLAIN = re.compile(r"\w(?:[\w.()+{}$~#& -]*[\w()+{}$~#&-])?", re.ASCII).fullmatch
"""Matches nearly all names, of which nothing else has to be looked at."""
_NOT_IN_RECORDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no path in a record may have; halves of surrogate pairs are bytes that are no text."""
_NOT_OF_WINDOWS = re.compile(r'["*/:<>?\\|]')
_ON_DRIVE = re.compile(r"(?:[\\/]\?\?[\\/]|[\\/]{2}\?[\\/])?([A-Za-z]:)(?:[\\/]+|$)", re.ASCII)
_NAME = attrgetter("name")


class Tree:
    """The files below some folders. Iterate over it once; then `faults` has what could not be looked at."""

    def __init__(
        self, roots: Sequence[Root], wanted: Wanted, advance: Callable[[int], None] | None = None
    ) -> None:
        self.faults = Faults()
        self._roots = roots
        self._wanted = wanted
        self._advance = advance or (lambda _: None)
        self._real = [os.path.realpath(root.path) for root in roots]
        self._linked: dict[tuple[int, int], Executable] = {}

    def __iter__(self) -> Iterator[FoundFile]:
        for root in self._roots:
            shown = root.drive or root.path.rstrip(os.sep)
            pending = [(root.path, shown)]
            while pending:
                folder, shown = pending.pop()
                below: list[tuple[str, str]] = []
                yield from self._folder(folder, shown, below)
                pending += sorted(below, reverse=True)

    def _folder(self, folder: str, shown: str, below: list[tuple[str, str]]) -> Iterator[FoundFile]:
        """The files in a folder; the folders in it are added to `below`."""
        sign = "\\" if shown[1:2] == ":" else os.sep
        names = self._wanted.names
        files: list[os.DirEntry[str]] = []
        count = 0
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    count += 1
                    name = entry.name
                    if _PLAIN(name) is None and not _is_of_windows(name):
                        self._foreign(entry, shown + sign)
                    elif entry.is_symlink() or (_IS_WINDOWS and _is_junction(entry)):
                        yield from self._link(entry, shown + sign)
                    elif entry.is_dir(follow_symlinks=False):
                        below.append((entry.path, shown + sign + name))
                    elif names is not None and name.casefold() not in names:
                        continue
                    elif not entry.is_file(follow_symlinks=False):
                        yield FoundFile(name, shown + sign + name, None, None, _NOTHING)
                    else:
                        files.append(entry)
                        if len(files) >= _BATCH:
                            yield from self._files(files, shown + sign)
                            files.clear()
        except OSError:
            if _WITHHELD.isdisjoint(shown.casefold().split(sign)):
                self.faults.add("folder-unreadable", shown or os.sep)
        self._advance(count)
        yield from self._files(files, shown + sign)

    def _files(self, entries: list[os.DirEntry[str]], shown: str) -> Iterator[FoundFile]:
        for entry in sorted(entries, key=_NAME):
            found = self._file(entry.path, entry.name, shown + entry.name)
            if found is not None:
                yield found

    def _foreign(self, entry: os.DirEntry[str], shown: str) -> None:
        """Count a name that cannot be listed, where it is that of a folder or may be asked for."""
        if entry.is_dir(follow_symlinks=False) or self._wanted.may_name_file(entry.name):
            self.faults.add("name-unreadable", shown + entry.name)

    def _link(self, entry: os.DirEntry[str], shown: str) -> Iterator[FoundFile]:
        """The file that a link of an asked name leads to; other links are counted where they matter."""
        target = self._target(entry.path)
        if target is None:
            self.faults.add("link-broken", shown + entry.name)
            return
        is_folder = os.path.isdir(target)  # noqa: PTH112 - a text is at hand
        if not is_folder and not self._wanted.names_file(entry.name):
            return
        if not any(target == root or target.startswith(root.rstrip(os.sep) + os.sep) for root in self._real):
            self.faults.add("link-outside", shown + entry.name)
        elif is_folder:
            if self._wanted.may_name_folder(entry.name):
                self.faults.add("link-asked", shown + entry.name)
        else:
            found = self._file(target, entry.name, shown + entry.name)
            if found is not None:
                yield found

    def _target(self, link: str) -> str | None:
        """What a link leads to, by its path here or by that on the server; None where it leads nowhere."""
        try:
            return os.path.realpath(link, strict=True)
        except OSError:
            pass
        try:
            text = os.readlink(link)  # noqa: PTH115 - a text is at hand
        except OSError:
            return None
        found = _ON_DRIVE.match(text)
        if found is None:
            begin, path = os.path.dirname(link), text  # noqa: PTH120 - a text is at hand
        else:
            drive = found[1].upper()
            begin = next((root.path for root in self._roots if root.drive == drive), "")
            path = text[found.end() :]
        is_known = bool(begin) and not path.startswith(("/", "\\"))
        return _inside(begin, path.replace("\\", "/").split("/")) if is_known else None

    def _file(self, path: str, name: str, shown: str) -> FoundFile | None:
        """A file with what it states of itself; None where it is a folder, or is gone."""
        try:
            handle = os.open(path, _OPEN)
        except OSError:
            return self._unreadable(path, name, shown)
        try:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                return _without_facts(name, shown, state)
            own = _executable_in(handle) if state.st_nlink == 1 else self._executable(handle, state)
            if own.is_damaged:
                self.faults.add("file-damaged", shown)
            return FoundFile(name, shown, _moment(int(state.st_mtime)), state.st_size, own)
        except OSError:
            return self._unreadable(path, name, shown)
        finally:
            os.close(handle)

    def _unreadable(self, path: str, name: str, shown: str) -> FoundFile | None:
        """What is known of a file that cannot be read; None where it is none, and cannot be listed."""
        try:
            state = os.lstat(path)
        except OSError:
            self.faults.add("file-changed", shown)
            return None
        if not stat.S_ISREG(state.st_mode):
            return _without_facts(name, shown, state)
        self.faults.add("file-unreadable", shown)
        return FoundFile(name, shown, _moment(int(state.st_mtime)), state.st_size, _NOTHING)

    def _executable(self, handle: int, state: os.stat_result) -> Executable:
        """What an open file states of itself; one with several names is read once."""
        identity = (state.st_dev, state.st_ino)
        found = self._linked.get(identity)
        if found is None:
            if len(self._linked) >= _MOST_LINKED:
                self._linked.clear()
            found = self._linked[identity] = _executable_in(handle)
        return found


def _executable_in(handle: int) -> Executable:
    """What an open file states of itself."""
    head = os.read(handle, HEAD_BYTES)
    return (read_executable(_reader(handle), head) or _NOTHING) if head[:2] == b"MZ" else _NOTHING


def _without_facts(name: str, shown: str, state: os.stat_result) -> FoundFile | None:
    """What is no file, such as a pipe, and may stand where the server has one; None for a folder."""
    return None if stat.S_ISDIR(state.st_mode) else FoundFile(name, shown, None, None, _NOTHING)


def _inside(folder: str, parts: Iterable[str]) -> str | None:
    """The path of what a path of Windows names from a folder on, in any case; None where there is none."""
    for part in parts:
        if part in ("", "."):
            continue
        if part == "..":
            folder = os.path.dirname(folder)  # noqa: PTH120 - a text is at hand
            continue
        try:
            with os.scandir(folder) as entries:
                own = [one for one in entries if one.name.casefold() == part.casefold()]
        except OSError:
            return None
        if len(own) != 1 or own[0].is_symlink():
            return None
        folder = own[0].path
    return os.path.realpath(folder)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_of_windows(name: str) -> bool:
    """Whether a name is one that Windows may have, and that a record states as it is."""
    has_other_signs = _NOT_OF_WINDOWS.search(name) is not None or not is_of_record(name)
    return not has_other_signs and name[-1] not in " ." and unwrapped(name) == name


def is_of_record(path: str) -> bool:
    """Whether a record may have a path."""
    return _NOT_IN_RECORDS.search(path) is None


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether a folder of Windows is another one, or a volume, elsewhere."""
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag) and tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0)


if hasattr(os, "pread"):

    def _reader(handle: int) -> ReadAt:
        pread = os.pread
        return lambda place, size: pread(handle, size, place)

else:

    def _reader(handle: int) -> ReadAt:
        def read_at(place: int, size: int) -> bytes:
            os.lseek(handle, place, os.SEEK_SET)
            return os.read(handle, size)

        return read_at


@lru_cache(maxsize=1 << 12)  # the files of a product have few times
def _moment(seconds: int) -> str | None:
    """A modified time in UTC; None for one that no file has."""
    if seconds <= 0:
        return None
    try:
        return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}Z"
    except (OverflowError, OSError, ValueError):
        return None
