"""The two sides of a comparison, as people name them: paths, or revisions of a repository."""

from __future__ import annotations

import glob
import os
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from needfix.catalogue import load_catalogue
from needfix.diff.git import Repository
from needfix.diff.subjects import Side
from needfix.errors import CatalogueError, Position, Problem, UsageError
from needfix.intake.paths import RULES

_USUAL = "rules"
"""Where rules lie in a revision, from the current folder, unless stated otherwise."""

_HINT = "name a file, a folder, a pattern, a revision such as main or HEAD~1, or REVISION:PATH"


@dataclass(frozen=True, slots=True)
class Request:
    """What to compare; `rules` says where rules lie in revisions, `with_shipped` whether definitions ship."""

    old: str
    new: str
    rules: tuple[str, ...] = ()
    with_shipped: bool = True


def read_sides(request: Request, folder: Path) -> tuple[Side, Side]:
    """Both sides; the files of revisions are put into the folder.

    Raises CatalogueError with the problems of both.
    """
    sources = (
        _source(request.old, request.new, request.rules, folder / "old"),
        _source(request.new, request.old, request.rules, folder / "new"),
    )
    problems: list[Problem] = []
    read = [source.side(problems, with_shipped=request.with_shipped) for source in sources]
    sides = [side for side in read if side is not None]
    if problems:
        raise CatalogueError(problems)
    return sides[0], sides[1]


@dataclass(frozen=True, slots=True)
class _SideSource:
    """Where one side is read from, and how the files there are called."""

    name: str
    paths: tuple[str, ...]
    written: Callable[[str], str] = str

    def side(self, problems: list[Problem], *, with_shipped: bool) -> Side | None:
        try:
            return Side(self.name, load_catalogue(self.paths, with_shipped=with_shipped), self._locate)
        except CatalogueError as error:
            problems.extend(self._located(problem) for problem in error.problems)
            return None

    def _locate(self, position: Position) -> Position:
        return position._replace(file=self.written(position.file))

    def _located(self, problem: Problem) -> Problem:
        return problem._replace(at=self._locate(problem.at), what=self.written(problem.what))


def _source(named: str, other: str, rules: Sequence[str], folder: Path) -> _SideSource:
    """One side; the name of the other gives the path of the rules in a revision without one."""
    if is_path(named):
        return _SideSource(named, (named,))
    repository = Repository.here()
    revision, colon, path = named.partition(":")
    commit = repository.commit(revision) if repository else None
    if repository is None or commit is None:
        raise UsageError(_nowhere(named, repository))
    if colon:
        paths = [_in_revision(path.replace(os.sep, "/"), repository)]
    else:
        paths = [_from_top(one, repository) for one in rules or _like_the_other(other, repository)]
    return _Tree(repository, named, revision, folder).source(commit, paths)


def is_path(named: str) -> bool:
    """Whether a side is a file, a folder or a pattern; these go before revisions of the same name."""
    return Path(named).exists() or glob.has_magic(named)


def _nowhere(named: str, repository: Repository | None) -> str:
    if repository is None:
        what = f"{named!r} is not a file or folder, and the current folder is not in a Git repository"
        return f"{what}\n    hint: {_HINT}"
    what = f"{named!r} is neither a file or folder nor a revision of this repository"
    return f"{what}\n    hint: {_HINT}; a shallow clone needs git fetch first"


def _like_the_other(other: str, repository: Repository) -> Sequence[str]:
    """Where rules lie in a revision: where the other side has them, in the working tree or in a revision."""
    if is_path(other):
        return (other,)
    _, colon, path = other.partition(":")
    if not colon:
        return (_USUAL,)
    return (path if path.startswith(("./", "../")) else os.path.join(repository.top, path),)  # noqa: PTH118 - as it was written


def _in_revision(path: str, repository: Repository) -> str:
    """A path behind a colon as one from the top: it is one, unless it starts at a root or with a dot."""
    if path.startswith(("./", "../", "/")) or os.path.splitdrive(path)[0]:
        return _from_top(path, repository)
    return _inside(posixpath.normpath(path), path, repository)


def _from_top(path: str, repository: Repository) -> str:
    """A path of the current folder as one from the top of the repository."""
    top = os.path.realpath(repository.top)
    try:
        from_top = os.path.relpath(os.path.realpath(path), top).replace(os.sep, "/")
    except ValueError:  # on another drive
        from_top = ".."
    return _inside(from_top, path, repository)


def _inside(from_top: str, path: str, repository: Repository) -> str:
    if from_top.split("/", maxsplit=1)[0] == "..":
        hint = "give the path of the rules in the revision, as REVISION:PATH or with --rules"
        raise UsageError(f"{path} lies outside of the repository {repository.top}\n    hint: {hint}")
    return from_top


@dataclass(frozen=True, slots=True)
class _Tree:
    """The files of a revision, put into a folder."""

    repository: Repository
    named: str
    revision: str
    folder: Path

    def source(self, commit: str, paths: Sequence[str]) -> _SideSource:
        """The rules at some paths of the commit."""
        for path, content in self.repository.files(commit, lambda path: _may_be_selected(path, paths)):
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for path in paths:
            self._check(path)
        return _SideSource(self.named, tuple(str(self.folder / path) for path in paths), self._written)

    def _check(self, path: str) -> None:
        if not glob.has_magic(path) and not (self.folder / path).exists():
            hint = "give their path in the revision, as REVISION:PATH or with --rules"
            raise UsageError(f"{self.revision} has no rules at {path!r}\n    hint: {hint}")

    def _written(self, text: str) -> str:
        """A text with files as Git calls them in place of the copies in the folder."""
        return text.replace(f"{self.folder}{os.sep}", f"{self.revision}:")


def _may_be_selected(path: str, selected: Sequence[str]) -> bool:
    """Whether a file is named, or is YAML that a named folder or a pattern can have."""
    if path in selected:
        return True
    can_hold = (one == "." or glob.has_magic(one) or path.startswith(f"{one}/") for one in selected)
    return RULES.takes(path) and any(can_hold)
