"""Names of files in reasons: with the folder and with the branch where several could be meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from needfix.compare.tracked import FileCheck
from needfix.decide.checklist import RuleChecklist
from needfix.decide.evaluation import Evaluation
from needfix.model.decision import Reason
from needfix.model.minimum import Minimum
from needfix.model.server import FileCopy


class FileNames(NamedTuple):
    """The names of what is compared on a server.

    `twice` are the names, casefolded, of files that are compared in several folders. `branches` are those
    that a check belongs to, where other branches are possible too.
    """

    here: Evaluation
    twice: frozenset[str]
    branches: Mapping[FileCheck, tuple[str, ...]]

    @classmethod
    def of(cls, here: Evaluation, checklist: RuleChecklist) -> FileNames:
        """The names for the checks of one rule."""
        if checklist.simple is not None and len(checklist.all_checks) == 1:
            return cls(here, frozenset(), {})
        minima = {(check.minimum.name.casefold(), check.minimum.path) for check in checklist.all_checks}
        counted = Counter(name for name, _ in minima)
        twice = frozenset(name for name, number in counted.items() if number > 1)
        return cls(here, twice, _branches(checklist))

    def of_minimum(self, minimum: Minimum) -> str:
        """The name of what has a minimum, with its folder where several files have the name."""
        if minimum.registry is not None:
            return minimum.value_place[1]
        is_twice = minimum.path and minimum.name.casefold() in self.twice
        return f"{minimum.name} in {minimum.path}" if is_twice else minimum.label

    def placed(self, check: FileCheck, copy: FileCopy | None) -> str:
        """The name of a file, with the path of the copy where several could be meant."""
        if copy is None or not copy.path:
            return self.of_minimum(check.minimum)
        several = check.minimum.name.casefold() in self.twice or len(self.here.files.copies(check)) > 1
        return f"{check.minimum.name} in {copy.path}" if several else check.minimum.name

    def with_branch(self, check: FileCheck) -> Callable[[Reason], Reason]:
        """Completes a reason by the branches that the check belongs to, where there are others."""
        named = self.branches.get(check, ())
        if not named:
            return lambda reason: reason
        return lambda reason: replace(reason, text=f"{reason.text} (the fix for {' or '.join(named)})")


def _branches(checklist: RuleChecklist) -> dict[FileCheck, tuple[str, ...]]:
    found: dict[FileCheck, dict[str, None]] = {}
    for choice, branches in zip(checklist.choices, checklist.checks, strict=True):
        for branch, checks in zip(choice.branches, branches, strict=True) if len(branches) > 1 else ():
            for check in (check for fix in checks for check in fix):
                found.setdefault(check, {})[branch.name] = None
    every = {name for names in found.values() for name in names}
    return {check: tuple(names) for check, names in found.items() if len(names) < len(every)}
