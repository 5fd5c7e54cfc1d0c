"""Which files a path names: a file, a folder, a pattern, or `-` for standard input.

The rules are the same for rules, cases, inventories and articles, and for listings that Spark makes:

- In folders, files count whose names end as their kind does, in upper or lower case; hidden files and folders
  are left out, and so are the marks that Spark leaves beside its files.
- Links are followed, each real folder and file is taken once.
- A folder that cannot be read is a problem; a link that leads nowhere is one where its file is read.
- Pipes, sockets and devices are read where they are named, and left out in folders.
- What is left out in a folder although it may be meant, such as `a.json.gz`, is said in a warning.
- The file that the report goes to is never one of the files that a folder or a pattern names.
"""

from __future__ import annotations

import errno
import fnmatch
import glob
import os
import stat
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from needfix.errors import NeedfixWarning, Position, Problem, UsageError

STDIN = "-"

MARKS_OF_SPARK = frozenset(
    ("_SUCCESS", "_metadata", "_common_metadata", "_temporary", "_delta_log", "_spark_metadata")
)
"""What Spark leaves beside its files: marks without an ending, and folders of its own."""

_MOST_NAMED = 5
_HEAD = 1 << 16
_RULES_END = (".yaml", ".yml")
_CASES_END = (".cases.yaml", ".cases.yml")


@dataclass(frozen=True, slots=True)
class FileKind:
    """Files of one kind: how they are called, and how their names end in folders.

    Names that end in one of `but_not` are of another kind, and those that end in `related` may be meant all
    the same. `marks` are left out like hidden files. A kind that `may_be_piped` takes `-` for standard input.
    """

    name: str
    with_article: str
    endings: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    may_be_piped: bool = False

    def takes(self, file: str) -> bool:
        """Whether a file is of this kind, by its name."""
        folded = file.lower()
        return folded.endswith(self.endings) and not self.is_other(folded)

    def leaves_out(self, name: str) -> bool:
        """Whether a file or folder of this name does not count in a folder."""
        return name.startswith(".") or name in self.marks

    def is_other(self, file: str) -> bool:
        """Whether a file is of another kind, by its name."""
        return file.lower().endswith(self.but_not)

    def may_be_meant(self, file: str) -> bool:
        """Whether a name that is not taken looks as if it held such files, compressed or a copy."""
        folded = file.lower()
        inner = {f".{part}" for part in folded.split(".")[1:-1]}
        return not self.is_other(folded) and (
            folded.endswith(self.related) or not inner.isdisjoint(self.endings)
        )


RULES = FileKind("rule", "a file or a folder of rules", _RULES_END, but_not=_CASES_END)
CASES = FileKind("case", "a file of cases", _CASES_END)
RULES_AND_CASES = FileKind("rule or case", "a file or a folder of rules or cases", _RULES_END)


def named_files(
    paths: Iterable[str], kind: FileKind, output: str | None = None
) -> tuple[list[str], list[Problem]]:
    """The names of the files, each once, as problems show them; what is wrong with the paths.

    `output` is the file that a report goes to, which must not replace any of them.
    """
    names: dict[str, str] = {}
    problems: list[Problem] = []
    report = _Report(output)
    for path in paths:
        found = _Search(kind, report)
        found.look(path)
        for name in found.files:
            names.setdefault(name if name == STDIN else os.path.realpath(name), name)
        if not found.files and not found.problems:
            found.problems.append(_nothing(path, kind))
        problems += found.problems
        _warn(path, found.left_out)
    return list(names.values()), problems


def chosen(root: str, files: Iterable[tuple[str, int]], kind: FileKind) -> list[tuple[str, int]]:
    """Of a listing of a folder, with sizes, the files that the folder names; of a file, itself."""
    found = []
    for file, size in files:
        inside = file.removeprefix(root.rstrip("/")).strip("/").split("/") if file != root else [""]
        is_left_out = any(map(kind.leaves_out, inside))
        if file == root or (kind.takes(inside[-1]) and not is_left_out):
            found.append((file, size))
    return found


def may_name(word: str, kind: FileKind) -> bool:
    """Whether a word of a command line can be a path of such files, of a folder or a pattern of them."""
    if not os.path.isdir(word):
        return kind.takes(word)
    found = _Search(kind, _Report(None))
    found.look(word)
    return bool(found.files)


def none_named(kind: FileKind) -> UsageError:
    """What is said where files are needed and no path is given."""
    hint = "name files, folders or patterns" + (", or - for standard input" if kind.may_be_piped else "")
    return UsageError(f"no {kind.name} is named\n    hint: {hint}")


def from_here(file: str) -> str:
    """A path as it is told from the current folder, where the file lies below it."""
    here = Path.cwd()
    return str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else file


def _nothing(path: str, kind: FileKind) -> Problem:
    at = Position(path or "''", 1)
    if path and os.path.isdir(path):
        what = f"the folder holds no {kind.name}"
        expected = f"files that end in {', '.join(sorted(kind.endings))}"
        return Problem(at, what, expected, "name another folder, or the files themselves")
    if glob.has_magic(path):
        hint = "check the pattern, and quote it so that the shell leaves it alone"
        return Problem(at, "the pattern matches no file", f"at least one {kind.name}", hint)
    hint = "check the path; a relative one starts at the current folder"
    return Problem(at, "there is no such file", kind.with_article, hint)


def _warn(path: str, left_out: list[str]) -> None:
    """Say what is not read, though it may be meant."""
    if left_out:
        more = f" and {len(left_out) - _MOST_NAMED} more" if len(left_out) > _MOST_NAMED else ""
        verb = "is" if len(left_out) == 1 else "are"
        named = ", ".join(sorted(left_out)[:_MOST_NAMED])
        warnings.warn(f"{path}: {named}{more} {verb} left out", NeedfixWarning, stacklevel=4)


class _Report:
    """The file that a report goes to, if there is one already: it must not replace what is read."""

    def __init__(self, output: str | None) -> None:
        self._file = output
        self._stat: os.stat_result | None = None
        if output not in (None, STDIN):
            found = _status(output)
            self._stat = found if isinstance(found, os.stat_result) and stat.S_ISREG(found.st_mode) else None

    def is_at(self, found: os.stat_result) -> bool:
        """Whether the report goes to this very file."""
        return self._stat is not None and os.path.samestat(found, self._stat)

    def is_inode(self, number: int) -> bool:
        """Whether a file of this number can be that of the report."""
        return self._stat is not None and self._stat.st_ino == number

    def holds_decisions(self) -> bool:
        """Whether what is there looks like a report: every one of them has the word somewhere near an end."""
        try:
            with open(self._file or "", "rb") as file:
                head = file.read(_HEAD)
                file.seek(max(0, os.fstat(file.fileno()).st_size - _HEAD))
                return not head.strip() or b"decision" in (head + file.read(_HEAD)).lower()
        except OSError:
            return False


def _status(path: str) -> os.stat_result | OSError:
    """What lies at a path, links followed, or why that cannot be known."""
    try:
        return os.stat(path)
    except OSError as error:
        return error
    except ValueError:  # a zero byte
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


@dataclass(slots=True)
class _Search:
    """What one path names."""

    kind: FileKind
    report: _Report
    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _folders: set[tuple[int, int]] = field(default_factory=set)

    def look(self, path: str) -> None:
        """Find the files."""
        if path == STDIN and self.kind.may_be_piped:
            self._take_named(path, _status_of_input())
            return
        found = _status(path) if path else FileNotFoundError(errno.ENOENT, "")
        if isinstance(found, os.stat_result):
            if stat.S_ISDIR(found.st_mode):
                self._take_below(path)
            else:
                self._take_named(path, found)
        elif os.path.lexists(path) or found.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL):
            self.files.append(path)  # why it cannot be read is said where it is
        elif glob.has_magic(path):
            self._take_matches(path)
        self.files.sort(key=lambda name: name.split(os.sep))

    def _take_named(self, path: str, found: os.stat_result | None) -> None:
        if found is not None and self.report.is_at(found):
            self._replaced(path)
        else:
            self.files.append(path)

    def _take_matches(self, pattern: str) -> None:
        for path in self._matches(pattern):
            name = os.path.basename(path)
            found = _status(path)
            if isinstance(found, os.stat_result) and stat.S_ISDIR(found.st_mode):
                if not self.kind.leaves_out(name) and not pattern.endswith("**"):
                    self.left_out.append(f"{path} (a folder)")
            elif self.kind.marks.isdisjoint(path.split(os.sep)) and not self.kind.is_other(name):
                self._take_met(path, found)

    def _take_below(self, root: str) -> None:
        """Take files with a known ending below a folder."""
        for path, entry in self._tree(root):
            found = _entry_status(entry, path, self.report)
            if isinstance(found, os.stat_result) and stat.S_ISDIR(found.st_mode):
                continue
            inside = os.path.relpath(path, root)
            if self.kind.takes(entry.name):
                self._take_met(path, found, inside)
            elif isinstance(found, OSError) and entry.is_symlink():
                self.left_out.append(f"{inside} (a link that leads nowhere)")
            elif self.kind.may_be_meant(entry.name):
                self.left_out.append(f"{inside} (not the ending of {self.kind.with_article})")

    def _take_met(self, path: str, found: os.stat_result | OSError | None, told: str = "") -> None:
        """Take a file that was met in a folder or by a pattern, unless it is none or goes to the report."""
        if not isinstance(found, os.stat_result):
            self.files.append(path)  # as above
        elif not stat.S_ISREG(found.st_mode):
            self.left_out.append(f"{told or path} (no regular file)")
        elif not self.report.is_at(found):
            self.files.append(path)
        elif not self.report.holds_decisions():
            self._replaced(path)

    def _replaced(self, path: str) -> None:
        hint = "name another file with --output"
        expected = "a report that goes elsewhere"
        self.problems.append(Problem(Position(path, 1), "the report would replace this file", expected, hint))

    def _unreadable(self, folder: str, error: OSError) -> None:
        what = f"the folder cannot be read: {error.strerror}"
        hint = "see that you may read it, or name the files themselves"
        self.problems.append(Problem(Position(folder, 1), what, "a readable folder", hint))

    def _tree(self, root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Everything below a folder but what is hidden, each real folder once, real ones before links."""
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            below: list[tuple[bool, str]] = []
            for entry in self._entries(folder):
                if not self.kind.leaves_out(entry.name):
                    path = os.path.join(folder, entry.name)
                    yield path, entry
                    if _is_folder(entry):
                        below.append((entry.is_symlink(), path))
            waiting += [path for _, path in sorted(below, reverse=True)]

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What lies in a folder; nothing where it was seen before, is none or cannot be read."""
        try:
            found = os.stat(folder or os.curdir)
            if (found.st_dev, found.st_ino) in self._folders:
                return []
            self._folders.add((found.st_dev, found.st_ino))
            with os.scandir(folder or os.curdir) as entries:
                return list(entries)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            self._unreadable(folder, error)
            return []

    def _matches(self, pattern: str) -> list[str]:
        """The paths that a pattern matches, as `glob` does, but with what cannot be read as problems."""
        head, tail = os.path.split(pattern)
        folders = self._matches(head) if head != pattern and glob.has_magic(head) else [head]
        found: list[str] = []
        self._folders.clear()
        for folder in folders:
            if tail == "**":
                found += [folder, *(path for path, _ in self._tree(folder))]
            elif glob.has_magic(tail):
                names = [entry.name for entry in self._entries(folder)]
                found += [os.path.join(folder, name) for name in sorted(names) if _fits(name, tail)]
            elif os.path.lexists(path := os.path.join(folder, tail)):
                found.append(path)
        return list(dict.fromkeys(found))


def _fits(name: str, pattern: str) -> bool:
    return fnmatch.fnmatch(name, pattern) and (pattern.startswith(".") or not name.startswith("."))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return entry.is_dir(follow_symlinks=False)


def _entry_status(entry: os.DirEntry[str], path: str, report: _Report) -> os.stat_result | OSError | None:
    """What an entry is; None for a regular file that is not that of the report, which costs no call."""
    is_plain = not entry.is_symlink() and entry.is_file(follow_symlinks=False)
    return None if is_plain and not report.is_inode(entry.inode()) else _status(path)


def _status_of_input() -> os.stat_result | None:
    """What standard input comes from, where that is known."""
    try:
        return os.fstat(0)
    except OSError:
        return None
