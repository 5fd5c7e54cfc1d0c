"""Collects one server from its folders, and writes its record as the files are found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from needfix.catalogue import Catalogue
from needfix.collect.offline import OfflineRegistry
from needfix.collect.tree import FaultKind, Faults, FoundFile, Root, Tree, Wanted
from needfix.errors import UsageError
from needfix.intake.limits import ENTRIES, RECORD_BYTES, byte_count
from needfix.intake.vocabularies import keeps_old_files, says_nothing
from needfix.model.asked import Asked
from needfix.printable import json_text, printable

_WITNESS = "ntoskrnl.exe"
"""A file of every server, listed where none is found that rules ask for: a list must not be empty."""

_FAULTS: dict[FaultKind, tuple[str, str]] = {
    "folder-unreadable": ("folder", "could not be read"),
    "file-unreadable": ("file", "could not be read; listed without version"),
    "file-damaged": ("executable", "damaged, or with several versions; listed without version"),
    "file-changed": ("file", "gone while collecting"),
    "link-outside": ("link", "to elsewhere, which is not followed"),
    "link-broken": ("link", "that leads nowhere, or is not supported here"),
    "link-asked": ("link", "to a folder in which rules ask for files, which is not followed"),
    "name-unreadable": ("name", "that Windows cannot have; not listed"),
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
        self._roots = [self._with_drive(root) for root in roots]
        self._shown: set[str] = set()
        self.server = self._name()

    def _with_drive(self, root: Root) -> Root:
        """The folder with the letter that it has where Windows is installed on it."""
        if root.drive is not None or root is not self._registry.root:
            return root
        return root._replace(drive=self._registry.drive())

    def _name(self) -> str:
        folder = os.path.basename(self._roots[0].path.rstrip(os.sep))  # noqa: PTH119 - a text is at hand
        name = self._how.server or self._registry.computer_name() or folder
        if not name or says_nothing(name) or printable(name) != name:
            what = f"nothing shows the name of the server in {self._roots[0].path}"
            raise UsageError(f"{what}\n    hint: state it with --server-name")
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
        failures = [*self._registry.failures, *_stated(tree.faults)]
        why_open = self._why_open(tree.faults, count)
        is_whole = {"files": why_open is None, "registry": values is not None and values.is_complete}
        rest = {
            "products": None if programs is None else programs.products,
            "hotfixes": None if programs is None else programs.hotfixes or None,
            "registry": None if values is None else values.values,
            "looked_for": None
            if how.lists_all or why_open is not None
            else [own.name for own in how.asked.files.values()],
            "complete": [scope for scope, is_complete in is_whole.items() if is_complete] or None,
            "failures": failures or None,
        }
        text = json_text({key: own for key, own in rest.items() if own is not None})
        out.write(f"]{', ' if text != '{}' else ''}{text[1:]}\n")
        notes = [*failures, *self._registry.notes, *_on_limit(count, size)]
        if why_open is not None:
            notes.append(f"the list of files is not called complete: {why_open}")
        products = None if programs is None else len(programs.products)
        return Collected(self.server, count, products, why_open is None, tuple(notes), len(failures))

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
                self._shown.update(own.key_file_of)
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
        if self._how.is_whole:
            return None
        known = self._registry.drives()
        own = {root.drive for root in self._roots}
        if not known:
            return "nothing shows that these folders are all of the server; if they are, state --whole"
        others = ", ".join(sorted(known - own))
        return (
            f"the server also has {others}; name the folders of all drives, or state --whole"
            if others
            else None
        )


def _on_limit(count: int, size: int) -> Iterator[str]:
    """That so many files, or so many bytes of them, are more than needfix reads."""
    if count > ENTRIES:
        yield f"needfix reads {ENTRIES:,} files of a server, and it has {count:,}; leave out --all"
    elif size > RECORD_BYTES:
        most = f"{RECORD_BYTES >> 20} MiB"
        yield f"needfix reads {most} of a server, and its files take {size / (1 << 20):,.1f}; leave out --all"


def _stated(faults: Faults) -> Iterator[str]:
    """Each kind of fault with its number and the first places."""
    for kind, (noun, what) in _FAULTS.items():
        count = faults.counts.get(kind)
        if count:
            examples = faults.examples[kind]
            places = ", ".join(f'"{printable(path)}"' for path in examples)
            more = ", …" if count > len(examples) else ""
            yield f"{count:,} {noun}{'' if count == 1 else 's'} {what}: {places}{more}"
