"""What entries of `affects` ask for beside level and edition, such as builds, a platform, other products."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from needfix.compare.affected_entries import ProductEntries, is_of_edition
from needfix.compare.affected_reasons import Why
from needfix.compare.build_ranges import in_range
from needfix.compare.installation import Claim, Installation, Installed
from needfix.compare.registry_reasons import value_condition, value_contradicted
from needfix.intake.vocabularies import folded_language, folded_platform
from needfix.model.decision import Reason
from needfix.model.evidence import Affected
from needfix.model.minimum import BuildRange
from needfix.model.rule import Affects, Rule


class Condition(NamedTuple):
    """Something that an entry asks for: whether it is there, and why."""

    answer: Affected
    why: Why


def entries_of(rule: Rule, here: Installation, installed: Installed) -> ProductEntries:
    """The entries of a rule for an installation, with whether each holds there beside level and edition."""
    own = ProductEntries.of(rule, here.product)
    if not any(entry.has_conditions for entry in own.entries):
        return own
    return own._replace(holds=tuple(_holds(entry, here, installed) for entry in own.entries))


def _holds(entry: Affects, here: Installation, installed: Installed) -> Affected:
    return _all(condition.answer for condition in conditions(entry, here, installed))


def _all(answers: Iterator[Affected]) -> Affected:
    """No before unknown before yes."""
    seen = set(answers)
    return "no" if "no" in seen else "unknown" if "unknown" in seen else "yes"


def conditions(entry: Affects, here: Installation, installed: Installed) -> Iterator[Condition]:
    """What an entry asks for beside level and edition."""
    yield from _own(entry, here, installed)
    for one in entry.beside:
        answer = _beside(one, installed)
        yield Condition(answer, partial(_about_product, one, installed.name_of(one.product), answer))


def _own(entry: Affects, here: Installation, installed: Installed) -> Iterator[Condition]:
    if entry.builds is not None:
        answer = _builds(entry.builds, here)
        yield Condition(answer, partial(_about_builds, entry, here, answer))
    for key, asked, answer in (
        ("platform", entry.platform, _platform(entry, here)),
        ("language", entry.language, _language(entry, here)),
    ):
        if asked is not None:
            yield Condition(answer, partial(_about_key, key, asked, here, answer))
    for minimum in entry.registry:
        found = installed.value_of(minimum)
        yield Condition(found.answer, partial(value_condition, minimum, found))


def _builds(asked: BuildRange, here: Installation) -> Affected:
    """Whether the build is in a range. Of facts that exclude each other, a level alone does not deny it."""
    answer = in_range(here, asked).answer
    return "unknown" if answer == "no" and here.levels_contradicted else answer


def _platform(entry: Affects, here: Installation) -> Affected:
    found = {folded_platform(one) == folded_platform(entry.platform or "") for one in here.platforms}
    return "yes" if found == {True} else "no" if found == {False} else "unknown"


def _language(entry: Affects, here: Installation) -> Affected:
    if here.language is None:
        return "unknown"
    return "yes" if folded_language(here.language) == folded_language(entry.language or "") else "no"


# ---- other products


def _beside(entry: Affects, installed: Installed) -> Affected:
    """Whether another product is there as an entry asks for it; one installation is enough."""
    answers = {_there(entry, one, installed) for one in installed.of(entry.product)}
    if not answers:
        is_open = not installed.is_listed or any(
            entry.product in meant for _, meant in installed.unclear_names
        )
        return "unknown" if is_open else "no"
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _there(entry: Affects, here: Installation, installed: Installed) -> Affected:
    claims = here.claims or (Claim(here.possible if here.is_known else None, here.edition),)
    own = [condition.answer for condition in _own(entry, here, installed)]
    answers = {_all(iter([*own, _level(entry, claim), _edition(entry, here, claim)])) for claim in claims}
    if here.contradictions:
        return "no" if answers == {"no"} else "unknown"
    return answers.pop() if len(answers) == 1 else "unknown"


def _level(entry: Affects, claim: Claim) -> Affected:
    if entry.levels is None:
        return "yes"
    if claim.levels is None:
        return "unknown"
    found = {level in entry.levels for level in claim.levels}
    return "yes" if found == {True} else "no" if found == {False} else "unknown"


def _edition(entry: Affects, here: Installation, claim: Claim) -> Affected:
    if entry.edition is not None and claim.edition is None:
        return "unknown"
    return "yes" if is_of_edition(entry, here.product, claim.edition) else "no"


# ---- reasons


def builds_that_differ(rule: Rule, here: Installed) -> Iterator[Reason]:
    """Where one fact about a build reaches an end of a range, and another one is below it."""
    for entry in rule.every_entry:
        for there in here.of(entry.product):
            if entry.builds is not None and in_range(there, entry.builds).differs:
                found = _shown(there)
                sentence = f"{found}, on different sides of an end of {entry.builds}"
                yield Reason("build-differs", sentence, observed=found, expected=str(entry.builds))


def values_that_differ(rule: Rule, here: Installed) -> Iterator[Reason]:
    """Where entries of a value that the rule's entries ask for exclude each other."""
    for entry in rule.every_entry:
        for minimum in entry.registry:
            yield from value_contradicted(minimum, here.value_of(minimum))


def _shown(here: Installation) -> str:
    return " and ".join(dict.fromkeys(fact.words for fact in here.builds if fact.builds))


def _about_builds(entry: Affects, here: Installation, answer: Affected) -> Reason:
    shown = _shown(here)
    if answer == "unknown":
        why = shown or f"no fact shows the build of {here.product.name}"
        sentence = f"Only builds {entry.builds} are affected, and {why}"
        return Reason("condition-unknown", sentence, observed=shown or None, expected=str(entry.builds))
    sentence = f"Only builds {entry.builds} of {here.product.name} are affected; {shown}"
    return Reason("condition-not-met", sentence, observed=shown, expected=str(entry.builds))


def _about_key(key: str, asked: str, here: Installation, answer: Affected) -> Reason:
    found = " or ".join(here.platforms) if key == "platform" else here.language
    if answer == "unknown":
        sentence = f"Only the {key} {asked} is affected, and that of {here.product.name} is not known"
        return Reason("condition-unknown", sentence, observed=found or None, expected=asked)
    sentence = f"Only the {key} {asked} is affected; {here.product.name} has {found}"
    return Reason("condition-not-met", sentence, observed=found, expected=asked)


def _about_product(entry: Affects, name: str, answer: Affected) -> Reason:
    levels = " or ".join(map(str, sorted(entry.levels))) if entry.levels is not None else ""
    asked = " ".join(filter(None, (name, levels, entry.edition, *entry.conditions)))
    if answer == "unknown":
        sentence = f"Only servers with {asked} are affected, and it is unknown whether it is there"
        return Reason("condition-unknown", sentence, expected=asked)
    return Reason("condition-not-met", f"Only servers with {asked} are affected", expected=asked)
