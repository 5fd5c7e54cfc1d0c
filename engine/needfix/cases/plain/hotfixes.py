"""Hotfixes by name: which rules a name means, which rules contain others, and what a hotfix list says."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from needfix.cases.plain.symptoms import listed
from needfix.cases.plain.words import says_nothing
from needfix.catalogue import Catalogue
from needfix.model.evidence import Claimed, Requires
from needfix.model.rule import Rule
from needfix.model.server import Server


def named_rules(catalogue: Catalogue, name: str) -> list[Rule]:
    """The rule of an id; where no rule has it, those that have it as an update."""
    ids = _ids(catalogue)
    return [rule for rule in catalogue if _means(name, rule, ids)]


def newer_rules(catalogue: Catalogue, rule: Rule) -> list[Rule]:
    """The rules whose fix contains that of this one, directly or through others."""
    ids = _ids(catalogue)
    found: list[Rule] = []
    waiting = [rule]
    while waiting:
        older = waiting.pop()
        direct = [one for one in catalogue if any(_means(name, older, ids) for name in one.supersedes)]
        added = [one for one in direct if all(one is not known for known in found)]
        found += added
        waiting += added
    return found


def claimed(rule: Rule, server: Server) -> Claimed:
    """Whether a hotfix list names a rule by its id or by one of its updates."""
    if server.hotfixes is None:
        return "no-list"
    names = (rule.id, *rule.updates)
    return "installed" if any(_is_listed(name, server) for name in names) else "unclaimed"


def by_list(hotfix: str, server: Server) -> Requires:
    """Whether something is there that no rule is about: as the hotfix list says."""
    if _is_listed(hotfix, server):
        return "met"
    is_whole = "hotfixes" in listed(server) and not any(map(says_nothing, server.hotfixes or ()))
    return "unmet" if is_whole else "unknown"


def _ids(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(rule.id.casefold() for rule in catalogue)


def _means(name: str, rule: Rule, ids: AbstractSet[str]) -> bool:
    if name.casefold() in ids:
        return name.casefold() == rule.id.casefold()
    return bool(rule.updates) and _article(name) in map(_article, rule.updates)


def _is_listed(name: str, server: Server) -> bool:
    return _article(name) in map(_article, server.hotfixes or ())


def _article(name: str) -> str:
    """The number of an article that a hotfix is called by, else its name: KB279798 is Q279798."""
    plain = name.strip().casefold()
    numbers = list(re.finditer("[0-9]+", plain, re.ASCII))
    for number in numbers:
        before = plain[: number.start()]
        is_named = before == "" or re.search(r"\b(q|kb) ?$", before, re.ASCII) is not None
        if is_named and 5 <= len(number[0]) <= 8:  # noqa: PLR2004 - digits of an article's number
            return number[0]
    return plain
