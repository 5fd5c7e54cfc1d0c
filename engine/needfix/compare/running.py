"""Whether the installed files are also the ones that run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from needfix.catalogue.minimum_sides import needed_by
from needfix.compare.files import BranchChecks, InstallationChecks
from needfix.compare.server_files import ServerFiles
from needfix.compare.tracked import FileCheck, Interval, stated
from needfix.model import evidence
from needfix.model.decision import Reason
from needfix.model.server import FileCopy, Server
from needfix.versions import parse_file_version


class Checked(Protocol):
    """A rule with the minima that its files must reach."""

    @property
    def affected(self) -> evidence.Affected:
        """Whether the server has an affected level."""

    @property
    def checks(self) -> Sequence[InstallationChecks]:
        """The minima of the fixes that count: of each installation the branches that it can be of."""

    @property
    def all_checks(self) -> tuple[FileCheck, ...]:
        """All minima, each once."""


class _Module(NamedTuple):
    """A loaded module of a file that reaches a minimum on disk, and what its own version shows."""

    check: FileCheck
    copy: FileCopy
    shown: Interval

    @property
    def is_old(self) -> bool:
        """Whether the module is below the minimum."""
        return self.shown.high < self.check.needed

    @property
    def is_current(self) -> bool:
        """Whether the module reaches the minimum as well."""
        return self.check.needed <= self.shown.low


class Running:
    """What a server reports about loaded modules and a pending restart."""

    def __init__(self, server: Server, files: ServerFiles) -> None:
        self._files = files
        self._pending = server.restart_pending
        self._has_loaded = any(stated(copy.loaded) for copy in server.files if copy.loaded)
        self.says_nothing = self._pending is None and not self._has_loaded

    def of(self, rule: Checked) -> evidence.Running:
        """The evidence for a rule: of several fixes that count all have to say so.

        Of several installations one is enough, unless they may not be affected.
        """
        if self._pending:
            return "pending"
        unless_loaded: evidence.Running = "unknown" if self._pending is None else "current"
        if not self._has_loaded:
            return unless_loaded
        installations = [[self._of_fix(branch) for branch in branches] for branches in rule.checks]
        is_old = [_are_old(fixes) for fixes in installations]
        if any(is_old) if rule.affected == "yes" else is_old and all(is_old):
            return "old"
        every = [module for fixes in installations for modules in fixes for module in modules]
        return "current" if every and all(module.is_current for module in every) else unless_loaded

    def reasons(self, rule: Checked) -> Iterator[Reason]:
        """Why the fix is not running yet."""
        if self.of(rule) not in ("old", "pending"):
            return
        if self._pending:
            yield Reason("restart-pending", "The server reports that a restart is pending")
        for module in self._modules(rule.all_checks) if self._has_loaded else ():
            if module.is_old:
                copy, minimum = module.copy, module.check.minimum
                needed = needed_by(minimum, parse_file_version(copy.loaded or ""))
                sentence = f"{copy.name} {copy.loaded} is still loaded; {needed} is needed"
                yield Reason(
                    "loaded-below-minimum", sentence, copy.name, copy.path, copy.loaded, minimum.text
                )

    def _of_fix(self, branch: BranchChecks) -> list[_Module]:
        return list(self._modules(check for checks in branch for check in checks))

    def _modules(self, checks: Iterable[FileCheck]) -> Iterator[_Module]:
        for check in checks:
            minimum = check.minimum
            if not minimum.by_version or minimum.is_build or self._files.state(check) != "reached":
                continue
            for copy in self._files.copies(check):
                shown = self._files.interval(check, copy.loaded) if copy.loaded else None
                if shown is not None:
                    yield _Module(check, copy, shown)


def _are_old(fixes: Sequence[Sequence[_Module]]) -> bool:
    """Whether each of the fixes that count has an older module."""
    return bool(fixes) and all(any(module.is_old for module in modules) for modules in fixes)
