"""Why a product is affected, is not, or may be, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from needfix.compare.affected_entries import ProductEntries, is_of_edition
from needfix.compare.by_identity import ByIdentity
from needfix.compare.installation import Installation
from needfix.compare.level_reasons import level_words
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Correction
from needfix.versions import Level

Why = Callable[[], Reason]
"""Writes a reason. Most are never needed."""


@ByIdentity
def _listing(product: ProductDefinition, *entries: Affects) -> str:
    levels: set[Level] = set()
    for entry in entries:
        if entry.levels is None:
            return "every level"
        levels |= entry.levels
    return level_words(product, levels, ", ")


def _named(here: Installation) -> str:
    if len(here.possible) == 1:
        return here.possible[0].text
    return level_words(here.product, here.possible, " or ")


def level_affected(own: ProductEntries, here: Installation) -> Reason:
    """Each level that a product can be at is affected."""
    holds = own.holds or ("yes",) * len(own.entries)
    holding = [entry for entry, one in zip(own.entries, holds, strict=True) if one == "yes"]
    listed = _listing(own.product, *holding)
    name = here.product.name
    if not here.is_known:
        return Reason("level-affected", f"{name} is affected at every level", expected=listed)
    if len(here.possible) > 1:
        sentence = f"{name} can only be {_named(here)}; each is affected"
        return Reason("level-affected", sentence, observed=_named(here), expected=listed)
    sentence = f"{name} {_named(here)} is affected; the rule lists {listed}"
    return Reason("level-affected", sentence, observed=_named(here), expected=listed)


def unsure(own: ProductEntries, here: Installation) -> Reason:
    """What is missing: the edition where some edition of every possible level is affected, else the level."""
    by_level = {own.answer(level, here.edition) for level in here.possible}
    entry = next((one for one in own.entries if one.edition is not None), None)
    if entry is not None and (by_level == {"unknown"} or not here.doubt):
        sentence = f"Only {entry.edition} is affected, and the edition of {here.product.name} is not known"
        return Reason("edition-not-stated", sentence, expected=entry.edition)
    mark = next((one for one in own.corrections if one.edition is not None), None)
    if not here.doubt and mark is not None:
        sentence = f"{here.product.name} carries the fix in {mark.edition}, and its edition is not known"
        return Reason("edition-not-stated", sentence, expected=mark.edition)
    return here.doubt or Reason("level-missing", f"The level of {here.product.name} is not known")


def why_not(own: ProductEntries, here: Installation, levels: Sequence[Level]) -> Iterator[Why]:
    """Why no possible level is affected, by each entry."""
    editions = {claim.edition for claim in here.claims} or {here.edition}
    for entry in own.entries:
        if None not in editions and not any(is_of_edition(entry, own.product, one) for one in editions):
            yield partial(_edition_not_listed, entry, here, " or ".join(sorted(filter(None, editions))))
            continue
        listed = [level for level in levels if entry.levels is None or level in entry.levels]
        if listed:
            yield partial(level_carries, here, listed[0], own.mark_of(listed[0]) or listed[0])
        else:
            yield partial(_not_listed, entry, here)


def _edition_not_listed(entry: Affects, here: Installation, edition: str) -> Reason:
    if entry.edition is not None:
        sentence = f"Only {entry.edition} is affected; this server has {edition}"
        return Reason("edition-not-listed", sentence, observed=edition, expected=entry.edition)
    sentence = f"{edition} has its own files, and the rule does not list this edition of {here.product.name}"
    return Reason("edition-not-listed", sentence, observed=edition)


def _not_listed(entry: Affects, here: Installation) -> Reason:
    listed = _listing(here.product, entry)
    if len(here.possible) > 1:
        sentence = (
            f"{here.product.name} can only be {_named(here)}; none is affected, as the rule lists {listed}"
        )
    else:
        sentence = f"{here.product.name} {_named(here)} is not affected; the rule lists {listed}"
    return Reason("level-not-listed", sentence, observed=_named(here), expected=listed)


def level_carries(here: Installation, level: Level, corrected: Level) -> Reason:
    """A level includes the fix."""
    sentence = f"{here.product.name} {level} includes the fix, as does every later level of its version"
    return Reason("corrected-in-level", sentence, observed=str(level), expected=str(corrected))


def may_carry(mark: Correction, here: Installation) -> Reason:
    """Another product may include the fix."""
    if here.doubt is not None:
        return here.doubt
    sentence = f"{here.product.name} {_named(here)} may include the fix, as {mark.level} does"
    return Reason("level-missing", sentence, expected=str(mark.level))


def may_be_installed(mark: Correction, name: str) -> Reason:
    """A product that includes the fix may be installed."""
    sentence = f"{name} {mark.level} includes the fix, and it is unknown whether it is installed"
    return Reason("product-unknown", sentence, expected=mark.product)
