"""What a table means for rules: branches, affected levels, what an update supersedes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from packaging.version import Version

from needfix.importing.builds.row import BuildRow, rows_by_update
from needfix.intake.vocabularies import normal_id
from needfix.model.product import ProductDefinition
from needfix.versions import Level

_COUNTED = re.compile(r"\s(?:CU|RU|U|Update)\s?[0-9]+[a-z]?$", re.IGNORECASE)
_ORIGINAL = re.compile(r"\s(?:RTM|GA|Gold)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Levels in a row; `is_open` where it begins with the first one of the version."""

    first: Level
    last: Level
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class BranchDraft:
    """A branch of a rule: its levels, the build that it needs, and the row that it comes from."""

    span: Span
    row: BuildRow


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as the table means it. `rows` are those of the update, in the order of levels."""

    id: str
    product: str
    rows: tuple[BuildRow, ...]
    branches: tuple[BranchDraft, ...]
    affects: tuple[Span, ...]
    levels: frozenset[Level]
    requires: tuple[Level, ...] = ()
    supersedes: tuple[str, ...] = ()
    title: str = ""
    severity: str = ""
    released: date | None = None
    advisories: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    references: tuple[str, ...] = field(default=())


def drafts_of(rows: Sequence[BuildRow], products: Mapping[str, ProductDefinition]) -> dict[str, RuleDraft]:
    """The rule of each update, by its id in small letters. Every level of the rows is in the definitions."""
    drafts = {update: _draft(own, products[own[0].product]) for update, own in rows_by_update(rows).items()}
    levels = {name: [one.level for one in product.levels] for name, product in products.items()}
    superseded = _superseded(drafts, levels)
    return {update: replace(draft, supersedes=superseded[update]) for update, draft in drafts.items()}


def _draft(rows: Sequence[BuildRow], product: ProductDefinition) -> RuleDraft:
    places = {one.level: place for place, one in enumerate(product.levels)}
    own = sorted(rows, key=lambda row: places[row.level])
    ordered = [one.level for one in product.levels]
    is_security = any(row.kind == "security" for row in own)
    if product.cumulative:
        branches = _line_branches(own, ordered)
        older, requires = _older_packs(own, ordered) if is_security else ([], [])
        covered = {level for one in branches for level in _levels_in(one.span, ordered)} | set(older)
    else:
        branches = [BranchDraft(Span(row.level, row.level), row) for row in own]
        covered, requires = _up_to_the_last(own, ordered), []
    return RuleDraft(
        id=own[0].update,
        product=product.product,
        rows=tuple(own),
        branches=tuple(branches),
        affects=tuple(_spans(covered, ordered)),
        levels=frozenset(covered),
        requires=tuple(requires),
        title=next((row.title for row in own if row.title), "") or _title(own, product),
        severity=next((row.severity for row in own if row.severity), ""),
        released=min((row.released for row in own if row.released), default=None),
        advisories=_each(advisory for row in own for advisory in row.advisories),
        updates=_each(kb for row in own for kb in row.kb if normal_id(kb) != normal_id(own[0].update)),
        references=_references(own),
    )


def _title(rows: Sequence[BuildRow], product: ProductDefinition) -> str:
    kinds = {"security": "security update", "hotfix": "hotfix"}
    kind = next((kinds[row.kind] for row in rows if row.kind), "update")
    versions = list(dict.fromkeys(row.level.version for row in rows))
    listed = " and ".join(filter(None, (", ".join(versions[:-1]), versions[-1])))
    name = product.name if product.name.endswith(f" {listed}") else f"{product.name} {listed}"
    return f"{name}: {kind} {rows[0].update}"


def _references(rows: Sequence[BuildRow]) -> tuple[str, ...]:
    stated = _each(row.reference for row in rows if row.reference)
    return stated or _each(
        f"https://support.microsoft.com/help/{kb[2:]}" for row in rows for kb in row.kb if kb.startswith("KB")
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _up_to_the_last(rows: Sequence[BuildRow], ordered: Sequence[Level]) -> set[Level]:
    """Every level of a version up to the last one that has a row: older ones lack the fix as well."""
    last = {row.level.version_name: ordered.index(row.level) for row in rows}
    return {
        level
        for place, level in enumerate(ordered)
        if level.version_name in last and place <= last[level.version_name]
    }


def pack_of(level: Level) -> str:
    """A level without its update: `2016 SP2` of `2016 SP2 CU3`, `2022` of `2022 RTM`."""
    return _ORIGINAL.sub("", _COUNTED.sub("", level.text))


def line_of(level: Level) -> tuple[str, bool]:
    """The line of updates that a level belongs to: those without an update, or the updates of one pack."""
    return pack_of(level), _COUNTED.search(level.text) is not None


def _line_branches(rows: Sequence[BuildRow], ordered: Sequence[Level]) -> list[BranchDraft]:
    """A branch for each row: its level, and those before it in its line for which no other row is."""
    found: list[BranchDraft] = []
    for row in rows:
        line = [level for level in ordered if line_of(level) == line_of(row.level)]
        taken = [one.row.level for one in found if line_of(one.row.level) == line_of(row.level)]
        start = line.index(taken[-1]) + 1 if taken else 0
        found.append(BranchDraft(Span(line[start], row.level), row))
    return found


def _older_packs(rows: Sequence[BuildRow], ordered: Sequence[Level]) -> tuple[list[Level], list[Level]]:
    """The levels of packs older than all that have a row, and the pack that they need first."""
    older: list[Level] = []
    needed: list[Level] = []
    for version in dict.fromkeys(row.level.version_name for row in rows):
        packs = {pack_of(row.level) for row in rows if row.level.version_name == version}
        own = [level for level in ordered if level.version_name == version]
        first = next(place for place, level in enumerate(own) if pack_of(level) in packs)
        older += own[:first]
        needed += own[first : first + 1] if first else []
    return older, needed


def _levels_in(span: Span, ordered: Sequence[Level]) -> Sequence[Level]:
    return ordered[ordered.index(span.first) : ordered.index(span.last) + 1]


def _spans(levels: set[Level], ordered: Sequence[Level]) -> Iterable[Span]:
    """The runs of levels, version by version."""
    run: list[Level] = []
    before: Level | None = None
    is_open = False
    for level in ordered:
        is_first = before is None or before.version_name != level.version_name
        before = level
        if run and (is_first or level not in levels):
            yield Span(run[0], run[-1], is_open)
            run = []
        if level in levels:
            is_open = is_open if run else is_first
            run.append(level)
    if run:
        yield Span(run[0], run[-1], is_open)


def _superseded(
    drafts: Mapping[str, RuleDraft], levels: Mapping[str, Sequence[Level]]
) -> dict[str, tuple[str, ...]]:
    """What each rule supersedes: the rules whose fixes it contains, without those that these supersede."""
    reached = {one: list(_reached(draft, levels[draft.product])) for one, draft in drafts.items()}
    contained = {
        newer: {
            older
            for older in drafts
            if older != newer
            and drafts[older].product == drafts[newer].product
            and _contains(reached[newer], reached[older])
            and not _contains(reached[older], reached[newer])
        }
        for newer in drafts
    }
    return {
        newer: tuple(
            drafts[older].id
            for older in drafts
            if older in own and not any(older in contained[other] for other in own)
        )
        for newer, own in contained.items()
    }


_Reached = tuple[frozenset[Level], Version]
"""The levels at which a branch counts, and its build."""


def _reached(draft: RuleDraft, ordered: Sequence[Level]) -> Iterator[_Reached]:
    """The branches with all levels at which they count: also older ones that no branch is for."""
    own = [(set(_levels_in(one.span, ordered)), one) for one in draft.branches]
    named = {level for levels, _ in own for level in levels}
    for levels, branch in own:
        earlier = {level for level in draft.levels - named if _next(level, named) in levels}
        if branch.row.build is not None:
            yield from ((frozenset(one), branch.row.build) for one in (levels, earlier) if one)


def _next(level: Level, named: Iterable[Level]) -> Level | None:
    later = [one for one in named if one.version_name == level.version_name and one > level]
    return min(later, default=None)


def _contains(newer: Sequence[_Reached], older: Sequence[_Reached]) -> bool:
    """Whether every branch of the newer rule that shares a level with one of the older reaches its build."""
    for levels, build in older:
        facing = [its for own, its in newer if not own.isdisjoint(levels)]
        if not facing or min(facing) < build:
            return False
    return bool(older)
