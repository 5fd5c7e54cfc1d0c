"""Which rules' fixes contain which others', derived over a whole catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from needfix.catalogue import Catalogue
from needfix.containment.branches import Branch, branches_of
from needfix.containment.containing import containing, members, transposed
from needfix.containment.contains import SharedFile, shared_files


@dataclass(frozen=True, slots=True)
class ContainedFix:
    """A rule whose fix another one contains, and the files that show it."""

    rule: str
    files: tuple[SharedFile, ...]


@dataclass(frozen=True, slots=True)
class Containment:
    """All of it, by rule id in the catalogue's order.

    `contains` has every rule whose fix a rule's own contains and exceeds, `directly` those of them
    that none of the others contains, and `same` groups the rules whose fixes contain each other.
    """

    contains: Mapping[str, frozenset[str]]
    directly: Mapping[str, tuple[ContainedFix, ...]]
    same: tuple[tuple[str, ...], ...]


def containment_of(catalogue: Catalogue) -> Containment:
    """Which fixes of a catalogue contain which, derived once for each catalogue."""
    known = catalogue.kept.get(Containment)
    if not isinstance(known, Containment):
        known = _derived({rule.id: branches_of(rule, catalogue.products) for rule in catalogue})
        catalogue.kept[Containment] = known
    return known


def _derived(branches: Mapping[str, tuple[Branch, ...]]) -> Containment:
    ids = list(branches)
    newer = containing(list(branches.values()))
    older = transposed(newer)
    contains = [contained & ~having for contained, having in zip(older, newer, strict=True)]
    same = [contained & having for contained, having in zip(older, newer, strict=True)]
    return Containment(
        {ids[one]: frozenset(_named(mask, ids)) for one, mask in enumerate(contains) if mask},
        {
            ids[one]: tuple(
                ContainedFix(rule_id, shared_files(branches[ids[one]], branches[rule_id]))
                for rule_id in _named(_reduced(mask, contains), ids)
            )
            for one, mask in enumerate(contains)
            if mask
        },
        tuple(_named(group, ids) for group in _groups(same)),
    )


def _named(numbers: int, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(ids[number] for number in members(numbers))


def _reduced(containment_of: int, contains: Sequence[int]) -> int:
    """Those of the contained rules that none of the others contains."""
    through = 0
    for number in members(containment_of):
        through |= contains[number]
    return containment_of & ~through


def _groups(same: Sequence[int]) -> Iterator[int]:
    """Rules with the same fix, every pair listed once.

    A rule for any language is the same as one for English and as one for German, which are not
    the same as each other; so being listed in one group does not end a rule's part in others.
    """
    listed = [0] * len(same)
    for first, others in enumerate(same):
        if unlisted := others & ~listed[first]:
            group = unlisted | 1 << first
            yield group
            for number in members(group):
                listed[number] |= group
