"""Which of a rule's fixes are for a server: its branch by level, edition, platform and language."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product as every_pair
from typing import NamedTuple

from needfix.compare.branch_reasons import language_not_listed, no_branch, no_fix_for_levels
from needfix.compare.installation import Installation
from needfix.compare.instances import Instance
from needfix.intake.vocabularies import edition, folded_language, folded_platform
from needfix.model.decision import Reason
from needfix.model.rule import Fix, Rule, by_branch
from needfix.versions import Level, VersionName


class Branch(NamedTuple):
    """Fixes for the same branch; what they install belongs together.

    Without fixes: levels that are possible and that no fix is for.
    """

    fixes: tuple[Fix, ...]
    name: str


class Origin(NamedTuple):
    """The fixes that count at a level: those for it, or for a later one of the same version."""

    level: Level | None
    fixes: tuple[Fix, ...]
    later: Level | None = None


class BuildOwner(NamedTuple):
    """The product whose builds are compared, and the number of the installation among those of it."""

    product: str
    installation: int


class BranchChoice(NamedTuple):
    """The branches that an installation can be of: none, one, or several where facts are missing.

    `origins` are the fixes at each level that is possible, where they differ by it. `build_owner` is
    stated where the rule compares builds, `instance` where files are divided among several entries of the
    product.
    """

    branches: tuple[Branch, ...]
    reasons: tuple[Reason, ...] = ()
    origins: tuple[Origin, ...] = ()
    build_owner: BuildOwner | None = None
    instance: Instance | None = None

    def of_instance(self, instance: Instance | None) -> BranchChoice:
        """The choice for one of several entries of a product."""
        if instance is None:
            return self
        return self._replace(reasons=tuple(map(instance.named, self.reasons)), instance=instance)


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
_OF_LEVEL = ("product", "level")
_WITHOUT_LEVEL = tuple(key for key in _KEYS if key != "level")

_CAN_BE_OPEN = {"edition": edition, "platform": folded_platform, "language": folded_language}
"""The keys that an inventory may leave open, each with the function that normalises its names."""


def choose(rule: Rule, here: Installation, levels: Sequence[Level | None] = ()) -> BranchChoice:
    """The branches for an installation: all that its unstated keys could choose if they were stated.

    `levels` are those possible levels that are affected. Where the level alone rules out every fix, the
    fixes for the next later level of the same version count; a level that no fix is for is a branch of its
    own beside the others.
    """
    if always := choose_any(rule):
        return always
    if _is_one_branch_by_language(rule):
        return _by_language(rule, rule.fixes, here)
    possible = tuple(levels) or here.possible or (None,)
    places = _places(here, possible)
    chosen: dict[int, Fix] = {}
    origins: dict[tuple[object, ...], Origin] = {}
    for at, alike in _distinct(rule, places):
        for stated in _completed(rule, at):
            found, level = _chosen_or_next(rule, stated)
            chosen.update((id(fix), fix) for fix in found)
            for one in alike if found else ():
                key = one, tuple(map(id, found)), level
                origins.setdefault(key, Origin(one, tuple(found), level))
    if not chosen:
        return BranchChoice((), (no_branch(rule, here, here.possible, _closing_keys(rule, places)),))
    choice = _by_language(rule, [fix for fix in rule.fixes if id(fix) in chosen], here)
    if not choice.branches:
        return choice
    counted = tuple(_of_compared(choice, origins.values()))
    reasons = no_fix_for_levels(rule, here, ((one.level, one.later) for one in counted))
    covered = {one.level for one in counted}
    without = [level for level in possible if level is not None and level not in covered]
    return BranchChoice(
        branches=(*choice.branches, *_without_fixes(here, without)),
        reasons=tuple(dict.fromkeys((*choice.reasons, *reasons, *_closed(rule, here, places, without)))),
        origins=counted,
    )


def _without_fixes(here: Installation, levels: Sequence[Level]) -> Iterator[Branch]:
    """The possible levels that no fix is for, as one branch."""
    if levels:
        yield Branch((), f"{here.product.name} {' or '.join(map(str, levels))}")


def _closed(
    rule: Rule, here: Installation, places: Sequence[Place], levels: Sequence[Level]
) -> Iterator[Reason]:
    """Why no fix is for levels at which one would be if edition, platform and language were not stated."""
    own = [
        at
        for at in places
        if at.level in levels
        and _chosen_or_next(rule, at._replace(edition=None, platform=None, language=None))[0]
    ]
    if own:
        is_by_language = any(_fits(fix, at, _KEYS) for fix in rule.fixes for at in own)
        keys = ["language"] if is_by_language else _closing_keys(rule, own)
        closed = tuple(dict.fromkeys(at.level for at in own if at.level is not None))
        yield no_branch(rule, here, closed, keys)


def _of_compared(choice: BranchChoice, origins: Iterable[Origin]) -> Iterator[Origin]:
    """The origins with those of their fixes that are compared."""
    compared = {id(fix) for branch in choice.branches for fix in branch.fixes}
    for origin in origins:
        kept = tuple(fix for fix in origin.fixes if id(fix) in compared)
        if kept:
            yield origin._replace(fixes=kept)


def _distinct(rule: Rule, places: Iterable[Place]) -> Iterator[tuple[Place, list[Level | None]]]:
    """The places without those at levels that are the same to every fix, which come with the first."""
    found: dict[object, tuple[Place, list[Level | None]]] = {}
    if all(fix.levels is None for fix in rule.fixes):
        for at in places:
            found.setdefault(at.platform, (at, []))[1].append(at.level)
        yield from found.values()
        return
    named_by: dict[str, _Named] = {}
    for at in places:
        named = tuple(fix.levels is None or at.level in fix.levels for fix in rule.fixes)
        ordered = named_by.get(at.product)
        if ordered is None:
            ordered = named_by[at.product] = _named_levels(rule, rule.fixes, at.product)
        later = () if at.level is None else tuple(_later(ordered, at.level))
        found.setdefault((at.platform, named, later), (at, []))[1].append(at.level)
    yield from found.values()


def _completed(rule: Rule, at: Place) -> Iterator[Place]:
    """A place with every value that its open keys can have: those that fixes name, and another one."""
    open_keys = [key for key in _CAN_BE_OPEN if getattr(at, key) is None]
    values = [[*_named_values(rule, key), _ANOTHER] for key in open_keys]
    for completed in every_pair(*values):
        stated = dict(zip(open_keys, completed, strict=True))
        yield at._replace(
            edition=stated.get("edition", at.edition),
            platform=stated.get("platform", at.platform),
            language=stated.get("language", at.language),
        )


_ANOTHER = "?"
"""A value that no fix names."""


def _named_values(rule: Rule, key: str) -> list[str]:
    named = (getattr(fix, key) for fix in rule.fixes)
    return list(dict.fromkeys(_CAN_BE_OPEN[key](value) for value in named if value is not None))


def _chosen_or_next(rule: Rule, at: Place) -> tuple[list[Fix], Level | None]:
    """The fixes for a place, and the later level that they are for, where its own rules out every fix."""
    found = _chosen(rule.fixes, at)
    if found or at.level is None or any(_fits(fix, at, _OF_LEVEL) for fix in rule.fixes):
        return found, None
    fitting = [fix for fix in rule.fixes if _fits(fix, at, _WITHOUT_LEVEL)]
    level = next(iter(_later_levels(rule, fitting, at)), None)
    return ([], None) if level is None else (_chosen(fitting, at._replace(level=level)), level)


def _later_levels(rule: Rule, fixes: Iterable[Fix], at: Place) -> list[Level]:
    """The later levels of the same version that fixes name."""
    return [] if at.level is None else _later(_named_levels(rule, fixes, at.product), at.level)


_Named = dict[VersionName, list[Level]]


def _later(named: _Named, level: Level) -> list[Level]:
    """Those of the named levels that come after one in its version."""
    own = named.get(level.version_name, [])
    return own[bisect_right(own, level) :]


def _named_levels(rule: Rule, fixes: Iterable[Fix], product: str) -> _Named:
    """The levels of a product that fixes name, by version and in order.

    A fix that names a level and no product belongs to the products whose entries list that level.
    """
    entries = [entry.levels for entry in rule.affects if entry.product == product]
    found: dict[VersionName, set[Level]] = {}
    for fix in fixes:
        for one in fix.levels or ():
            if fix.product is not None or any(levels is None or one in levels for levels in entries):
                found.setdefault(one.version_name, set()).add(one)
    return {version: sorted(levels) for version, levels in found.items()}


def _places(here: Installation, levels: Iterable[Level | None]) -> list[Place]:
    product = here.product.product
    return [
        Place(product, level, here.edition, platform, here.language)
        for level in levels
        for platform in here.platforms or (None,)
    ]


def choose_any(rule: Rule) -> BranchChoice | None:
    """The choice that is the same for all installations; None where they differ."""
    if len(rule.fixes) == 1 and rule.fixes[0].is_for_all:
        return BranchChoice(_grouped(rule.fixes))
    return None


def _is_one_branch_by_language(rule: Rule) -> bool:
    """Whether all fixes are for one language, and name nothing else: all of them count at every place."""
    named = {(fix.product, fix.levels, fix.edition, fix.platform) for fix in rule.fixes}
    return named == {(None, None, None, None)} and len({fix.language for fix in rule.fixes}) == 1


def _chosen(fixes: Iterable[Fix], here: Place) -> list[Fix]:
    """The fixes for a place of which everything is stated: of those that fit, the ones that rank highest."""
    fitting = [(fix, _rank(fix, here)) for fix in fixes if _fits(fix, here, _KEYS)]
    best = max((rank for _, rank in fitting), default=None)
    return [fix for fix, rank in fitting if rank == best]


def _fits(fix: Fix, here: Place, keys: Iterable[str]) -> bool:
    return all(_KEYS[key](fix, here) is not False for key in keys)


def _rank(fix: Fix, here: Place) -> tuple[bool, ...]:
    """Other languages come last; then the fix that names a key before one that does not, key by key."""
    named = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
    return (not _is_foreign(fix, here), *(key is not None for key in named))


def _same(normal: Callable[[str], str], named: str | None, stated: str | None) -> bool | None:
    if named is None or stated is None:
        return None
    return normal(named) == normal(stated)


def _is_foreign(fix: Fix, here: Installation | Place) -> bool:
    return _same(folded_language, fix.language, here.language) is False


def _by_language(rule: Rule, fixes: Sequence[Fix], here: Installation) -> BranchChoice:
    """Versions are the same in every language; modified times are not.

    What a branch installs belongs together, so that one time in it leaves nothing to compare.
    """
    groups = by_branch(fixes)
    timed = [one for one in groups if _is_foreign(one[0], here) and any(map(_has_times, one))]
    compared = [fix for one in groups if one not in timed for fix in one]
    if not compared:
        why = no_branch(rule, here, here.possible, ["language"])
        return BranchChoice((), (why, language_not_listed("The fix", fixes, here)))
    foreign = [fix for fix in compared if _is_foreign(fix, here)]
    about = "The fix" if foreign == compared else "A fix that this server may need"
    return BranchChoice(_grouped(compared), (language_not_listed(about, foreign, here),) if foreign else ())


def _has_times(fix: Fix) -> bool:
    return any(minimum.modified for minimum in fix.files)


def _grouped(fixes: Sequence[Fix]) -> tuple[Branch, ...]:
    return tuple(Branch(group, group[0].branch_name) for group in by_branch(fixes))


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
