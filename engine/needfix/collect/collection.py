"""Collects one server from its folders, and writes its record as the files are found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from needfix.catalogue import Catalogue
from needfix.collect.offline import OfflineRegistry
from needfix.collect.tree import FaultKind, Faults, FoundFile, Root, Tree, Wanted, is_of_record
from needfix.errors import UsageError
from needfix.intake.limits import ENTRIES, RECORD_BYTES, byte_count
from needfix.intake.vocabularies import keeps_old_files, says_nothing
from needfix.model.asked import Asked
from needfix.printable import in_quotes, json_text, printable

_WITNESS = "ntoskrnl.exe"
"""A file of every server, listed where none is found that rules ask for: a list must not be empty."""

_PATH_CHARACTERS = 260
_FAULTS: dict[FaultKind, tuple[str, str]] = {
    "folder-unreadable": ("folder", "could not be read"),
    "file-unreadable": ("file", "could not be read; listed without version"),
    "file-damaged": ("executable", "damaged, or with several versions; listed without version"),
    "file-changed": ("file", "gone while collecting"),
    "link-outside": ("link", "to elsewhere, which is not followed"),
    "link-broken": ("link", "to nowhere, or not supported here"),
    "link-asked": ("link", "to a folder in which rules ask for files, which is not followed"),
    "name-unreadable": ("name", "that Windows or a record cannot have; not listed"),
}


@dataclass(frozen=True, slots=True)
class Collecting:
    """How servers are collected. `is_whole`: the folders are all that the server has."""

    catalogue: Catalogue
    asked: Asked
    collected: str
    lists_all: bool = False
    is_whole: bool = False
    server: str | None = None
    advance: Callable[[int], None] | None = None


class Collected(NamedTuple):
    """What was collected of a server; `notes` say what was not, and why a list is not complete.

    `faults` is how many of them are about what could not be looked at.
    """

    server: str
    files: int
    products: int | None
    is_complete: bool
    notes: tuple[str, ...]
    faults: int


class ServerCollection:
    """One server and the folders of its disks."""

    def __init__(self, how: Collecting, roots: Sequence[Root]) -> None:
        self._how = how
        self._registry = OfflineRegistry(roots)
        self._notes: list[str] = []
        self._roots = [self._with_drive(root, is_only=len(roots) == 1) for root in roots]
        _check_drives(self._roots)
        self._shown: set[tuple[str, ...]] = set()
        self.server = self._name()

    def _with_drive(self, root: Root, *, is_only: bool) -> Root:
        """The folder with the letter that it has where Windows is installed on it."""
        own = self._registry.drive() if root is self._registry.root else None
        if own is None or own == root.drive:
            return root
        if root.drive is not None:
            what = f"{root.path} is {own} by its registry, and not {root.drive}"
            if not is_only:
                raise UsageError(
                    f"{what}\n    hint: write --drive once for each PATH, in the order of the PATHs"
                )
            self._notes.append(what)
        return root._replace(drive=own)

    def _name(self) -> str:
        stated = self._how.server
        if stated is not None and not _is_name(stated):
            raise UsageError(
                f"--server-name {in_quotes(stated)} names no server\n    hint: write the server's own name"
            )
        folder = os.path.basename(self._roots[0].path.rstrip(os.sep))  # noqa: PTH119 - a text is at hand
        name = stated or self._registry.computer_name() or folder
        if not _is_name(name):
            what = f"nothing shows the name of the server in {self._roots[0].path}"
            raise UsageError(f"{what}\n    hint: collect this folder by itself, with --server-name")
        return name

    def write(self, out: TextIO) -> Collected:
        """Write the record in one line."""
        how = self._how
        out.write(json_text({"server": self.server, "collected": how.collected})[:-1] + ', "files": [')
        tree = Tree(self._roots, self._wanted(), how.advance)
        count = size = 0
        for count, found in enumerate(self._listed(tree), 1):
            entry = f"{', ' if count > 1 else ''}{found.as_json()}"
            size += byte_count(entry)
            out.write(entry)
        programs = self._registry.programs(how.catalogue, how.asked, self._shown)
        values = self._registry.values(how.asked.registry)
        failures = list(dict.fromkeys((*self._registry.failures, *_stated(tree.faults))))
        why_open = self._why_open(tree.faults, count)
        is_whole = {"files": why_open is None, "registry": values is not None and values.is_complete}
        rest = {
            "products": None if programs is None else programs.products,
            "hotfixes": None if programs is None else programs.hotfixes or None,
            "registry": None if values is None else values.values,
            "looked_for": None
            if how.lists_all or why_open is not None
            else [own.name for own in how.asked.files.values()],
            "looked_up": [rf"{own.path}\{own.name}" for own in how.asked.registry]
            if is_whole["registry"]
            else None,
            "complete": [scope for scope, is_complete in is_whole.items() if is_complete] or None,
            "failures": failures or None,
        }
        text = json_text({key: own for key, own in rest.items() if own is not None})
        out.write(f"]{', ' if text != '{}' else ''}{text[1:]}\n")
        notes = [*failures, *self._notes, *self._registry.notes, *_on_limit(count, size)]
        if why_open is not None:
            notes.append(f"the list of files is not called complete: {why_open}")
        products = None if programs is None else len(programs.products)
        own = tuple(dict.fromkeys(notes))
        return Collected(self.server, count, products, why_open is None, own, len(failures))

    def _wanted(self) -> Wanted:
        asked = self._how.asked
        names = None if self._how.lists_all else frozenset((*asked.files, _WITNESS))
        return Wanted(names, asked.folders)

    def _listed(self, tree: Tree) -> Iterator[FoundFile]:
        """The files that are asked for, else one that shows that there are files."""
        witness, is_empty, asked = None, True, self._how.asked.files
        for found in tree:
            own = asked.get(found.name.casefold())
            if own is not None and own.key_file_of and not keeps_old_files(found.path):
                self._shown.add(own.key_file_of)
            if own is not None or self._how.lists_all:
                is_empty = False
                yield found
            else:
                witness = witness or found
        if is_empty and witness is not None:
            yield witness

    def _why_open(self, faults: Faults, count: int) -> str | None:
        """Why the server may have files that were not looked at; None where it cannot."""
        if not faults.spare_completeness:
            return "not everything could be looked at"
        if not count:
            return f"there is no file that rules ask for, and no {_WITNESS}"
        if self._registry.is_damaged:
            return "the registry is damaged, and so may be what shows the files"
        return None if self._how.is_whole else self._why_not_all()

    def _why_not_all(self) -> str | None:
        """Why the server may have other drives; None where it has none."""
        known = self._registry.drives()
        own = {root.drive for root in self._roots}
        if not known:
            return "nothing shows that these folders are all of the server; if they are, state --whole"
        others = ", ".join(sorted(known - own))
        if others and None in own:
            return f"the server has {others}; state with --drive which drive each PATH is"
        all_drives = "name the folders of all drives, each with its --drive, or state --whole"
        return f"the server also has {others}; {all_drives}" if others else None


def _check_drives(roots: Sequence[Root]) -> None:
    """Raise UsageError where two folders are one drive, or paths in one cannot be stated."""
    known: dict[str, str] = {}
    for root in roots:
        if root.drive is None and not is_of_record(root.path):
            what = f"no record can have paths in {root.path}"
            raise UsageError(f"{what}\n    hint: state its drive with --drive")
        other = known.setdefault(root.drive, root.path) if root.drive is not None else root.path
        if other != root.path:
            what = f"{other} and {root.path} are both {root.drive}"
            raise UsageError(f"{what}\n    hint: write --drive once for each PATH, in the order of the PATHs")


def _is_name(text: str) -> bool:
    """Whether a text is the name of a server."""
    return bool(text) and not says_nothing(text) and printable(text) == text


def _on_limit(count: int, size: int) -> Iterator[str]:
    """That so many files, or so many bytes of them, are more than needfix reads."""
    if count > ENTRIES:
        yield f"needfix reads {ENTRIES:,} files of a server, and it has {count:,}; leave out --all"
    elif size > RECORD_BYTES:
        most = f"{RECORD_BYTES >> 20} MiB"
        yield f"needfix reads {most} of a server, and its files take {size / (1 << 20):,.1f}; leave out --all"


def _cut(path: str) -> str:
    """A path as a note repeats it: where it is longer than one of Windows may be, its beginning."""
    return path if len(path) <= _PATH_CHARACTERS else f"{path[: _PATH_CHARACTERS - 1]}…"


def _stated(faults: Faults) -> Iterator[str]:
    """Each kind of fault with its number and the first places."""
    for kind, (noun, what) in _FAULTS.items():
        count = faults.counts.get(kind)
        if count:
            examples = faults.examples[kind]
            places = ", ".join(f'"{printable(_cut(path))}"' for path in examples)
            more = ", …" if count > len(examples) else ""
            yield f"{count:,} {noun}{'' if count == 1 else 's'} {what}: {places}{more}"
