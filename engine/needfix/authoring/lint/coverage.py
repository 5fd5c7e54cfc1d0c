"""Which rules' fixes contain which others', derived over a whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from needfix.authoring.lint.branches import Branch, FileKey, branches_of
from needfix.authoring.lint.contains import SharedFile, gap_between, shared_files
from needfix.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Covered:
    """A rule whose fix another one contains, and the files that show it."""

    rule: str
    files: tuple[SharedFile, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of it, by rule id in the catalogue's order.

    `covers` has every rule whose fix a rule's own contains and exceeds, `directly` those of them
    that none of the others contains, and `same` groups the rules whose fixes contain each other.
    """

    covers: Mapping[str, frozenset[str]]
    directly: Mapping[str, tuple[Covered, ...]]
    same: tuple[tuple[str, ...], ...]


def covered(catalogue: Catalogue) -> Coverage:
    """What the fixes of a catalogue cover, derived once for each catalogue."""
    known = _KNOWN.get(catalogue)
    if known is None:
        known = _KNOWN[catalogue] = _coverage({rule.id: branches_of(rule) for rule in catalogue})
    return known


_KNOWN: WeakKeyDictionary[Catalogue, Coverage] = WeakKeyDictionary()

_Branches = Mapping[str, tuple[Branch, ...]]
_Sets = Mapping[str, AbstractSet[str]]


def _coverage(branches: _Branches) -> Coverage:
    contained = _contained(branches)
    covers = {
        newer: frozenset(older for older in ids if newer not in contained.get(older, ()))
        for newer, ids in contained.items()
    }
    directly = {
        newer: tuple(
            Covered(older, shared_files(branches[newer], branches[older]))
            for older in _reduced(newer, covers, branches)
        )
        for newer in branches
        if covers.get(newer)
    }
    return Coverage(
        {newer: ids for newer, ids in covers.items() if ids}, directly, _same(contained, branches)
    )


def _contained(branches: _Branches) -> dict[str, set[str]]:
    """For each rule the others whose fixes its own contains."""
    with_file = _rules_with_file(branches)
    contained: dict[str, set[str]] = {}
    for older, own in branches.items():
        for newer in _candidates(own, with_file):
            if newer != older and gap_between(branches[newer], own) is None:
                contained.setdefault(newer, set()).add(older)
    return contained


def _rules_with_file(branches: _Branches) -> dict[tuple[str, FileKey], set[str]]:
    found: dict[tuple[str, FileKey], set[str]] = {}
    for rule_id, own in branches.items():
        for place in _files(own):
            found.setdefault(place, set()).add(rule_id)
    return found


def _candidates(own: Iterable[Branch], with_file: Mapping[tuple[str, FileKey], set[str]]) -> AbstractSet[str]:
    """The rules that have every file, which spares comparing each with all others."""
    sets = [with_file[place] for place in _files(own)]
    return set.intersection(*sets) if sets else set()


def _files(own: Iterable[Branch]) -> Iterator[tuple[str, FileKey]]:
    return ((branch.key.product, name) for branch in own for name in branch.minima)


def _reduced(newer: str, covers: _Sets, order: Iterable[str]) -> list[str]:
    """The rules that are not covered through another one, in the catalogue's order."""
    direct: set[str] = set()
    through: set[str] = set()
    for older in sorted(covers[newer], key=lambda one: (-len(covers.get(one, ())), one)):
        if older not in through:
            direct.add(older)
            through |= covers.get(older, frozenset())
    return [rule_id for rule_id in order if rule_id in direct]


def _same(contained: _Sets, order: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    told: set[str] = set()
    groups = []
    for first in order:
        if first in told:
            continue
        mutual = {one for one in contained.get(first, ()) if first in contained.get(one, ())}
        if mutual:
            others = [one for one in order if one in mutual]
            groups.append((first, *others))
            told.update(others)
    return tuple(groups)
