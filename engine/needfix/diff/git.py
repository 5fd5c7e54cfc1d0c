"""Files of a Git revision, read without a checkout."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

from needfix.errors import NeedfixWarning, UsageError
from needfix.intake.limits import REVISION_BYTES

_PROGRAMS = ("git.exe", "git")
_PLAIN_FILES = frozenset({"100644", "100755"})
_LINK = "120000"
"""Modes of files; links and other repositories are left where they are."""
_MOST_NAMED = 5


class _Entry(NamedTuple):
    """A file of a commit: its path from the top, its mode, its content by id, and its size in bytes."""

    path: str
    mode: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a folder lies in, by its topmost folder."""

    top: Path

    @classmethod
    def here(cls) -> Repository | None:
        """The repository of the current folder; None where there is none. Raises UsageError without Git."""
        top = _git("rev-parse", "--show-toplevel")
        if top is None:
            return None
        return cls(Path(top.decode("utf-8", "surrogateescape").removesuffix("\n")))

    def commit(self, revision: str) -> str | None:
        """The id of the commit that a revision names, or None."""
        if not revision or revision.startswith("-"):
            return None
        found = _git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", at=self.top
        )
        return found.decode("ascii").strip() if found else None

    def files(self, commit: str, is_selected: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
        """The selected files of a commit, with their paths from the top; a warning lists skipped links."""
        selected = [entry for entry in self._entries(commit) if is_selected(entry.path)]
        if links := [entry.path for entry in selected if entry.mode == _LINK]:
            named = ", ".join(links[:_MOST_NAMED]) + (" and more" if len(links) > _MOST_NAMED else "")
            note = f"revision {commit[:10]}: {named} skipped: links in a revision are not followed"
            warnings.warn(note, NeedfixWarning, stacklevel=2)
        entries = [entry for entry in selected if entry.mode in _PLAIN_FILES]
        if sum(entry.size for entry in entries) > REVISION_BYTES:
            hint = "name the folder of the rules, as REVISION:PATH or with --rules"
            what = f"the files of {commit} are larger than {REVISION_BYTES >> 20} MiB in total"
            raise UsageError(f"{what}\n    hint: {hint}")
        contents = self._contents([entry.blob for entry in entries])
        return zip((entry.path for entry in entries), contents, strict=True)

    def _entries(self, commit: str) -> Iterator[_Entry]:
        listed = _git("ls-tree", "-r", "-z", "-l", "--full-tree", commit, at=self.top) or b""
        for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
            head, _, path = entry.partition("\t")
            if path and _stays_inside(path):
                mode, _, blob, size = head.split()
                if mode in {*_PLAIN_FILES, _LINK}:
                    yield _Entry(path, mode, blob, int(size))

    def _contents(self, blobs: Sequence[str]) -> Iterator[bytes]:
        request = "".join(f"{blob}\n" for blob in blobs).encode("ascii")
        content = _git("cat-file", "--batch", at=self.top, given=request) or b""
        start = 0
        for _ in blobs:
            end = content.index(b"\n", start)
            size = int(content[start:end].split()[2])
            yield content[end + 1 : end + 1 + size]
            start = end + 1 + size + 1


def _stays_inside(path: str) -> bool:
    """Whether a path of a tree leads nowhere else; a tree that was made by hand can have others."""
    pure = PurePosixPath(path)
    leads_out = pure.is_absolute() or ".." in pure.parts or PureWindowsPath(path).drive
    return not leads_out and "\\" not in path


def _git(*words: str, at: Path | None = None, given: bytes = b"") -> bytes | None:
    """What Git prints; None where it fails."""
    program = _program()
    if program is None:
        hint = "install it, or name the folders of the old and the new rules"
        raise UsageError(f"Git is not installed, and a revision needs it\n    hint: {hint}")
    ran = subprocess.run(  # noqa: S603 - no shell, and user input follows --end-of-options
        [program, *words], cwd=at, input=given, capture_output=True, check=False
    )
    return ran.stdout if ran.returncode == 0 else None


def _program() -> str | None:
    """The Git of the search path; not one in the current folder, where Windows looks first."""
    folders = filter(Path.is_absolute, map(Path, os.get_exec_path()))
    places = (folder / name for folder in folders for name in _PROGRAMS)
    return next((str(place) for place in places if os.access(place, os.X_OK) and place.is_file()), None)
