"""Which fixes of a rule apply to which servers, for every kind of server that the rule can distinguish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product as every_combination
from typing import NamedTuple

from needfix.intake.vocabularies import edition, folded_platform, is_separate
from needfix.intake.vocabularies import folded_language as language
from needfix.lint.affected_levels import Concerned
from needfix.model.rule import Fix
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class ServerKind:
    """Everything on which the choice of a fix depends; None for keys that no fix has."""

    product: str
    level: Level | None
    edition: str | None
    platform: str | None
    language: str | None

    def __str__(self) -> str:
        parts = (self.product, self.level and str(self.level), self.edition, self.platform, self.language)
        return " ".join(part for part in parts if part)


class ChosenFixes(NamedTuple):
    """The fixes for a kind of server; if there are none, the key that eliminates the last one."""

    at: ServerKind
    fixes: list[Fix]
    key: str


def choices(here: Concerned, fixes: Sequence[Fix]) -> Iterator[ChosenFixes]:
    """The fixes chosen for every kind of server of an entry.

    Platforms and languages are those that fixes name, and one that none names; a product without
    levels is one kind.
    """
    levels = here.levels or ((None,) if here.entry.levels is None and not here.product.levels else ())
    platforms = _stated((folded_platform(fix.platform) for fix in fixes if fix.platform), fixes)
    if here.entry.platform is not None:
        platforms = [folded_platform(here.entry.platform)]
    for level, of, on in every_combination(levels, _editions(here, fixes), platforms):
        at = ServerKind(here.entry.product, level, of, on, None)
        fitting, key = _fitting(fixes, at)
        languages = _stated((language(fix.language) for fix in fitting if fix.language), fitting)
        if here.entry.language is not None:
            languages = [language(here.entry.language)]
        for spoken in languages:
            yield ChosenFixes(replace(at, language=spoken), _preferred(fitting, spoken), key or "language")


def _editions(here: Concerned, fixes: Sequence[Fix]) -> Sequence[str | None]:
    """The edition of the entry, or those of the product and its fixes if any fix names one."""
    if here.entry.edition:
        return [edition(here.entry.edition)]
    named = {edition(fix.edition) for fix in fixes if fix.edition}
    named |= {edition(one) for one in here.product.editions if named}
    return [None, *sorted(one for one in named if not is_separate(here.product, one))]


def _stated(names: Iterable[str], fixes: Sequence[Fix]) -> Sequence[str | None]:
    """The names and, if there is a choice, None for one that no fix has."""
    named = sorted(set(names))
    return [None, *named] if len(fixes) > 1 or not named else named


_Key = Callable[[ServerKind, Fix], bool | None]
"""Whether a fix applies to a server by one key; None where the fix does not have the key."""

_KEYS: tuple[tuple[str, _Key], ...] = (
    ("product", lambda at, fix: None if fix.product is None else fix.product == at.product),
    ("level", lambda at, fix: None if fix.levels is None else at.level in fix.levels),
    ("edition", lambda at, fix: edition(fix.edition) == at.edition if fix.edition else None),
    ("platform", lambda at, fix: folded_platform(fix.platform) == at.platform if fix.platform else None),
)


def choose(fixes: Sequence[Fix], at: ServerKind) -> list[Fix]:
    """The fixes for a server that states everything."""
    return _preferred(_fitting(fixes, at)[0], at.language)


def _fitting(fixes: Sequence[Fix], at: ServerKind) -> tuple[list[Fix], str]:
    """The fixes that only the language can eliminate, or the key that eliminates the last one.

    Where the level alone rules out every fix, those for the next later level of the same version count.
    """
    kept, key = _kept(fixes, at)
    if kept or at.level is None or _of_level(fixes, at):
        return kept, key
    others, _ = _kept(fixes, at, without="level")
    later = sorted(
        level
        for fix in others
        for level in fix.levels or ()
        if level.version_name == at.level.version_name and level > at.level
    )
    return _kept(fixes, replace(at, level=later[0])) if later else (kept, key)


def _of_level(fixes: Sequence[Fix], at: ServerKind) -> bool:
    """Whether the level of a product leaves any fix, whatever its edition and platform."""
    own = [key for name, key in _KEYS if name in ("product", "level")]
    return any(all(key(at, fix) is not False for key in own) for fix in fixes)


def _kept(fixes: Sequence[Fix], at: ServerKind, without: str = "") -> tuple[list[Fix], str]:
    kept = list(fixes)
    for name, key in _KEYS:
        kept = [fix for fix in kept if name == without or key(at, fix) is not False]
        if not kept:
            return [], name
    return kept, ""


def _preferred(fitting: Sequence[Fix], spoken: str | None) -> list[Fix]:
    """The fixes in the language, otherwise in another; of these the most specific, by the first keys."""
    own = [fix for fix in fitting if fix.language is None or language(fix.language) == spoken]
    most = max(map(_named, own or fitting), default=())
    best = [fix for fix in own or fitting if _named(fix) == most]
    # Versions are the same in every language; modified times are not.
    return best if own else [fix for fix in best if not any(one.modified for one in fix.files)]


def _named(fix: Fix) -> tuple[bool, ...]:
    keys = (fix.product, fix.levels, fix.edition, fix.platform, fix.language)
    return tuple(key is not None for key in keys)
