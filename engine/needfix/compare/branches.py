"""Which of a rule's fixes are for a server: its branch by level, edition, platform and language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product as every_pair
from typing import NamedTuple

from needfix.compare.installed import Installation
from needfix.intake.vocabularies import edition, folded_language, folded_platform
from needfix.model.decision import Reason
from needfix.model.rule import Fix, Rule, by_branch
from needfix.versions import Level


class Branch(NamedTuple):
    """Fixes for the same branch; what they install belongs together."""

    fixes: tuple[Fix, ...]
    name: str


class BranchChoice(NamedTuple):
    """The branches that an installation can be of: none, one, or several where facts are missing.

    `is_for_later_level`: the fixes are for a later level, which has to be there first.
    """

    branches: tuple[Branch, ...]
    reasons: tuple[Reason, ...] = ()
    is_for_later_level: bool = False


class Place(NamedTuple):
    """An installation at one level and for one platform that it can be; None: one that no fix names."""

    product: str
    level: Level | None
    edition: str | None
    platform: str | None
    language: str | None


_Key = Callable[[Fix, Place], bool | None]
"""Whether a fix is for a place by one key; None where one of them does not state it."""

_KEYS: dict[str, _Key] = {
    "product": lambda fix, here: None if fix.product is None else fix.product == here.product,
    "level": lambda fix, here: None if fix.levels is None else here.level in fix.levels,
    "edition": lambda fix, here: _same(edition, fix.edition, here.edition),
    "platform": lambda fix, here: _same(folded_platform, fix.platform, here.platform),
}
_WITHOUT_LEVEL = tuple(key for key in _KEYS if key != "level")

_CAN_BE_OPEN = {"edition": edition, "platform": folded_platform, "language": folded_language}
"""The keys that an inventory may leave open, each with the function that normalises its names."""


def choose(rule: Rule, here: Installation, levels: Sequence[Level | None] = ()) -> BranchChoice:
    """The branches for an installation: all that its unstated keys could choose if they were stated.

    `levels` are those possible levels that are affected. Where the level alone rules out every fix, the
    fixes for the next later level of the same version count.
    """
    if always := choose_any(rule):
        return always
    places = _places(rule, here, levels or here.possible or (None,))
    found = {at: _chosen(rule.fixes, at) for at in places}
    raised = {at: level for at in places if not found[at] and (level := _next_level(rule, at)) is not None}
    for at, level in raised.items():
        found[at] = _chosen(rule.fixes, at._replace(level=level))
    chosen = {id(fix) for fixes in found.values() for fix in fixes}
    if not chosen:
        return BranchChoice((), (_no_branch(rule, here, _closing_keys(rule, places)),))
    choice = _by_language(rule, [fix for fix in rule.fixes if id(fix) in chosen], here)
    own = [at for at in places if found[at] and at.level not in here.raised]
    older = tuple(_no_fix_for_level(rule, here, at, level) for at, level in raised.items())
    is_older = bool(raised) and all(at in raised for at in own)
    reasons = tuple(dict.fromkeys((*choice.reasons, *older)))
    return choice._replace(reasons=reasons, is_for_later_level=is_older and not here.product.cumulative)


def _places(rule: Rule, here: Installation, levels: Iterable[Level | None]) -> list[Place]:
    # Where a definition lists no editions, a word that no fix has may be any edition.
    is_known = here.product.editions or any(_same(edition, fix.edition, here.edition) for fix in rule.fixes)
    stated = here.edition if is_known else None
    product = here.product.product
    return [
        Place(product, level, stated, platform, here.language)
        for level in levels
        for platform in here.platforms or (None,)
    ]


def _next_level(rule: Rule, at: Place) -> Level | None:
    """The next level of the same version with a fix, where the level alone rules out every fix."""
    fitting = [fix for fix in rule.fixes if _fits(fix, at, _WITHOUT_LEVEL)]
    if at.level is None:
        return None
    later = (level for fix in fitting for level in fix.levels or () if _is_later(level, at.level))
    return min(later, default=None)


def _is_later(one: Level, other: Level) -> bool:
    return one.numbers == other.numbers and one > other


def _no_fix_for_level(rule: Rule, here: Installation, at: Place, level: Level) -> Reason:
    sentence = f"{rule.id} has no fix for {here.product.name} {at.level}; the next one is for {level}" + (
        ", which the fix brings along" if here.product.cumulative else ", which is needed first"
    )
    return Reason("no-fix-for-level", sentence, observed=str(at.level), expected=str(level))


def choose_any(rule: Rule) -> BranchChoice | None:
    """The choice that is the same for all installations; None where they differ."""
    if len(rule.fixes) == 1 and rule.fixes[0].is_for_all:
        return BranchChoice(_grouped(rule.fixes))
    return None


def _chosen(fixes: Iterable[Fix], here: Place) -> list[Fix]:
    """The fixes for an installation at one level and for one platform.

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


def _fits(fix: Fix, here: Place, keys: Iterable[str]) -> bool:
    return all(_KEYS[key](fix, here) is not False for key in keys)


def _rank(fix: Fix, here: Place) -> tuple[bool, ...]:
    """Other languages come last; then the fix that names a key before one that does not, key by key."""
    named = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
    return (not _is_foreign(fix, here), *(key is not None for key in named))


def _conditions(fix: Fix, here: Place) -> frozenset[tuple[str, str]]:
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


def _is_foreign(fix: Fix, here: Installation | Place) -> bool:
    return _same(folded_language, fix.language, here.language) is False


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


def _closing_keys(rule: Rule, places: Iterable[Place]) -> list[str]:
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
    level = " or ".join(map(str, here.possible)) if here.is_known else "a level that is not known"
    platforms = " or ".join(here.platforms) or "None"
    named = {"product": here.product.product, "level": level, "platform": platforms}
    observed = [named.get(key, str(getattr(here, key, None))) for key in keys]
    stated = " and ".join(f"the {key} {value}" for key, value in zip(keys, observed, strict=True))
    listed = "; ".join(dict.fromkeys(_name(fix) for fix in rule.fixes))
    sentence = f"{rule.id} has no fix for {stated}; its fixes are for: {listed}"
    return Reason("no-branch", sentence, observed=observed[-1], expected=listed)
