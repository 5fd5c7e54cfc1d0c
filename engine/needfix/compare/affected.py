"""Whether a server has an affected level of one of a rule's products."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from needfix.compare.installation import Claim, Installation, Installed
from needfix.compare.installed import unclear_name
from needfix.intake.vocabularies import is_separate, same_edition
from needfix.model.decision import Reason
from needfix.model.evidence import Affected
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Correction, Rule
from needfix.versions import Level

Why = Callable[[], Reason]
"""Writes a reason. Most are never needed."""


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
    matches = [
        _part(rule, product, installation) for product in rule.products for installation in here.of(product)
    ]
    absent = [product for product in rule.products if not here.of(product)]
    missing = _without_products(absent, here) if absent else []
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


class _Entries(NamedTuple):
    """The entries of a rule for one product, its corrections there, and the editions that it names.

    An edition with files of its own is named only where an entry is for it.
    """

    product: ProductDefinition
    entries: tuple[Affects, ...]
    corrections: tuple[Correction, ...]
    editions: tuple[str, ...]

    @classmethod
    def of(cls, rule: Rule, product: ProductDefinition) -> _Entries:
        entries = tuple(entry for entry in rule.affects if entry.product == product.product)
        marks = tuple(mark for mark in rule.corrected_in if mark.product == product.product)
        own = {entry.edition for entry in entries if entry.edition is not None}
        others = {mark.edition for mark in marks if mark.edition is not None}
        return cls(product, entries, marks, (*own, *(one for one in others if not is_separate(product, one))))

    def answer(self, level: Level | None, edition: str | None) -> Affected:
        """Whether a level is affected in an edition; None: any level, any edition that may be there."""
        if edition is not None or not self.editions:
            return self._at(level, edition)
        answers = {self._at(level, one) for one in (None, *self.editions)}
        return answers.pop() if len(answers) == 1 else "unknown"

    def _at(self, level: Level | None, edition: str | None) -> Affected:
        """The answer for one edition; None: one that the rule does not name."""
        listed = [entry for entry in self.entries if _is_of_edition(entry, self.product, edition)]
        if level is not None:
            listed = [entry for entry in listed if entry.levels is None or level in entry.levels]
        if not listed:
            return "no"
        marks = [mark for mark in self.corrections if _is_for(mark, self, edition)]
        if level is None:
            is_every = any(entry.levels is None for entry in listed)
            return "yes" if is_every and not marks else "unknown"
        return "no" if any(carries(level, mark) for mark in marks) else "yes"

    def mark_of(self, level: Level) -> Level | None:
        """The level that brought the fix to this one."""
        return max((mark.level for mark in self.corrections if carries(level, mark)), default=None)


def carries_fix(rule: Rule, here: Installation) -> bool:
    """Whether every possible level of a product carries a fix, in its edition or in any that it may have."""
    own = _Entries.of(rule, here.product)
    is_sure = here.is_known and not here.contradictions
    editions = [here.edition] if here.edition is not None else [None, *own.editions]
    return is_sure and all(
        any(carries(level, mark) for mark in own.corrections if _is_for(mark, own, edition))
        for level in here.possible
        for edition in editions
    )


def is_corrected_elsewhere(rule: Rule, here: Installed) -> bool:
    """Whether a product that the rule's own run on carries the fix."""
    return _corrected_elsewhere(rule, here)[0] == "yes"


def carries(level: Level, mark: Correction) -> bool:
    """Whether a level carries the fix that an entry of corrected_in names."""
    return level == mark.level or (level.numbers == mark.level.numbers and level > mark.level)


def _is_of_edition(entry: Affects, product: ProductDefinition, edition: str | None) -> bool:
    if entry.edition is None:
        return not is_separate(product, edition)
    return edition is not None and same_edition(edition, entry.edition)


def _is_for(mark: Correction, own: _Entries, edition: str | None) -> bool:
    """Whether a correction holds for an edition.

    One that names no edition is not for an edition with files of its own, unless that is all that
    the rule concerns.
    """
    if mark.edition is not None:
        return edition is not None and same_edition(mark.edition, edition)
    if edition is None or not is_separate(own.product, edition):
        return True
    named = (entry.edition for entry in own.entries)
    return all(one is not None and same_edition(one, edition) for one in named)


def _part(rule: Rule, product: str, here: Installation) -> AssessedPart:
    own = _Entries.of(rule, here.product)
    if here.contradictions:
        if all(_claimed(own, claim) == "no" for claim in here.claims):
            claimed = [level for claim in here.claims for level in claim.levels or ()]
            why = (*_contradictions(here), *_why_not(own, here, claimed))
            return AssessedPart(product, "no", why, here)
        return AssessedPart(
            product, "contradicted", tuple(_contradictions(here)), here, _affected_levels(own, here)
        )
    answer = _over(own, here.possible if here.is_known else None, here.edition)
    if answer == "no":
        return AssessedPart(product, "no", tuple(_why_not(own, here, here.possible)), here)
    if answer == "yes":
        return AssessedPart(product, "yes", (partial(_listed, own, here),), here, _affected_levels(own, here))
    return AssessedPart(product, "unknown", (partial(_unsure, own, here),), here, _affected_levels(own, here))


def _over(own: _Entries, levels: tuple[Level, ...] | None, edition: str | None) -> Affected:
    """What holds at every possible level."""
    if levels is None:
        return own.answer(None, edition)
    answers = {own.answer(level, edition) for level in levels}
    return answers.pop() if len(answers) == 1 else "unknown"


def _claimed(own: _Entries, claim: Claim) -> Affected:
    return _over(own, claim.levels, claim.edition)


def _affected_levels(own: _Entries, here: Installation) -> tuple[Level | None, ...]:
    """The possible levels that are affected or may be, in the edition that is stated or may be."""
    editions = {claim.edition for claim in here.claims} or {here.edition}
    levels = here.possible if here.is_known else (*here.possible, None)
    return tuple(level for level in levels if any(own.answer(level, one) != "no" for one in editions))


def levels_affected(rule: Rule, here: Installation) -> tuple[Level | None, ...]:
    """The possible levels that are affected or may be; None: others may be, too."""
    return _affected_levels(_Entries.of(rule, here.product), here)


def _contradictions(here: Installation) -> Iterator[Why]:
    return (partial(_itself, reason) for reason in here.contradictions)


def _itself(reason: Reason) -> Reason:
    return reason


# ---- in words


def _listing(entries: Iterable[Affects]) -> str:
    levels: set[Level] = set()
    for entry in entries:
        if entry.levels is None:
            return "every level"
        levels |= entry.levels
    return ", ".join(map(str, sorted(levels)))


def _named(here: Installation) -> str:
    return " or ".join(map(str, here.possible))


def _listed(own: _Entries, here: Installation) -> Reason:
    listed = _listing(own.entries)
    name = here.product.name
    if not here.is_known:
        return Reason("level-affected", f"{name} is affected at every level", expected=listed)
    if len(here.possible) > 1:
        sentence = f"{name} can only be {_named(here)}; each is affected"
        return Reason("level-affected", sentence, observed=_named(here), expected=listed)
    sentence = f"{name} {_named(here)} is affected; the rule lists {listed}"
    return Reason("level-affected", sentence, observed=_named(here), expected=listed)


def _unsure(own: _Entries, here: Installation) -> Reason:
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


def _why_not(own: _Entries, here: Installation, levels: Sequence[Level]) -> Iterator[Why]:
    """Why no possible level is affected, by each entry."""
    editions = {claim.edition for claim in here.claims} or {here.edition}
    for entry in own.entries:
        if None not in editions and not any(_is_of_edition(entry, own.product, one) for one in editions):
            yield partial(_edition_not_listed, entry, here, next(iter(editions)))
            continue
        listed = [level for level in levels if entry.levels is None or level in entry.levels]
        if listed:
            yield partial(_carries_fix, here, listed[0], own.mark_of(listed[0]) or listed[0])
        else:
            yield partial(_not_listed, entry, here)


def _edition_not_listed(entry: Affects, here: Installation, edition: str | None) -> Reason:
    if entry.edition is not None:
        sentence = f"Only {entry.edition} is affected; this server has {edition}"
        return Reason("edition-not-listed", sentence, observed=edition, expected=entry.edition)
    sentence = f"{edition} has its own files, and the rule does not list this edition of {here.product.name}"
    return Reason("edition-not-listed", sentence, observed=edition)


def _not_listed(entry: Affects, here: Installation) -> Reason:
    listed = _listing([entry])
    if len(here.possible) > 1:
        sentence = (
            f"{here.product.name} can only be {_named(here)}; none is affected, as the rule lists {listed}"
        )
    else:
        sentence = f"{here.product.name} {_named(here)} is not affected; the rule lists {listed}"
    return Reason("level-not-listed", sentence, observed=_named(here), expected=listed)


def _carries_fix(here: Installation, level: Level, corrected: Level) -> Reason:
    sentence = f"{here.product.name} {level} includes the fix, as does every later level of its version"
    return Reason("corrected-in-level", sentence, observed=str(level), expected=str(corrected))


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
            return "yes", (partial(_carries_fix, first, first.possible[0], mark.level),)
        if set(answers) != {"no"}:
            doubtful = (one for one, answer in zip(installations, answers, strict=True) if answer != "no")
            maybe.extend(partial(_may_carry, mark, one) for one in doubtful)
        if not installations and _may_be_there(mark.product, here):
            maybe.append(partial(_may_be_installed, mark, here.name_of(mark.product)))
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


def _may_carry(mark: Correction, here: Installation) -> Reason:
    if here.doubt is not None:
        return here.doubt
    sentence = f"{here.product.name} {_named(here)} may include the fix, as {mark.level} does"
    return Reason("level-missing", sentence, expected=str(mark.level))


def _may_be_installed(mark: Correction, name: str) -> Reason:
    sentence = f"{name} {mark.level} includes the fix, and it is unknown whether it is installed"
    return Reason("product-unknown", sentence, expected=mark.product)
