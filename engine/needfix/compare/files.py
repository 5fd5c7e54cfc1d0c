"""The evidence of a fix's files, combined."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from needfix.compare.tracked import FileCheck, FileState
from needfix.model.evidence import Files

FixChecks = tuple[FileCheck, ...]
BranchChecks = tuple[FixChecks, ...]
"""The fixes of one branch; more than one where a hotfix has several components."""

InstallationChecks = tuple[BranchChecks, ...]
"""The branches that an installation can be of."""

State = Callable[[FileCheck], FileState]

_WORST_FIRST: tuple[Files, ...] = ("partial", "outdated", "unknown", "no-branch", "present", "absent")


_OF_ONE: dict[FileState, Files] = {"below": "outdated", "reached": "present", "missing": "absent"}


def of_states(states: Sequence[FileState]) -> Files:
    """The evidence of files that belong together.

    A file below its minimum decides, whatever the rest; then one that is not known; then one that is
    missing. One that cannot be read is tried below its minimum and reaching it: it counts for neither,
    but beside a file that is below or missing the fix is there in part or not at all, whichever holds.
    """
    if len(states) == 1:
        return _OF_ONE.get(states[0], "unknown")
    seen = set(states)
    is_there = "reached" in seen or "unreadable" in seen
    if "below" in seen:
        return "partial" if is_there else "outdated"
    if not seen or "not-inventoried" in seen:
        return "unknown"
    if "missing" in seen:
        return "partial" if is_there else "absent"
    return "unknown" if "unreadable" in seen else "present"


def of_branch(branch: BranchChecks, state: State) -> Files:
    """The evidence of one branch."""
    return of_states([state(check) for fix in installed_fixes(branch, state) for check in fix])


def installed_fixes(branch: BranchChecks, state: State) -> Sequence[FixChecks]:
    """The fixes of a branch, without components whose files are all missing."""
    if len(branch) == 1:
        return branch
    there = [fix for fix in branch if any(state(check) != "missing" for check in fix)]
    return there or branch


def of_installation(branches: InstallationChecks, state: State) -> Files:
    """The evidence where an installation can be of several branches: the value on which they agree."""
    if not branches:
        return "no-branch"
    answers = {of_branch(branch, state) for branch in branches}
    if len(answers) == 1:
        return answers.pop()
    return "partial" if answers == {"partial", "outdated"} else "unknown"


def of_installations(installations: Sequence[InstallationChecks], state: State) -> Files:
    """The evidence of a server that has the product more than once: the worst of them."""
    answers = {of_installation(branches, state) for branches in installations}
    return next((answer for answer in _WORST_FIRST if answer in answers), "unknown")
