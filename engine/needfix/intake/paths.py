"""Which files a path names: a file, a folder, a pattern, or `-` for standard input.

Standard input is for inventories and articles only. Otherwise the rules are the same for rules, cases,
inventories and articles, and for listings that Spark makes:

- In folders, files with an ending of their kind are read, in upper or lower case; hidden files and folders
  and the marker files of Spark are skipped.
- Links are followed; each real folder and file is read once.
- A folder that cannot be read is a problem; so is a broken link where its file would be read.
- Pipes, sockets and devices are read if they are named, and skipped in folders.
- A warning lists files that are skipped in a folder although they may be meant: by their name, such as
  `a.json.gz`, or by their content, such as JSON in a file without an ending. Of Spark's listings only names
  are known, so there a file without an ending may be meant.
- The file of the report is never one of the files that a folder or a pattern names.
"""

from __future__ import annotations

import errno
import fnmatch
import glob
import os
import re
import stat
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from needfix.errors import NeedfixWarning, Position, Problem, UsageError
from needfix.intake.archives import is_in_archive
from needfix.intake.packed import PackedError
from needfix.intake.reports import may_be_report

STDIN = "-"

MARKS_OF_SPARK = frozenset(
    ("_SUCCESS", "_metadata", "_common_metadata", "_temporary", "_delta_log", "_spark_metadata")
)
"""What Spark writes beside its files: marker files without an ending, and folders."""

_MOST_NAMED = 5
_HEAD = 1 << 16
_START = 1 << 12
_RULE = rb'^(?:[ \t]*\{?[ \t]*(?="))?"?needfix"?[ \t]*:[ \t]*[0-9]'
_YAML = rb'(?:\xef\xbb\xbf)?(?:(?:#[^\n]*|---|\{)?[ \t\r]*\n)*\{?\s*"?[a-z_]+"?[ \t]*:'
_RULES_END = (".yaml", ".yml")
_CASES_END = (".cases.yaml", ".cases.yml")


def _is_nothing(_start: bytes) -> bool:
    return False


def _is_rule(start: bytes) -> bool:
    """Whether a file that begins with these bytes is YAML or JSON with the key `needfix`."""
    return bool(re.match(_YAML, start) and re.search(_RULE, start, re.MULTILINE))


class FileKind(NamedTuple):
    """Files of one kind: its name in messages, and the endings of its files in folders.

    Files with an ending in `but_not` are of another kind; those with one in `related` are skipped with a
    warning. `marks` are skipped like hidden files. A kind that `may_be_piped` accepts `-` for standard input.
    `resembles` states whether a file without a known ending may be meant, by its first bytes. Behind an
    ending may be one of `packings`. Names that match `beside` are skipped in folders with a warning.
    """

    name: str
    with_article: str
    endings: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    may_be_piped: bool = False
    resembles: Callable[[bytes], bool] = _is_nothing
    packings: tuple[str, ...] = ()
    beside: str = ""

    def lies_beside(self, file: str) -> bool:
        """Whether a file is one that a program writes beside those of this kind, by its name."""
        return bool(self.beside) and re.fullmatch(self.beside, file, re.IGNORECASE) is not None

    @property
    def plural(self) -> str:
        """Its name in messages, of several."""
        return " or ".join(f"{word}s" for word in self.name.split(" or "))

    def takes(self, file: str) -> bool:
        """Whether a file is of this kind, by its name."""
        folded = file.lower()
        inner = next((folded[: -len(own)] for own in self.packings if folded.endswith(own)), folded)
        return inner.endswith(self.endings) and not self.is_other(inner)

    def skips(self, name: str) -> bool:
        """Whether a file or folder of this name is skipped in a folder."""
        return name.startswith(".") or name in self.marks

    def is_other(self, file: str) -> bool:
        """Whether a file is of another kind, by its name."""
        return file.lower().endswith(self.but_not)

    def may_be_meant(self, file: str) -> bool:
        """Whether a skipped file, by its name, may be a compressed file or a copy of this kind."""
        folded = file.lower()
        inner = {f".{part}" for part in folded.split(".")[1:-1]}
        return not self.is_other(folded) and (
            folded.endswith(self.related) or not inner.isdisjoint(self.endings)
        )


RULES = FileKind("rule", "a file or a folder of rules", _RULES_END, but_not=_CASES_END, resembles=_is_rule)
CASES = FileKind("case", "a file of cases", _CASES_END)
RULES_AND_CASES = FileKind(
    "rule or case", "a file or a folder of rules or cases", _RULES_END, resembles=_is_rule
)


def named_files(
    paths: Iterable[str],
    kind: FileKind,
    output: str | None = None,
    unreadable: list[Problem] | None = None,
) -> tuple[list[str], list[Problem]]:
    """The names of the files, each once, as problems show them; and the problems of the paths.

    `output` is the file of the report, which must not replace any of them. Folders that cannot be read
    are problems like the others, or are added to `unreadable` for a caller that goes on without them.
    """
    names: dict[str, str] = {}
    problems: list[Problem] = []
    report = _Report(output)
    for path in paths:
        found = _Search(kind, report)
        found.look(path)
        for name in found.files:
            names.setdefault(name if name == STDIN else os.path.realpath(name), name)
        if not found.files and not found.problems and not found.unreadable:
            is_folder = bool(path) and os.path.isdir(path)
            found.problems.append(nothing_found(path, kind, is_folder=is_folder))
        problems += found.problems
        (problems if unreadable is None else unreadable).extend(found.unreadable)
        _warn(path, found.skipped)
    return list(names.values()), problems


def files_below(folder: str, kind: FileKind) -> list[str]:
    """The names of the files that `named_files` reads of a folder, in order; one may be there twice."""
    found = _Search(kind, _Report(None))
    found.look(folder)
    return found.files


def chosen(root: str, files: Iterable[tuple[str, int]], kind: FileKind) -> list[tuple[str, int]]:
    """The files of a kind in a listing of a folder, with their sizes; of a listing of one file, that file."""
    found = []
    skipped = []
    for file, size in files:
        inside = file.removeprefix(root.rstrip("/")).strip("/").split("/") if file != root else [""]
        if file == root:
            found.append((file, size))
        elif any(map(kind.skips, inside)):
            continue
        elif kind.takes(inside[-1]):
            found.append((file, size))
        elif kind.may_be_meant(inside[-1]) or "." not in inside[-1]:
            skipped.append(_without_ending("/".join(inside), kind))
    _warn(root, skipped)
    return found


def may_name(word: str, kind: FileKind) -> bool:
    """Whether a word of a command line can be a path of such files: a file, a folder or a pattern."""
    if not os.path.isdir(word):
        return kind.takes(word)
    found = _Search(kind, _Report(None))
    found.look(word)
    return bool(found.files)


def none_named(kind: FileKind) -> UsageError:
    """The error for a command that needs files and has no path."""
    hint = "give files, folders or patterns" + (", or - for standard input" if kind.may_be_piped else "")
    return UsageError(f"no {kind.name} is given\n    hint: {hint}")


def path_text(path: object, kind: FileKind) -> str:
    """The text of a path. Raises UsageError where a caller passed something else."""
    if isinstance(path, str | os.PathLike):
        return str(os.fspath(path))
    named = "None" if path is None else type(path).__name__
    raise UsageError(f"a path of {kind.with_article} is text or a Path, not {named}")


def unreadable_file(file: str, error: OSError) -> Problem:
    """The problem of a file that cannot be read."""
    what = f"the file cannot be read: {error.strerror or error}"
    hint = error.hint if isinstance(error, PackedError) else "check that it exists and may be read"
    return Problem(Position(file, 1), what, "a readable file", hint, "unreadable")


def from_here(file: str) -> str:
    """A path relative to the current folder, if the file is below it."""
    here = Path.cwd()
    return str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else file


def nothing_found(path: str, kind: FileKind, *, is_folder: bool) -> Problem:
    """The problem of a path that names no file of a kind."""
    at = Position(path or "''", 1)
    if path == STDIN:
        what = f"standard input is not read for {kind.plural}"
        return Problem(at, what, kind.with_article, "write it to a file, and give that file")
    if is_folder:
        what = f"the folder contains no {kind.name}"
        packed = f", or these with {' or '.join(kind.packings)} behind" if kind.packings else ""
        expected = f"files that end in {', '.join(sorted(kind.endings))}{packed}"
        return Problem(at, what, expected, "give another folder, or the files themselves", "not-found")
    if glob.has_magic(path):
        hint = "check the pattern, and quote it so that the shell does not expand it"
        return Problem(at, "the pattern matches no file", f"at least one {kind.name}", hint, "not-found")
    hint = "check the path; relative paths start at the current folder"
    return Problem(at, "there is no such file", kind.with_article, hint, "not-found")


def _without_ending(file: str, kind: FileKind) -> str:
    article = "an" if kind.name[0] in "aeiou" else "a"
    return f"{file} (without the ending of {article} {kind.name})"


def _warn(path: str, skipped: list[str]) -> None:
    """Warn about files that are skipped although they may be meant."""
    if skipped:
        more = f" and {len(skipped) - _MOST_NAMED} more" if len(skipped) > _MOST_NAMED else ""
        verb = "is" if len(skipped) == 1 else "are"
        named = ", ".join(sorted(skipped)[:_MOST_NAMED])
        warnings.warn(f"{path}: {named}{more} {verb} skipped", NeedfixWarning, stacklevel=4)


class _Report:
    """The file of the report, if it exists: it must not replace a file that is read."""

    def __init__(self, output: str | None) -> None:
        self._file = output
        self._stat: os.stat_result | None = None
        if output not in (None, STDIN):
            found = _status(output)
            self._stat = found if isinstance(found, os.stat_result) and stat.S_ISREG(found.st_mode) else None

    def is_at(self, found: os.stat_result) -> bool:
        """Whether the report is written to this file."""
        return self._stat is not None and os.path.samestat(found, self._stat)

    def is_inode(self, number: int) -> bool:
        """Whether a file with this inode number can be that of the report."""
        return self._stat is not None and self._stat.st_ino == number

    def holds_decisions(self) -> bool:
        """Whether the file looks like a report."""
        try:
            with open(self._file or "", "rb") as file:
                head = file.read(_HEAD)
                file.seek(max(0, os.fstat(file.fileno()).st_size - _HEAD))
                return may_be_report(head, file.read(_HEAD))
        except OSError:
            return False


def _status(path: str) -> os.stat_result | OSError:
    """The status of a path, links followed, or the error."""
    try:
        return os.stat(path)
    except OSError as error:
        return error
    except ValueError:  # a zero byte
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


class _Search:
    """The files that one path names."""

    def __init__(self, kind: FileKind, report: _Report) -> None:
        self.kind = kind
        self.report = report
        self.files: list[str] = []
        self.problems: list[Problem] = []
        self.unreadable: list[Problem] = []
        self.skipped: list[str] = []
        self._folders: set[tuple[int, int]] = set()

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
        elif is_in_archive(path):
            self.files.append(path)
        elif os.path.lexists(path) or found.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL):
            self.files.append(path)  # reported where it is read
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
                if not self.kind.skips(name) and not pattern.endswith("**"):
                    self.skipped.append(f"{path} (a folder)")
            elif self.kind.marks.isdisjoint(path.split(os.sep)) and not self.kind.is_other(name):
                self._take_met(path, found)

    def _take_below(self, root: str) -> None:
        """Take the files with an ending of the kind below a folder."""
        for path, entry in self._tree(root):
            found = _entry_status(entry, path, self.report)
            if isinstance(found, os.stat_result) and stat.S_ISDIR(found.st_mode):
                continue
            if self.kind.lies_beside(entry.name):
                self.skipped.append(f"{os.path.relpath(path, root)} (not {self.kind.with_article})")
            elif self.kind.takes(entry.name):
                self._take_met(path, found, root)
            elif isinstance(found, OSError) and entry.is_symlink():
                if os.path.splitext(entry.name)[1]:
                    self.skipped.append(f"{os.path.relpath(path, root)} (a broken link)")
                else:
                    self.files.append(path)  # it may be a folder; reading it is the problem
            elif self.kind.may_be_meant(entry.name) or self._resembles(path, found):
                self.skipped.append(_without_ending(os.path.relpath(path, root), self.kind))

    def _resembles(self, path: str, found: os.stat_result | OSError | None) -> bool:
        """Whether a regular file may be meant, by its content; a report of needfix is not."""
        if isinstance(found, OSError) or (found is not None and not stat.S_ISREG(found.st_mode)):
            return False
        if self.kind.resembles is _is_nothing or self.kind.is_other(path):
            return False
        if found is not None and self.report.is_at(found):
            return False
        try:
            with open(path, "rb", buffering=0) as file:
                return self.kind.resembles(file.read(_START))
        except OSError:
            return False

    def _take_met(self, path: str, found: os.stat_result | OSError | None, root: str = "") -> None:
        """Take a file found in a folder or by a pattern, unless it is not a regular file or is the report."""
        if not isinstance(found, os.stat_result):
            self.files.append(path)  # as above
        elif not stat.S_ISREG(found.st_mode):
            inside = os.path.relpath(path, root) if root else path
            self.skipped.append(f"{inside} (not a regular file)")
        elif not self.report.is_at(found):
            self.files.append(path)
        elif not self.report.holds_decisions():
            self._replaced(path)

    def _replaced(self, path: str) -> None:
        hint = "give another file with --output"
        expected = "another file for the report"
        self.problems.append(Problem(Position(path, 1), "the report would replace this file", expected, hint))

    def _unreadable(self, folder: str, error: OSError) -> None:
        what = f"the folder cannot be read: {error.strerror}"
        hint = "check that you may read it, or give the files themselves"
        self.unreadable.append(Problem(Position(folder, 1), what, "a readable folder", hint, "unreadable"))

    def _tree(self, root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Everything below a folder that is not hidden, each real folder once, real folders before links."""
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            below: list[tuple[bool, str]] = []
            for entry in self._entries(folder):
                if not self.kind.skips(entry.name):
                    path = os.path.join(folder, entry.name)
                    yield path, entry
                    if _is_folder(entry):
                        below.append((entry.is_symlink(), path))
            waiting += [path for _, path in sorted(below, reverse=True)]

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        """The entries of a folder; none if it was seen before, is not a folder or cannot be read."""
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
        """The paths that a pattern matches, like `glob`; folders that cannot be read are problems."""
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
    """Whether a name matches a pattern, its ending in any case."""
    stem, ending = os.path.splitext(name)
    matches = fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(stem + ending.lower(), pattern)
    return matches and (pattern.startswith(".") or not name.startswith("."))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return entry.is_dir(follow_symlinks=False)


def _entry_status(entry: os.DirEntry[str], path: str, report: _Report) -> os.stat_result | OSError | None:
    """The status of an entry; None, without a system call, for a regular file that is not the report."""
    is_plain = not entry.is_symlink() and entry.is_file(follow_symlinks=False)
    return None if is_plain and not report.is_inode(entry.inode()) else _status(path)


def _status_of_input() -> os.stat_result | None:
    """The status of standard input, if known."""
    try:
        return os.fstat(0)
    except OSError:
        return None
