"""What a server's files say about a rule, and whether an older module still runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from needfix.cases.plain.branches import branches
from needfix.cases.plain.names import platform
from needfix.cases.plain.places import Place
from needfix.cases.plain.reading import moment, trimmed, version
from needfix.model.evidence import Files, Running
from needfix.model.rule import Fix, Minimum, Rule
from needfix.model.server import FileCopy, Server

State = Literal["below", "unknown", "missing", "reached"]

_WORST_FIRST: tuple[Files, ...] = ("partial", "outdated", "unknown", "no-branch", "present", "absent")


def files(rule: Rule, concerned: Iterable[Place], server: Server) -> Files:
    """The worst that holds for one of the products concerned."""
    answers = {_of_place(rule, place, server) for place in concerned}
    return next((answer for answer in _WORST_FIRST if answer in answers), "unknown")


def running(rule: Rule, concerned: Iterable[Place], server: Server) -> Running:
    """Old where a restart is pending, or a loaded module is below what its file on disk reaches."""
    fixes = [fix for place in concerned for branch in branches(rule, place) for fix in branch]
    loaded = [one for fix in fixes for minimum in fix.files for one in _loaded(fix, minimum, server)]
    if server.restart_pending or False in loaded:
        return "old"
    is_all_known = bool(loaded) and None not in loaded
    return "current" if is_all_known or server.restart_pending is False else "unknown"


def state(fix: Fix, minimum: Minimum, server: Server) -> State:
    """What the copies of one file say: the lowest counts, then one that is not known."""
    copies = _counted(fix, minimum, server)
    if not copies:
        return "missing" if "files" in server.complete else "unknown"
    states = {_state_of(copy, minimum) for copy in copies}
    if "below" in states:
        return "below"
    return "unknown" if "unknown" in states else "reached"


def is_in_folder(path: str, folders: str) -> bool:
    """Whether a path contains these folders in a row, or matches a pattern with * or ?."""
    here, there = _plain_path(path), _plain_path(folders)
    if "*" in folders or "?" in folders:
        shape = re.escape(there.strip("/")).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(f"{shape}(/.*)?", here.strip("/"), re.DOTALL) is not None
    return there in here


def _plain_path(path: str) -> str:
    parts = [part for part in re.split(r"[\\/]", path.casefold()) if part]
    return f"/{'/'.join(parts)}/"


def _of_place(rule: Rule, place: Place, server: Server) -> Files:
    """What all branches that the place can be of agree on."""
    answers = {_of_branch(rule, fixes, server) for fixes in branches(rule, place)}
    if not answers:
        return "no-branch"
    if answers == {"partial", "outdated"}:
        return "partial"
    return answers.pop() if len(answers) == 1 else "unknown"


def _of_branch(rule: Rule, fixes: list[Fix], server: Server) -> Files:
    """Components that are not there at all are passed over, unless what is missing needs the fix."""
    components = [[state(fix, m, server) for m in fix.files if m.is_compared] for fix in fixes]
    if rule.if_missing == "not-affected" and len(components) > 1:
        components = [states for states in components if set(states) - {"missing"}] or components
    return _together({one for states in components for one in states})


def _together(states: set[State]) -> Files:
    if "below" in states:
        return "partial" if "reached" in states else "outdated"
    if not states or "unknown" in states:
        return "unknown"
    if "missing" in states:
        return "partial" if "reached" in states else "absent"
    return "present"


def _counted(fix: Fix, minimum: Minimum, server: Server) -> list[FileCopy]:
    own = [copy for copy in server.files if copy.name.casefold() == minimum.name.casefold()]
    return [copy for copy in own if _is_platform(fix, copy) and _may_lie(copy, minimum)]


def _is_platform(fix: Fix, copy: FileCopy) -> bool:
    return not fix.platform or not copy.platform or platform(fix.platform) == platform(copy.platform)


def _may_lie(copy: FileCopy, minimum: Minimum) -> bool:
    return minimum.path is None or copy.path is None or is_in_folder(copy.path, minimum.path)


def _state_of(copy: FileCopy, minimum: Minimum) -> State:
    if minimum.path is not None and copy.path is None:
        return "unknown"  # it may lie elsewhere
    reached = _reaches(copy, minimum)
    if reached is None:
        return "unknown"
    return "reached" if reached else "below"


def _reaches(copy: FileCopy, minimum: Minimum) -> bool | None:
    if minimum.version is not None:
        return _is_at_least(copy.version, minimum)
    found = moment(copy.modified)
    if found is None or minimum.modified is None:
        return None
    first, last = found
    if first >= minimum.modified.first:
        return True
    return False if last < minimum.modified.first else None


def _is_at_least(text: str | None, minimum: Minimum) -> bool | None:
    """Whether a version reaches the minimum; None where it cannot be read."""
    found = version(text)
    if found is None or minimum.version is None:
        return None
    return trimmed(found) >= trimmed(minimum.version.release)


def _loaded(fix: Fix, minimum: Minimum, server: Server) -> list[bool | None]:
    """For each module that runs of a file that is new enough on disk: whether it is, too."""
    if minimum.version is None or state(fix, minimum, server) != "reached":
        return []
    return [_is_at_least(copy.loaded, minimum) for copy in _counted(fix, minimum, server) if copy.loaded]
