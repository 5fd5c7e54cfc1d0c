"""What a server's files say about a rule, and whether an older module still runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import product as every_combination
from typing import Literal

from needfix.cases.plain.build_minima import build_state, reaches
from needfix.cases.plain.builds import OTHER, is_in_no_range
from needfix.cases.plain.copies import (
    Copy,
    copies_of,
    is_in_folder,
    is_perhaps_named,
    shows_its_folder,
    was_looked_for,
)
from needfix.cases.plain.places import Place, is_complete
from needfix.cases.plain.reading import is_by_years, version
from needfix.cases.plain.registry import value_state
from needfix.cases.plain.times import clock_time, moment
from needfix.cases.plain.words import platform, says_nothing
from needfix.model.evidence import Files, Running
from needfix.model.minimum import Minimum
from needfix.model.rule import Fix, Rule
from needfix.model.server import Server

State = Literal["below", "not-inventoried", "unreadable", "missing", "reached"]
_WORST_FIRST: tuple[State, ...] = ("below", "not-inventoried", "unreadable", "reached")
_FARTHEST_ZONE = timedelta(hours=14)


Branches = Sequence[Sequence[Fix]]


def files(rule: Rule, branches: Branches, place: Place, server: Server) -> Files:
    """What all branches that the place can be of agree on."""
    answers = {_of_branch(rule, fixes, place, server) for fixes in branches}
    return _agreed(answers) if answers else "no-branch"


def running(branches: Branches, place: Place, server: Server) -> Running:
    """Pending where a restart is due, old where in every branch a loaded module is below what is on disk."""
    if server.restart_pending:
        return "pending"
    loaded = [
        [one for fix in fixes for minimum in fix.files for one in _loaded(fix, minimum, place, server)]
        for fixes in branches
    ]
    if loaded and all(False in branch for branch in loaded):
        return "old"
    every = [one for branch in loaded for one in branch]
    is_all_known = bool(every) and None not in every and False not in every
    return "current" if is_all_known or server.restart_pending is False else "unknown"


def state(fix: Fix, minimum: Minimum, place: Place, server: Server) -> State:
    """What the copies of one file say: one below counts first, then one that is not known."""
    if minimum.is_build:
        return build_state(place.product, place.builds, minimum)
    if minimum.registry is not None:
        return value_state(minimum, server)
    seen = server if place.view is None else place.view
    copies = counted(fix, minimum, seen)
    if not copies:
        own = copies_of(seen, minimum.name)
        is_kept_only = bool(own) and all(copy.is_kept_aside for copy in own)
        is_there = is_kept_only or any(_may_lie(copy, minimum) for copy in own)
        is_there = is_there or is_perhaps_named(seen, minimum.name)
        is_open = not is_believed_complete(place, server) or not was_looked_for(server, minimum.name)
        return "not-inventoried" if is_there or is_open else "missing"
    states = [_state_of(copy, minimum, place) for copy in copies]
    return next(one for one in _WORST_FIRST if one in states)


def counted(fix: Fix, minimum: Minimum, server: Server) -> list[Copy]:
    """The copies of a file that are compared: of the fix's platform, in its folder, not kept aside."""
    here = [copy for copy in copies_of(server, minimum.name) if _may_lie(copy, minimum)]
    return [copy for copy in here if not copy.is_kept_aside and _is_platform(fix, copy)]


def is_believed_complete(place: Place, server: Server) -> bool:
    """Whether a file that the list does not name is missing, for the rules of a product."""
    return is_complete(server) and not place.lacks_key_files


def _of_branch(rule: Rule, fixes: Iterable[Fix], place: Place, server: Server) -> Files:
    """What the files say, where one that cannot be read is tried both ways: below and reaching."""
    components = [[state(fix, m, place, server) for m in fix.minima] for fix in fixes]
    tried = [_both_ways(states) for states in components]
    return _agreed({_of_components(rule, one) for one in every_combination(*tried)})


def _both_ways(states: Sequence[State]) -> list[tuple[State, ...]]:
    values: list[tuple[State, ...]] = [
        ("below", "reached") if one == "unreadable" else (one,) for one in states
    ]
    return list(every_combination(*values))


def _of_components(rule: Rule, components: Sequence[Sequence[State]]) -> Files:
    """Components that are not there at all are passed over, unless what is missing needs the fix."""
    counted = list(components)
    if rule.if_missing == "not-affected" and len(components) > 1:
        counted = [states for states in components if set(states) - {"missing"}] or counted
    states = {one for own in counted for one in own}
    if "below" in states:
        return "partial" if "reached" in states else "outdated"
    if not states or "not-inventoried" in states:
        return "unknown"
    if "missing" in states:
        return "partial" if "reached" in states else "absent"
    return "present"


def _agreed(answers: set[Files]) -> Files:
    if answers == {"partial", "outdated"}:
        return "partial"
    return next(iter(answers)) if len(answers) == 1 else "unknown"


def _is_platform(fix: Fix, copy: Copy) -> bool:
    own, named = platform(copy.platform), platform(fix.platform)
    return own is None or named is None or own == named


def _may_lie(copy: Copy, minimum: Minimum) -> bool:
    if minimum.path is None or copy.path is None:
        return True
    return is_in_folder(copy.path, minimum.path) or not shows_its_folder(copy.path)


def _state_of(copy: Copy, minimum: Minimum, place: Place) -> State:
    if minimum.path is not None and (copy.path is None or not is_in_folder(copy.path, minimum.path)):
        return "not-inventoried"  # it may lie elsewhere
    if says_nothing(copy.version if minimum.by_version else copy.modified):
        return "not-inventoried"
    reached = _reaches_version(copy.version, minimum) if minimum.by_version else _reaches_time(copy, minimum)
    if reached and minimum.by_version and _proves_nothing(copy, place):
        return "unreadable"
    return "unreadable" if reached is None else "reached" if reached else "below"


def _reaches_version(text: str | None, minimum: Minimum) -> bool | None:
    """Whether a version reaches the minimum; None where it does not show on which side it lies."""
    found = version(text)
    if found is None or is_by_years(found) != is_by_years(minimum.versions[0].release):
        return None
    return reaches(found, minimum)


def _reaches_time(copy: Copy, minimum: Minimum) -> bool | None:
    found, needed = clock_time(copy.modified), minimum.modified
    if found is None or needed is None:
        return None
    written = moment(minimum.text)
    margin = timedelta(0)
    if found.has_zone != (written is not None and written.has_zone):
        margin = _FARTHEST_ZONE
    if found.first - margin >= needed.first:
        return True
    return False if found.last + margin < needed.first else None


def _proves_nothing(copy: Copy, place: Place) -> bool:
    """Whether it is a key file in no level's range, of a level that nothing else shows.

    It may still be below any minimum.
    """
    found = version(copy.version)
    is_key = copy.name in [name.casefold() for name in place.product.key_files]
    is_unknown = OTHER in place.levels.possible
    if not (is_key and is_unknown) or found is None:
        return False
    return is_in_no_range(place.product.numbered_as(copy.name), found)


def _loaded(fix: Fix, minimum: Minimum, place: Place, server: Server) -> list[bool | None]:
    """For each module that runs of a file that is new enough on disk: whether it is, too."""
    if minimum.is_build or not minimum.by_version or state(fix, minimum, place, server) != "reached":
        return []
    copies = counted(fix, minimum, server if place.view is None else place.view)
    return [_reaches_version(copy.loaded, minimum) for copy in copies if not says_nothing(copy.loaded)]
