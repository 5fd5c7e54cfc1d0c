"""The levels that the facts about an installed product leave possible, and where these facts disagree."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from needfix.compare.level_facts import (
    LevelFact,
    Levels,
    every_level,
    in_order,
    shown_facts,
    stated_facts,
)
from needfix.compare.level_reasons import (
    contradiction,
    level_derived,
    level_unknown,
    newer_files,
    not_defined,
    several_levels,
)
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct
from needfix.versions import Level


class LevelFinding(NamedTuple):
    """The levels that an installed product can be of.

    `is_known` is False where no fact shows a level: then every level of the definition is possible, and
    others too. `doubt` is why there is not exactly one. `raised` levels are possible only because a key
    file is newer than another fact. Where facts exclude each other, `contradictions` says which, and
    `claims` has what each of them, and each newer key file, leaves by itself, None for any level.
    `unproven` key files are in no level's range, and so prove no minimum. `stated` are the facts of the
    entry.
    """

    possible: tuple[Level, ...]
    is_known: bool
    doubt: Reason | None = None
    remarks: tuple[Reason, ...] = ()
    raised: Levels = frozenset()
    contradictions: tuple[Reason, ...] = ()
    claims: tuple[tuple[Level, ...] | None, ...] = ()
    unproven: frozenset[str] = frozenset()
    stated: tuple[LevelFact, ...] = ()


class KeyFiles(NamedTuple):
    """The copies of a product's key files, and what they show of its level, for all of its entries."""

    copies: tuple[FileCopy, ...]
    facts: tuple[LevelFact, ...]

    @classmethod
    def of(cls, product: ProductDefinition, copies: Iterable[FileCopy]) -> KeyFiles:
        """What copies show; equal levels are one object, which compares fast."""
        own = tuple(copies)
        same: dict[Levels | None, Levels | None] = {}
        facts = (
            fact._replace(levels=same.setdefault(fact.levels, fact.levels))
            for fact in shown_facts(product, own)
        )
        return cls(own, tuple(facts))


def find_level(
    product: ProductDefinition,
    entry: InstalledProduct | None,
    in_name: str | None,
    key_files: KeyFiles,
) -> LevelFinding:
    """The levels of an installed product; `in_name` is the part of its name that states a level."""
    stated, unreadable = stated_facts(product, entry, in_name)
    shown = key_files.facts
    contradicting = _contradicting(product, [*stated, *shown])
    if contradicting:
        found = _contradicted(product, contradicting, [*stated, *shown], unreadable)
        return found._replace(stated=tuple(stated))
    found = _agreed(product, stated, shown, unreadable, key_files.copies)
    return found._replace(stated=tuple(stated))


def _alone(product: ProductDefinition, facts: Iterable[LevelFact]) -> tuple[tuple[Level, ...] | None, ...]:
    """What each fact leaves by itself, None for any level."""
    every = dict.fromkeys(fact.by_itself for fact in facts)
    return tuple(None if levels is None else in_order(product, levels) for levels in every)


def _agreed(
    product: ProductDefinition,
    stated: Sequence[LevelFact],
    shown: Sequence[LevelFact],
    unreadable: Sequence[Reason],
    copies: Sequence[FileCopy],
) -> LevelFinding:
    every = every_level(product)
    known = [fact for fact in (*stated, *shown) if fact.levels]
    is_known = any(fact.shows for fact in known)
    possible, raised = _possible(every, [f for f in stated if f.levels], [f for f in shown if f.levels])
    remarks = [*unreadable, *(not_defined(product, fact) for fact in stated if fact.levels is None)]
    if raised:
        remarks += newer_files(product, shown, possible - raised)
    if not is_known:
        doubt = level_unknown(product, stated, shown, unreadable, copies)
        unproven = frozenset(
            fact.copy.name.casefold() for fact in shown if fact.copy is not None and fact.is_outside
        )
        return LevelFinding(
            in_order(product, every), is_known=False, doubt=doubt, remarks=tuple(remarks), unproven=unproven
        )
    if not any(fact.kind == "level" for fact in stated):
        remarks = [*level_derived(stated, shown, possible), *remarks]
    return LevelFinding(
        in_order(product, possible),
        is_known=True,
        doubt=None if len(possible) == 1 else several_levels(product, stated, shown, possible, raised),
        remarks=tuple(remarks),
        raised=raised,
    )


def _possible(
    every: Levels, stated: Sequence[LevelFact], shown: Sequence[LevelFact]
) -> tuple[Levels, Levels]:
    """What stated facts and key files leave, and what of it is possible only by a newer key file."""
    own = _common(every, stated)
    common = _common(own, shown)
    if common:
        return common, frozenset()
    files = list(dict.fromkeys(fact.levels or frozenset() for fact in shown))
    shown_by_any = frozenset[Level]().union(*files)
    kept = _kept(own & shown_by_any, files) or _kept(own, files)
    later = frozenset(
        level for levels in files for level in levels if any(_is_later(level, one) for one in kept)
    )
    return kept | later, later - kept


def _common(levels: Levels, facts: Iterable[LevelFact]) -> Levels:
    return levels.intersection(*dict.fromkeys(fact.levels or frozenset() for fact in facts))


def _kept(levels: Levels, files: Sequence[Levels]) -> Levels:
    """The levels that no key file contradicts: each shows the level, or a later one of its version."""
    return frozenset(
        level
        for level in levels
        if all(level in own or any(_is_later(o, level) for o in own) for own in files)
    )


def _is_later(one: Level, other: Level) -> bool:
    return one.version_name == other.version_name and one > other


def _contradicting(product: ProductDefinition, facts: Sequence[LevelFact]) -> list[LevelFact]:
    """The facts that exclude each other, if any do."""
    pairs = _excluding(product, facts)
    if pairs:
        found = {_group(fact) for pair in pairs for fact in pair}
        showing = {fact.levels for fact in facts if fact.levels and fact.shows}
        found |= {_group(fact) for fact in _one_of_each(facts) if _is_newer_file(fact, showing)}
        return [fact for fact in facts if _group(fact) in found]
    if not any(fact.shows for fact in facts):
        return []
    stated = [fact for fact in facts if fact.kind != "file" and fact.levels]
    shown = [fact for fact in facts if fact.kind == "file" and fact.levels]
    every = frozenset[Level]().union(*(fact.levels or frozenset() for fact in facts))
    return [] if _possible(every, stated, shown)[0] or not (stated or shown) else [*stated, *shown]


def _group(fact: LevelFact) -> Hashable:
    """What facts have in common that exclude, and agree with, the same facts: none excludes another."""
    return fact.kind, fact.levels, fact.is_open, fact.alike


def _one_of_each(facts: Iterable[LevelFact]) -> list[LevelFact]:
    """The first fact of each group, in order: as many as levels allow, not as there are copies."""
    found: dict[Hashable, LevelFact] = {}
    for fact in facts:
        found.setdefault(_group(fact), fact)
    return list(found.values())


def _is_newer_file(fact: LevelFact, shown: Iterable[Levels]) -> bool:
    """Whether a key file shows other levels than another fact, which it does not exclude."""
    own = fact.levels or frozenset()
    return fact.kind == "file" and fact.shows and any(own.isdisjoint(other) for other in shown)


def _excluding(product: ProductDefinition, facts: Sequence[LevelFact]) -> list[tuple[LevelFact, LevelFact]]:
    """The pairs of facts that exclude each other, the first of each group; an open build shows none."""
    every = every_level(product)
    shows = [
        fact
        for fact in _one_of_each(facts)
        if fact.levels is None or fact.kind == "name" or fact.shows or fact.levels != every
    ]
    return [pair for pair in combinations(shows, 2) if not _are_compatible(*pair)]


def _are_compatible(one: LevelFact, other: LevelFact) -> bool:
    """Whether two facts can hold at the same time. `one` comes first; key files come last."""
    if one.levels is None or other.levels is None:
        return _is_compatible_with_undefined(one, other)
    if not (one.shows or other.shows):
        return True
    if one.levels & other.levels:
        return True
    if other.kind != "file":
        return False
    pairs = [(early, late) for early in one.levels for late in other.levels]
    if one.kind == "file":
        return any(early.version_name == late.version_name for early, late in pairs)
    return any(_is_later(late, early) for early, late in pairs)


def _is_compatible_with_undefined(one: LevelFact, other: LevelFact) -> bool:
    """A level that is not defined contradicts builds, key files and levels, but no version that it has."""
    if one.levels is None and other.levels is None:
        return True
    undefined, defined = (one, other) if one.levels is None else (other, one)
    return defined.kind == "name" and not undefined.alike.isdisjoint(defined.levels or ())


def _contradicted(
    product: ProductDefinition,
    excluding: Sequence[LevelFact],
    facts: Sequence[LevelFact],
    unreadable: Sequence[Reason],
) -> LevelFinding:
    union = frozenset[Level]().union(*(fact.levels or frozenset() for fact in facts))
    pairs = _excluding(product, excluding)
    reason = contradiction(product, *(pairs[0] if pairs else (excluding[0], excluding[-1])))
    return LevelFinding(
        in_order(product, union or every_level(product)),
        is_known=True,
        doubt=reason,
        remarks=tuple(unreadable),
        contradictions=(reason,),
        claims=_alone(product, excluding),
    )
