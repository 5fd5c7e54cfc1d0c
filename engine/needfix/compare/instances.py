"""Several installations of one product on a server: which of its files belong to which of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, TypeVar

from needfix.compare.path_patterns import is_whole, lies_below
from needfix.intake.vocabularies import says_nothing
from needfix.model.decision import Reason
from needfix.model.server import FileCopy, InstalledProduct, altered

Key = TypeVar("Key")
_Owner = Literal["own", "another's", "all", "unknown"]


class Instance(NamedTuple):
    """One of several entries of a product, where a path is stated of some: files are divided among them.

    `path` is its folder, None where it is not stated, `others` are those of the others. Files below its own
    are its own, and files below no entry's path belong to every entry. `is_open`: an entry lacks its path, so
    that files below no path may be that one's; they are not inventoried for any of them. Nor is a copy whose
    path does not show where it lies.
    """

    path: str | None
    others: tuple[str, ...]
    is_open: bool

    def of(self, copies: Iterable[FileCopy]) -> tuple[FileCopy, ...]:
        """The copies that this entry has or may have; those that only may be its own show nothing."""
        return tuple(
            copy if self.has(copy) else _not_inventoried(copy)
            for copy in copies
            if self._owner(copy.path) != "another's"
        )

    def has(self, copy: FileCopy) -> bool:
        """Whether it is certain that a copy is this entry's, or belongs to every entry."""
        owner = self._owner(copy.path)
        return owner == "own" or (owner == "all" and not self.is_open)

    def named(self, reason: Reason) -> Reason:
        """A reason that says which of the entries it is about."""
        name = f"{self.path or 'Without path'}: "
        if reason.text.startswith(name):
            return reason
        return replace(reason, text=name + reason.text, path=reason.path or self.path)

    def _owner(self, path: str | None) -> _Owner:
        is_own = False if self.path is None else lies_below(path, self.path)
        if is_own:
            return "own"
        below = {lies_below(path, other) for other in self.others}
        if is_own is None:
            return "unknown"
        return "another's" if True in below else "unknown" if None in below else "all"


def instances(entries: Mapping[Key, InstalledProduct]) -> dict[Key, Instance]:
    """The entries of one product as instances; none where all of them are in one folder, or in none."""
    paths = {key: folder_of(entry) for key, entry in entries.items()}
    if len(set(paths.values())) == 1:
        return {}
    return {
        key: Instance(own, _without(own, list(paths.values())), None in paths.values())
        for key, own in paths.items()
    }


def folder_of(entry: InstalledProduct) -> str | None:
    """The path of an entry, where it shows in which folder the product is."""
    path = entry.path
    return path if path is not None and not says_nothing(path) and is_whole(path) else None


def _without(own: str | None, paths: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(path for path in dict.fromkeys(paths) if path is not None and path != own)


def _not_inventoried(copy: FileCopy) -> FileCopy:
    return altered(copy, version=None, modified=None, platform=None, loaded=None)
