"""Whether a server has an affected level of one of a rule's products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from needfix.compare.affected_entries import ProductEntries, carries
from needfix.compare.affected_reasons import (
    Why,
    level_affected,
    level_carries,
    may_be_installed,
    may_carry,
    unsure,
    why_not,
)
from needfix.compare.entry_conditions import conditions, entries_of
from needfix.compare.installation import Claim, Installation, Installed
from needfix.compare.installed import unclear_name
from needfix.compare.instances import Instance
from needfix.intake.vocabularies import is_separate, same_edition, stands_for_others
from needfix.model.decision import Reason
from needfix.model.evidence import Affected
from needfix.model.product import ProductDefinition
from needfix.model.rule import Correction, Rule
from needfix.versions import Level


class AssessedPart(NamedTuple):
    """One installation of a product that may be affected, or a product that may be there.

    `levels` are those possible levels that are affected, or may be; with None where others may be, too.
    """

    product: str
    affected: Affected
    why: tuple[Why, ...]
    installation: Installation | None = None
    levels: tuple[Level | None, ...] = ()


class Assessment(NamedTuple):
    """The answer for one rule, why, and its parts, which are decided one by one."""

    affected: Affected
    why: tuple[Why, ...]
    parts: tuple[AssessedPart, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, each reason once."""
        return tuple(dict.fromkeys(why() for why in self.why))

    def reasons_of(self, affected: Affected) -> tuple[Reason, ...]:
        """Why those parts have an answer that have it."""
        whys = (why for part in self.parts if part.affected == affected for why in part.why)
        return tuple(dict.fromkeys(why() for why in whys))


_STRONGEST: tuple[Affected, ...] = ("yes", "contradicted", "unknown", "no")


def strongest(answers: Iterable[Affected]) -> Affected:
    """The answer that counts for several parts: one that is affected is enough."""
    seen = set(answers)
    return next((answer for answer in _STRONGEST if answer in seen), "no")


def assess(rule: Rule, here: Installed) -> Assessment:
    """Compare the products of a server with a rule's affected levels, each installation by itself."""
    products = rule.products
    matches = [
        _part(rule, product, installation, here) for product in products for installation in here.of(product)
    ]
    absent = [product for product in products if not here.of(product)]
    missing = [_as_asked(rule, part, here) for part in _without_products(absent, here)] if absent else []
    parts = [part for part in (*matches, *missing) if part.affected != "no"]
    if parts:
        carried, why = _corrected_elsewhere(rule, here)
        if carried == "yes":
            return Assessment("no", why)
        if carried == "unknown":
            parts = [_doubted(part, why) for part in parts]
        answer = strongest(part.affected for part in parts)
        whys = (why for part in parts if part.affected == answer for why in part.why)
        return Assessment(answer, tuple(whys), tuple(parts))
    return Assessment("no", tuple(why for part in matches or missing for why in part.why))


def _as_asked(rule: Rule, part: AssessedPart, here: Installed) -> AssessedPart:
    """A product that may be there; not affected where no entry holds, whatever it is."""
    if part.affected == "no" or not any(entry.has_conditions for entry in rule.affects):
        return part
    unknown = here.unknown(here.products[part.product])
    own = entries_of(rule, unknown, here)
    if own.at_every(None, None) != "no":
        return part
    return part._replace(affected="no", why=tuple(_asked(own, unknown, here, "no")))


def _doubted(part: AssessedPart, why: tuple[Why, ...]) -> AssessedPart:
    """A part whose fix another product may carry."""
    return part._replace(affected="unknown", why=why) if part.affected == "yes" else part


def _without_products(products: Sequence[str], here: Installed) -> list[AssessedPart]:
    """The answer where products of a rule are not among those that were found."""
    resembled = [one for one in products if any(one in meant for _, meant in here.unclear_names)]
    others = [one for one in products if one not in resembled]
    if resembled and others and here.is_listed:
        return [*_without_products(resembled, here), *_without_products(others, here)]
    ids, names = " or ".join(products), " or ".join(map(here.name_of, products))
    if resembled:
        unclear = [name for name, meant in here.unclear_names if not meant.isdisjoint(products)]
        why = partial(unclear_name, names, ids, unclear)
        return [AssessedPart(product, "unknown", (why,)) for product in products]
    if here.nameless and all(map(stands_for_others, here.nameless)):
        seen = f"The list of products is not whole, and no key file of {names} is there"
        sentence = f"{seen}, so it is unknown whether {names} is installed"
        why = partial(Reason, "product-unknown", sentence, expected=ids)
        return [AssessedPart(product, "unknown", (why,)) for product in products]
    if here.nameless:
        listed = ", ".join(here.nameless)
        quoted = ", ".join(f'"{name}"' for name in here.nameless)
        sentence = f"The product list has {quoted}, which says nothing and may be {names}"
        why = partial(Reason, "product-name-unreadable", sentence, observed=listed, expected=ids)
        return [AssessedPart(product, "unknown", (why,)) for product in products]
    if not here.is_listed:
        seen = f"The inventory lists no products and no key file of {names}"
        sentence = f"{seen}, so it is unknown whether {names} is installed"
        why = partial(Reason, "product-unknown", sentence, expected=ids)
        return [AssessedPart(product, "unknown", (why,)) for product in products]
    sentence = f"{names} is not among the server's products"
    why = partial(Reason, "product-not-installed", sentence, expected=ids)
    return [AssessedPart(product, "no", (why,)) for product in products]


# ---- one installation


def carries_fix(rule: Rule, here: Installation) -> bool:
    """Whether every possible level of a product carries a fix, in its edition or in any that it may have."""
    own = ProductEntries.of(rule, here.product)
    is_sure = here.is_known and not here.contradictions
    editions = [here.edition] if here.edition is not None else [None, *own.editions]
    return is_sure and all(
        any(carries(level, mark) for mark in own.corrections if own.is_for(mark, edition))
        for level in here.possible
        for edition in editions
    )


def is_corrected_elsewhere(rule: Rule, here: Installed) -> bool:
    """Whether a product that the rule's own run on carries the fix."""
    return _corrected_elsewhere(rule, here)[0] == "yes"


def _part(rule: Rule, product: str, here: Installation, installed: Installed) -> AssessedPart:
    part = _assessed(rule, product, here, installed)
    if here.instance is None:
        return part
    return part._replace(why=tuple(partial(_named, here.instance, why) for why in part.why))


def _named(instance: Instance, why: Why) -> Reason:
    return instance.named(why())


def _assessed(rule: Rule, product: str, here: Installation, installed: Installed) -> AssessedPart:
    own = entries_of(rule, here, installed)
    if here.contradictions:
        if all(_claimed(own, claim) == "no" for claim in here.claims):
            claimed = [level for claim in here.claims for level in claim.levels or ()]
            asked = tuple(_asked(own, here, installed, "no"))
            why = (*_contradictions(here), *why_not(_without_denied(own), here, claimed), *asked)
            return AssessedPart(product, "no", why, here)
        return AssessedPart(
            product, "contradicted", tuple(_contradictions(here)), here, _affected_levels(own, here)
        )
    answer = own.at_every(here.possible if here.is_known else None, here.edition)
    if answer == "no":
        asked = tuple(_asked(own, here, installed, "no"))
        why = (*asked, *why_not(_without_denied(own), here, here.possible))
        return AssessedPart(product, "no", why, here)
    if answer == "yes":
        every = here.possible if here.is_known else (*here.possible, None)
        return AssessedPart(product, "yes", (partial(level_affected, own, here),), here, every)
    asked = tuple(_asked(_at_possible_levels(own, here), here, installed, "unknown"))
    is_sure = bool(asked) and _without_conditions(own, here) == "yes"
    why = asked if is_sure else (*asked, partial(unsure, own, here))
    return AssessedPart(product, "unknown", why, here, _affected_levels(own, here))


def _without_denied(own: ProductEntries) -> ProductEntries:
    """The entries without those that do not hold, whatever the level."""
    denied = {id(entry) for entry, one in zip(own.entries, own.holds, strict=False) if one == "no"}
    return own._replace(entries=tuple(entry for entry in own.entries if id(entry) not in denied))


def _at_possible_levels(own: ProductEntries, here: Installation) -> ProductEntries:
    """The entries without those that list no possible level: what else they ask for settles nothing."""
    if not here.is_known:
        return own
    kept = [
        (entry, one)
        for entry, one in zip(own.entries, own.holds, strict=False)
        if entry.levels is None or not entry.levels.isdisjoint(here.possible)
    ]
    return own._replace(entries=tuple(entry for entry, _ in kept), holds=tuple(one for _, one in kept))


def _without_conditions(own: ProductEntries, here: Installation) -> Affected:
    """The answer if all were there that entries ask for."""
    others = own._replace(holds=())
    return others.at_every(here.possible if here.is_known else None, here.edition)


def _asked(own: ProductEntries, here: Installation, installed: Installed, answer: Affected) -> Iterator[Why]:
    """Why entries do not hold, or may not."""
    for entry, holds in zip(own.entries, own.holds, strict=False):
        if holds == answer:
            yield from (one.why for one in conditions(entry, here, installed) if one.answer == answer)


def _claimed(own: ProductEntries, claim: Claim) -> Affected:
    return own.at_every(claim.levels, claim.edition)


def _affected_levels(own: ProductEntries, here: Installation) -> tuple[Level | None, ...]:
    """The possible levels that are affected or may be, in the edition that is stated or may be."""
    editions = {claim.edition for claim in here.claims} or {here.edition}
    levels = here.possible if here.is_known else (*here.possible, None)
    return tuple(level for level in levels if any(own.answer(level, one) != "no" for one in editions))


def levels_affected(rule: Rule, here: Installation, installed: Installed) -> tuple[Level | None, ...]:
    """The possible levels that are affected or may be; None: others may be, too."""
    return _affected_levels(entries_of(rule, here, installed), here)


def _contradictions(here: Installation) -> Iterator[Why]:
    return (partial(_itself, reason) for reason in here.contradictions)


def _itself(reason: Reason) -> Reason:
    return reason


# ---- products that a rule's own run on


def _corrected_elsewhere(rule: Rule, here: Installed) -> tuple[Affected, tuple[Why, ...]]:
    """Whether a product that the rule's own run on carries the fix, as Windows 2000 SP3 does for IIS."""
    own = set(rule.products)
    maybe: list[Why] = []
    for mark in rule.corrected_in:
        if mark.product in own:
            continue
        installations = here.of(mark.product)
        answers = [_carries_elsewhere(mark, one) for one in installations]
        if set(answers) == {"yes"}:
            first = installations[0]
            return "yes", (partial(level_carries, first, first.possible[0], mark.level),)
        if set(answers) != {"no"}:
            doubtful = (one for one, answer in zip(installations, answers, strict=True) if answer != "no")
            maybe.extend(partial(may_carry, mark, one) for one in doubtful)
        if not installations and _may_be_there(mark.product, here):
            maybe.append(partial(may_be_installed, mark, here.name_of(mark.product)))
    return ("unknown", tuple(maybe)) if maybe else ("no", ())


def _carries_elsewhere(mark: Correction, here: Installation) -> Affected:
    """Whether another product carries the fix, by each of the facts that exclude each other."""
    claims = here.claims or (Claim(here.possible if here.is_known else None, here.edition),)
    answers = {_claim_carries(mark, here.product, claim) for claim in claims}
    if here.contradictions:
        return "no" if answers == {"no"} else "unknown"
    return answers.pop() if len(answers) == 1 else "unknown"


def _claim_carries(mark: Correction, product: ProductDefinition, claim: Claim) -> Affected:
    is_unknown = mark.edition is not None and claim.edition is None
    if mark.edition is None and is_separate(product, claim.edition):
        return "no"
    if mark.edition is not None and claim.edition and not same_edition(mark.edition, claim.edition):
        return "no"
    carried = {carries(level, mark) for level in claim.levels or ()} if claim.levels else {True, False}
    if carried == {False}:
        return "no"
    return "yes" if carried == {True} and not is_unknown else "unknown"


def _may_be_there(product: str, here: Installed) -> bool:
    return not here.is_listed or any(product in meant for _, meant in here.unclear_names)
