"""Whether a server has an affected level of one of a rule's products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from needfix.compare.installed import Installation, Installed
from needfix.intake.vocabularies import is_separate, same_edition
from needfix.model.decision import Reason
from needfix.model.evidence import Affected
from needfix.model.rule import Affects, Correction, Rule
from needfix.versions import Level

Why = Callable[[], Reason]
"""Writes a reason. Most are never needed."""


class Assessment(NamedTuple):
    """The answer for one rule, why, and the installations that it is about."""

    affected: Affected
    why: tuple[Why, ...]
    installations: tuple[Installation, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, each reason once."""
        return tuple(dict.fromkeys(why() for why in self.why))


class _Match(NamedTuple):
    affected: Affected
    why: Why
    installation: Installation


def assess(rule: Rule, here: Installed) -> Assessment:
    """Compare the products of a server with a rule's affected levels. One that matches is enough."""
    matches = [
        _match(rule, entry, installation) for entry in rule.affects for installation in here.of(entry.product)
    ]
    answer: Affected = "no"
    for match in matches:
        answer = _stronger(answer, match.affected)
    if answer == "no" and (others := _not_found(rule, here)):
        without = _without_products(others, here)
        if without.affected == "unknown" or not matches:
            return without
    if answer != "no" and (brought := _corrected_elsewhere(rule, here)):
        return Assessment("no", (brought,))
    why = tuple(match.why for match in matches if match.affected == answer)
    concerned = {id(m.installation): m.installation for m in matches if m.affected != "no"}
    return Assessment(answer, why, tuple(concerned.values()))


def _stronger(one: Affected, other: Affected) -> Affected:
    if "yes" in (one, other):
        return "yes"
    return "unknown" if "unknown" in (one, other) else "no"


def _not_found(rule: Rule, here: Installed) -> list[str]:
    return [product for product in rule.products if not here.of(product)]


def _without_products(products: Sequence[str], here: Installed) -> Assessment:
    """The answer where a rule's products are not among those that were found."""
    ids, names = " or ".join(products), " or ".join(map(here.name_of, products))
    if not here.is_listed:
        seen = f"The inventory lists no products and no key file of {names}"
        sentence = f"{seen}, so it is unknown whether {names} is installed"
        return Assessment("unknown", (partial(Reason, "product-unknown", sentence, expected=ids),))
    unclear = [name for name, meant in here.unclear_names if not meant.isdisjoint(products)]
    if unclear:
        listed = ", ".join(unclear)
        quoted = ", ".join(f'"{name}"' for name in unclear)
        sentence = f"The product list has {quoted}, which is not a known product but resembles {names}"
        why = partial(Reason, "product-name-unclear", sentence, observed=listed, expected=ids)
        return Assessment("unknown", (why,))
    sentence = f"{names} is not among the server's products"
    return Assessment("no", (partial(Reason, "product-not-installed", sentence, expected=ids),))


def _match(rule: Rule, entry: Affects, here: Installation) -> _Match:
    affected, why = _level_match(rule, entry, here)
    if affected == "no":
        return _Match(affected, why, here)
    if entry.edition is None:
        return (
            _Match("no", partial(_separate_edition, here), here)
            if is_separate(here.product, here.edition)
            else _Match(affected, why, here)
        )
    if here.edition is None:
        return _Match("unknown", partial(_edition_not_stated, entry, here), here)
    if not same_edition(here.edition, entry.edition):
        return _Match("no", partial(_other_edition, entry, here), here)
    return _Match(affected, why, here)


def _separate_edition(here: Installation) -> Reason:
    """Why an entry that names no edition does not concern an edition with files of its own."""
    sentence = (
        f"{here.edition} has its own files, and the rule does not list this edition of {here.product.name}"
    )
    return Reason("edition-not-listed", sentence, observed=here.edition)


def _edition_not_stated(entry: Affects, here: Installation) -> Reason:
    sentence = f"Only {entry.edition} is affected, and the edition of {here.product.name} is not stated"
    return Reason("edition-not-stated", sentence, expected=entry.edition)


def _other_edition(entry: Affects, here: Installation) -> Reason:
    sentence = f"Only {entry.edition} is affected; this server has {here.edition}"
    return Reason("edition-not-listed", sentence, observed=here.edition, expected=entry.edition)


def _level_match(rule: Rule, entry: Affects, here: Installation) -> tuple[Affected, Why]:
    if here.level is None:
        return _unknown_level(rule, entry, here)
    if entry.levels is not None and here.level not in entry.levels:
        return "no", partial(_not_listed, entry, here)
    corrected = _corrected_by(rule, entry, here, here.level)
    if corrected is not None:
        return "no", partial(_carries_fix, here, here.level, corrected)
    return "yes", partial(_listed, entry, here)


def _not_listed(entry: Affects, here: Installation) -> Reason:
    listed = _listing(entry)
    sentence = f"{here.product.name} {here.level} is not affected; the rule lists {listed}"
    return Reason("level-not-listed", sentence, observed=str(here.level), expected=listed)


def _listed(entry: Affects, here: Installation) -> Reason:
    listed = _listing(entry)
    sentence = f"{here.product.name} {here.level} is affected; the rule lists {listed}"
    return Reason("level-affected", sentence, observed=str(here.level), expected=listed)


def _corrected_elsewhere(rule: Rule, here: Installed) -> Why | None:
    """Why no product is affected: one that they run on carries the fix, as Windows 2000 SP3 does for IIS."""
    own = set(rule.products)
    for mark in rule.corrected_in:
        for installation in here.of(mark.product) if mark.product not in own else ():
            level = installation.level
            if level is not None and level >= mark.level and _same_or_any(mark.edition, installation.edition):
                return partial(_carries_fix, installation, level, mark.level)
    return None


def _carries_fix(here: Installation, level: Level, corrected: Level) -> Reason:
    sentence = f"{here.product.name} {level} includes the fix, as does every level from {corrected} on"
    return Reason("corrected-in-level", sentence, observed=str(level), expected=str(corrected))


_ANY_LEVEL = frozenset({"level-missing", "level-ambiguous", "level-unknown"})
"""Doubts that leave only the product's own levels, whichever of them it is."""


def _unknown_level(rule: Rule, entry: Affects, here: Installation) -> tuple[Affected, Why]:
    doubt = here.doubt or Reason("level-missing", f"The level of {here.product.name} is not known")
    every_level = entry.levels is None and not _corrections(rule, entry, here)
    if every_level and doubt.code in _ANY_LEVEL:
        sentence = f"{here.product.name} is affected at every level"
        return "yes", partial(Reason, "level-affected", sentence, expected="every level")
    return _of_possible(rule, entry, here, doubt)


def _of_possible(rule: Rule, entry: Affects, here: Installation, doubt: Reason) -> tuple[Affected, Why]:
    """What holds for every level that it can be."""
    answers = {_is_affected(rule, entry, here, level) for level in here.possible}
    if len(answers) != 1:
        return "unknown", lambda: doubt
    listed, named = _listing(entry), " or ".join(map(str, here.possible))
    if answers == {True}:
        sentence = f"{here.product.name} can only be {named}; each is affected"
        return "yes", partial(Reason, "level-affected", sentence, observed=named, expected=listed)
    sentence = f"{here.product.name} can only be {named}; none is affected, as the rule lists {listed}"
    return "no", partial(Reason, "level-not-listed", sentence, observed=named, expected=listed)


def _is_affected(rule: Rule, entry: Affects, here: Installation, level: Level) -> bool:
    listed = entry.levels is None or level in entry.levels
    return listed and _corrected_by(rule, entry, here, level) is None


def _listing(entry: Affects) -> str:
    if entry.levels is None:
        return "every level"
    return ", ".join(map(str, sorted(entry.levels)))


def _corrected_by(rule: Rule, entry: Affects, here: Installation, level: Level) -> Level | None:
    """The level that brought the fix to this one: of the same version, else of an earlier one.

    A later version that the rule lists by name is affected all the same: `5.5` listed beside a
    correction in 5.0 SP3 was not corrected by it.
    """
    if not rule.corrected_in:
        return None
    marks = _corrections(rule, entry, here)
    own = [mark for mark in marks if mark.numbers == level.numbers]
    if own or entry.levels is not None:
        marks = own
    reached = [mark for mark in marks if level >= mark]
    return max(reached, default=None)


def _corrections(rule: Rule, entry: Affects, here: Installation) -> list[Level]:
    return [
        mark.level
        for mark in rule.corrected_in
        if mark.product == entry.product and _is_for(mark, rule, here)
    ]


def _is_for(mark: Correction, rule: Rule, here: Installation) -> bool:
    """Whether a correction holds for the edition of an installation.

    One that names no edition is not for an edition with files of its own, unless that is all that
    the rule concerns.
    """
    if mark.edition is not None or not is_separate(here.product, here.edition):
        return _same_or_any(mark.edition, here.edition)
    others = (entry.edition for entry in rule.affects if entry.product == mark.product)
    return all(edition is not None and _same_or_any(edition, here.edition) for edition in others)


def _same_or_any(named: str | None, stated: str | None) -> bool:
    return named is None or (stated is not None and same_edition(named, stated))
