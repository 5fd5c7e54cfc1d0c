"""Whether the installed files are also the ones that run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from needfix.compare.tracked import FileCheck, ServerFiles
from needfix.model import evidence
from needfix.model.decision import Reason
from needfix.model.server import FileCopy, Server


class Checked(Protocol):
    """A rule with the minima that its files must reach."""

    @property
    def all_checks(self) -> tuple[FileCheck, ...]:
        """All minima, each once."""


class Running:
    """What a server reports about loaded modules and a pending restart."""

    def __init__(self, server: Server, files: ServerFiles) -> None:
        self._files = files
        self._pending = server.restart_pending
        self._has_loaded = any(copy.loaded for copy in server.files)
        self.says_nothing = self._pending is None and not self._has_loaded

    def of(self, rule: Checked) -> evidence.Running:
        """The evidence for a rule."""
        if self._pending:
            return "pending"
        if not self._has_loaded:
            return "unknown" if self._pending is None else "current"
        places = list(self._loaded_ranks(rule))
        if any(0 <= rank < check.needed for check, _, rank in places):
            return "old"
        known = places and all(rank >= 0 for _, _, rank in places)
        return "current" if known or self._pending is False else "unknown"

    def reasons(self, rule: Checked) -> Iterator[Reason]:
        """Why the fix is not running yet."""
        if self._pending:
            yield Reason("restart-pending", "The server reports that a restart is pending")
        for check, copy, rank in self._loaded_ranks(rule) if self._has_loaded else ():
            if 0 <= rank < check.needed:
                sentence = (
                    f"{copy.name} {copy.loaded} is still loaded; {check.minimum.text} or later is needed"
                )
                yield Reason(
                    "loaded-below-minimum", sentence, copy.name, copy.path, copy.loaded, check.minimum.text
                )

    def _loaded_ranks(self, rule: Checked) -> Iterator[tuple[FileCheck, FileCopy, int]]:
        """The loaded modules of the files that reach their minimum on disk."""
        for check in rule.all_checks:
            if check.minimum.version is None or self._files.state(check) != "reached":
                continue
            for copy in self._files.copies(check):
                if copy.loaded:
                    yield check, copy, self._files.rank(check, copy.loaded)
