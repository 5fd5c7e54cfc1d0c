"""What entries of `affects` ask for beside a branch: whether one server can meet what two of them ask for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from packaging.version import Version

from needfix.intake.vocabularies import edition, folded_language, folded_platform
from needfix.model.minimum import BuildRange
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects
from needfix.versions import Level, behind

_End = tuple[Version, bool]
"""Where a range begins, or ends before: at a version, or just behind it."""

_Range = tuple[_End | None, _End | None]


class Conditions(NamedTuple):
    """The builds of a branch, with the levels that they may belong to, and the products beside it."""

    builds: BuildRange | None = None
    levels: frozenset[Level] | None = None
    beside: tuple[Affects, ...] = ()

    @classmethod
    def of(cls, entry: Affects, product: ProductDefinition) -> Conditions:
        """The conditions of an entry."""
        return cls(entry.builds, _levels(entry.builds, product), entry.beside)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self.builds is None and not self.beside

    def meets(self, other: Conditions) -> bool:
        """Whether a server can be of both: its build in both ranges, the products beside it."""
        return _overlap(self.builds, other.builds) and all(
            _agree(one, there)
            for one in self.beside
            for there in other.beside
            if one.product == there.product
        )


def _agree(one: Affects, other: Affects) -> bool:
    """Whether one installation can be what two entries for its product ask for."""
    texts = (
        (one.edition, other.edition, edition),
        (one.platform, other.platform, folded_platform),
        (one.language, other.language, folded_language),
    )
    are_levels_shared = one.levels is None or other.levels is None or bool(one.levels & other.levels)
    return (
        are_levels_shared
        and _overlap(one.builds, other.builds)
        and all(not own or not its or normal(own) == normal(its) for own, its, normal in texts)
    )


def _levels(builds: BuildRange | None, product: ProductDefinition) -> frozenset[Level] | None:
    """The levels with builds in a range, and those without a build of their own; None for any."""
    if builds is None:
        return None
    found = {level for level, own in _ranges(product) if _meet(_ends(builds), own)}
    return frozenset(found | {one.level for one in product.levels if one.build is None}) if found else None


def _ranges(product: ProductDefinition) -> Iterator[tuple[Level, _Range]]:
    """The levels with a build of their own, each with its builds."""
    built = [(entry, entry.build) for entry in product.levels if entry.build is not None]
    laters = (later for _, later in built[1:])
    for (entry, begin), later in zip_longest(built, laters):
        version = Version(".".join(map(str, begin.release[:_NUMBERS_OF_VERSION])))
        ends = (entry.until, later, None if product.free_builds else behind(version))
        end = min((one for one in ends if one is not None and one > begin), default=None)
        yield entry.level, ((begin, False), None if end is None else (end, False))


_NUMBERS_OF_VERSION = 2


def _overlap(one: BuildRange | None, other: BuildRange | None) -> bool:
    return one is None or other is None or _meet(_ends(one), _ends(other))


def _ends(builds: BuildRange | None) -> _Range:
    if builds is None:
        return None, None
    least, beyond = (
        None if one is None else (one.versions[0], one.above is not None)
        for one in (builds.least, builds.beyond)
    )
    return least, beyond


def _meet(one: _Range, other: _Range) -> bool:
    begins = [begin for begin, _ in (one, other) if begin is not None]
    ends = [end for _, end in (one, other) if end is not None]
    return not begins or not ends or max(begins) < min(ends)
