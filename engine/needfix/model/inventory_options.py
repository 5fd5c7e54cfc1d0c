"""How inventories are understood where they do not say it themselves: what the user states about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple

from needfix.model.answer_sheet import AnswerSheet
from needfix.model.server import Scope

_WILDCARD = re.compile(r"[*?\[]")
ADDRESS = r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"
"""A name of a server that is its address, which has no domain."""


class Naming(NamedTuple):
    """The servers of files that do not name theirs.

    `server` is the one of all such files; where it is `from_path`, it is the first folder of the file's path
    below one of `roots`, which are the folders and patterns that the inventories were named by, else the
    file's name without its ending. Names are `short` without a domain.
    """

    server: str | None = None
    from_path: bool = False
    roots: tuple[str, ...] = ()
    short: bool = False

    def of(self, name: str) -> str:
        """A name as it counts: where it is short, `mail01` for `mail01.corp.example` and `CORP/mail01`."""
        if not self.short or re.fullmatch(ADDRESS, name):
            return name
        return re.split(r"[\\/]", name)[-1].partition(".")[0] or name

    def of_file(self, file: str) -> str | None:
        """The server of a file that does not name it; None where nothing states it."""
        if self.server is not None:
            return self.server
        if not self.from_path or file.startswith("<"):
            return None
        nearest = self.below_root(file)
        if len(nearest) > 1:
            return nearest[0][: -len(_ARCHIVE)] if nearest[0].lower().endswith(_ARCHIVE) else nearest[0]
        return _stem(PurePath(file).name)

    def below_root(self, file: str) -> tuple[str, ...]:
        """The folders and the name of a file below the nearest folder that was named; none where none was."""
        below = [PurePath(file).relative_to(root).parts for root in self._folders if is_below(file, root)]
        return min(below, key=len, default=())

    def for_file(self, file: str) -> Naming:
        """The same for one file alone, under whatever name it is read."""
        return self._replace(server=self.of_file(file), from_path=False, roots=())

    @property
    def _folders(self) -> list[str]:
        """The roots without their wildcards and what follows these."""
        found = []
        for root in self.roots:
            wild = _WILDCARD.search(root)
            found.append(root if wild is None else str(PurePath(f"{root[: wild.start()]}_").parent))
        return found


def is_below(file: str, folder: str) -> bool:
    """Whether a path is in a folder, by its text."""
    return file != folder and PurePath(file).is_relative_to(folder)


def _stem(name: str) -> str:
    """A file's name without its endings: `MAIL01` for `MAIL01.json.gz`."""
    path = PurePath(name)
    return PurePath(path.stem).stem if path.suffix.lower() in _PACKED else path.stem


_PACKED = (".gz", ".zst", ".zip")
_ARCHIVE = ".zip"


class InventoryOptions(NamedTuple):
    """What is stated of inventories beside their content."""

    naming: Naming = Naming()
    columns: Mapping[str, str] = MappingProxyType({})
    """The columns that names mean by what the user states, by the folded names."""
    answers: AnswerSheet = AnswerSheet()
    oldest: datetime | None = None
    """The time, in UTC, before which facts are too old."""
    encoding: str | None = None
    """The encoding of texts without a byte order mark; None for UTF-8, or UTF-16 where it is that."""
    sheet: str | None = None
    """The sheet of workbooks; None for the first."""
    complete: frozenset[Scope] = frozenset()
    """The scopes of which each list that there is is whole."""

    @property
    def states_of_servers(self) -> bool:
        """Whether anything is stated of servers once their records are read."""
        return bool(self.naming.short or self.answers.answers or self.oldest or self.complete)


STATED_BY_FILES = InventoryOptions()
"""Nothing is stated beside what the files say."""
