"""Which fixes of a rule are for which servers, looked at for every kind of server that the rule can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product as every_combination

from needfix.authoring.lint.affected_levels import Concerned
from needfix.model.names import edition, language, platform
from needfix.model.rule import Fix
from needfix.versions import Level


@dataclass(frozen=True, slots=True)
class ServerKind:
    """All that the choice of a fix depends on, stated; None for what no fix names."""

    product: str
    level: Level | None
    edition: str | None
    platform: str | None
    language: str | None

    def __str__(self) -> str:
        parts = (self.product, self.level and str(self.level), self.edition, self.platform, self.language)
        return " ".join(part for part in parts if part)


def kinds(here: Concerned, fixes: Sequence[Fix]) -> Iterator[ServerKind]:
    """Every kind of server among what an entry concerns that fixes can be chosen apart by.

    Of platforms and languages those that fixes name, and one that none names; a product without
    levels is one kind.
    """
    levels = here.levels or ((None,) if here.entry.levels is None and not here.product.levels else ())
    platforms = _stated((platform(fix.platform) for fix in fixes if fix.platform), fixes)
    languages = _stated((language(fix.language) for fix in fixes if fix.language), fixes)
    for one in every_combination(levels, _editions(here, fixes), platforms, languages):
        yield ServerKind(here.entry.product, *one)


def _editions(here: Concerned, fixes: Sequence[Fix]) -> Sequence[str | None]:
    """The entry's own edition, or those of the product and its fixes where fixes name any."""
    if here.entry.edition:
        return [edition(here.entry.edition)]
    named = {edition(fix.edition) for fix in fixes if fix.edition}
    named |= {edition(one) for one in here.product.editions if named}
    return [None, *sorted(one for one in named if not here.product.is_separate(one))]


def _stated(names: Iterable[str], fixes: Sequence[Fix]) -> Sequence[str | None]:
    """The names and, where there is a choice at all, one that no fix has."""
    named = sorted(set(names))
    return [None, *named] if len(fixes) > 1 or not named else named


Key = Callable[[Fix, ServerKind], bool | None]
"""Whether a fix is for a server by one key; None where the fix does not speak of it."""

KEYS: tuple[tuple[str, Key], ...] = (
    ("product", lambda fix, at: None if fix.product is None else fix.product == at.product),
    ("level", lambda fix, at: None if fix.levels is None else at.level in fix.levels),
    ("edition", lambda fix, at: edition(fix.edition) == at.edition if fix.edition else None),
    ("platform", lambda fix, at: platform(fix.platform) == at.platform if fix.platform else None),
)


def choose(fixes: Sequence[Fix], at: ServerKind) -> tuple[list[Fix], str]:
    """The fixes for a server that states everything; where none is, the key that rules out the last."""
    kept = list(fixes)
    for name, key in KEYS:
        kept = _kept(kept, at, key)
        if not kept:
            return [], name
    by_language = _kept(
        kept, at, lambda fix, one: language(fix.language) == one.language if fix.language else None
    )
    return by_language or [fix for fix in kept if not any(one.modified for one in fix.files)], "language"


def _kept(fixes: Sequence[Fix], at: ServerKind, key: Key) -> list[Fix]:
    """Those that match by name, else those that do not speak of the key."""
    answers = [(fix, key(fix, at)) for fix in fixes]
    return [fix for fix, answer in answers if answer] or [fix for fix, answer in answers if answer is None]
