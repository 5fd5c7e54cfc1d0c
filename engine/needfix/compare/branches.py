"""Which of a rule's fixes are for a server: its branch by level, edition, platform and language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product as every_pair
from typing import NamedTuple

from needfix.compare.installed import Installation
from needfix.intake.vocabularies import edition, folded_platform, language, platform
from needfix.model.decision import Reason
from needfix.model.rule import Fix, Rule, by_branch


class Branch(NamedTuple):
    """Fixes for the same branch; what they install belongs together."""

    fixes: tuple[Fix, ...]
    name: str


class BranchChoice(NamedTuple):
    """The branches that an installation can be of: none, one, or several where facts are missing."""

    branches: tuple[Branch, ...]
    reasons: tuple[Reason, ...] = ()


_Key = Callable[[Fix, Installation], bool | None]
"""Whether a fix is for an installation by one key; None where one of them does not state it."""

_KEYS: dict[str, _Key] = {
    "product": lambda fix, here: None if fix.product is None else fix.product == here.product.product,
    "level": lambda fix, here: None if fix.levels is None else here.level in fix.levels,
    "edition": lambda fix, here: _same(edition, fix.edition, here.edition),
    "platform": lambda fix, here: _same(
        folded_platform, fix.platform, here.platform and platform(here.platform)
    ),
}

_CAN_BE_OPEN = {"edition": edition, "platform": folded_platform, "language": language}
"""The keys that an inventory may leave open, each with the function that normalises its names."""


def choose(rule: Rule, here: Installation) -> BranchChoice:
    """The branches for an installation: all that its unstated keys could choose if they were stated."""
    if always := choose_any(rule):
        return always
    places = _at_each_level(rule, here)
    chosen = {id(fix) for at in places for fix in _chosen(rule.fixes, at)}
    if not chosen:
        return BranchChoice((), (_no_branch(rule, here, _closing_keys(rule, places)),))
    return _by_language(rule, [fix for fix in rule.fixes if id(fix) in chosen], here)


def choose_any(rule: Rule) -> BranchChoice | None:
    """The choice that is the same for all installations; None where they differ."""
    if len(rule.fixes) == 1 and rule.fixes[0].is_for_all:
        return BranchChoice(_grouped(rule.fixes))
    return None


def _at_each_level(rule: Rule, here: Installation) -> Sequence[Installation]:
    """An installation at each level that it can be; None is one that no fix names."""
    if here.level is not None:
        return (here,)
    named = (level for fix in rule.fixes for level in fix.levels or ())
    levels = here.possible or dict.fromkeys((*named, None))
    return [replace(here, level=level) for level in levels]


def _chosen(fixes: Iterable[Fix], here: Installation) -> list[Fix]:
    """The fixes for an installation at one level.

    A fix gives way to one that ranks higher, but only if that one is for the installation whenever the
    first is: a fix that may be for another platform displaces no other.
    """
    fitting = [(fix, _rank(fix, here), _conditions(fix, here)) for fix in fixes if _fits(fix, here, _KEYS)]
    standings = {(rank, conditions) for _, rank, conditions in fitting}
    return [
        fix
        for fix, rank, conditions in fitting
        if not any(higher > rank and needed <= conditions for higher, needed in standings)
    ]


def _fits(fix: Fix, here: Installation, keys: Iterable[str]) -> bool:
    return all(_KEYS[key](fix, here) is not False for key in keys)


def _rank(fix: Fix, here: Installation) -> tuple[bool, ...]:
    """Other languages come last; then the fix that names a key before one that does not, key by key."""
    named = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
    return (not _is_foreign(fix, here), *(key is not None for key in named))


def _conditions(fix: Fix, here: Installation) -> frozenset[tuple[str, str]]:
    """The values that the fix names for keys that the installation does not state."""
    return frozenset(
        (key, normal(named))
        for key, normal in _CAN_BE_OPEN.items()
        if (named := getattr(fix, key)) is not None and getattr(here, key) is None
    )


def _same(normal: Callable[[str], str], named: str | None, stated: str | None) -> bool | None:
    if named is None or stated is None:
        return None
    return normal(named) == normal(stated)


def _is_foreign(fix: Fix, here: Installation) -> bool:
    return _same(language, fix.language, here.language) is False


def _by_language(rule: Rule, fixes: Sequence[Fix], here: Installation) -> BranchChoice:
    """Versions are the same in every language; modified times are not."""
    compared = [fix for fix in fixes if not (_is_foreign(fix, here) and _has_times(fix))]
    if not compared:
        return BranchChoice((), (_no_branch(rule, here, ["language"]), _not_listed("The fix", fixes, here)))
    foreign = [fix for fix in compared if _is_foreign(fix, here)]
    about = "The fix" if foreign == compared else "A fix that this server may need"
    return BranchChoice(_grouped(compared), (_not_listed(about, foreign, here),) if foreign else ())


def _has_times(fix: Fix) -> bool:
    return any(minimum.modified for minimum in fix.files)


def _not_listed(about: str, foreign: Iterable[Fix], here: Installation) -> Reason:
    listed = ", ".join(sorted({fix.language for fix in foreign if fix.language}))
    sentence = f"{about} is listed for {listed}; this server's language is {here.language}"
    return Reason("language-not-listed", sentence, observed=here.language, expected=listed)


def _grouped(fixes: Sequence[Fix]) -> tuple[Branch, ...]:
    return tuple(Branch(group, _name(group[0])) for group in by_branch(fixes))


def _name(fix: Fix) -> str:
    return " ".join(fix.branch_words) or "any other server"


def _closing_keys(rule: Rule, places: Iterable[Installation]) -> list[str]:
    """The first key at which no fix is left; before it those that rule out fixes which that key does not."""
    every = list(every_pair(rule.fixes, places))
    left, closing = every, []
    for key in _KEYS:
        kept = [(fix, at) for fix, at in left if _fits(fix, at, (key,))]
        if len(kept) < len(left):
            closing.append(key)
        if not kept:
            break
        left = kept
    closes_alone = not any(_fits(fix, at, closing[-1:]) for fix, at in every)
    return closing[-1:] if closes_alone else closing


def _no_branch(rule: Rule, here: Installation, keys: Sequence[str]) -> Reason:
    level = str(here.level) if here.level else " or ".join(map(str, here.possible))
    named = {"product": here.product.product, "level": level}
    observed = [named.get(key, str(getattr(here, key, None))) for key in keys]
    stated = " and ".join(f"the {key} {value}" for key, value in zip(keys, observed, strict=True))
    listed = "; ".join(dict.fromkeys(_name(fix) for fix in rule.fixes))
    sentence = f"{rule.id} has no fix for {stated}; its fixes are for: {listed}"
    return Reason("no-branch", sentence, observed=observed[-1], expected=listed)
