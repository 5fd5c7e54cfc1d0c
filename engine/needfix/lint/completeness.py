"""What a rule should have: references, cases, known names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from needfix.catalogue.describe import affected
from needfix.catalogue.places import position_of
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.vocabularies import is_language, is_platform, language_names, platform_names
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.model.rule import ReviewItem, Rule


def _open_items(rule: Rule) -> Iterator[Detection]:
    for item in rule.review:
        settled = "settle it in the rule, then remove the item from 'review'"
        yield Detection(rule, item.at, _question(item), settled)


def _question(item: ReviewItem) -> str:
    about = f" about {item.about!r}" if item.about else ""
    proposed = f"; proposed: {affected(item.propose)}" if item.propose else ""
    return f"open question{about}: line {item.line} of the article reads {item.read!r}; {item.why}{proposed}"


OPEN_REVIEW = Check(
    "NF101",
    "warning",
    "an item of 'review' is open",
    "the import was not sure what the article means, and the rule follows its reading",
    in_each_rule(_open_items),
)


def _without_reference(rule: Rule) -> Iterator[Detection]:
    if not rule.references:
        hint = "add 'references' with the address of the vendor's article"
        yield Detection(rule, position_of(rule, ("references",), ("id",)), "the rule has no reference", hint)


def _without_case(rule: Rule) -> Iterator[Detection]:
    if not rule.cases:
        hint = "add a case for a server that needs the fix, and one for a server that has it"
        yield Detection(rule, position_of(rule, ("cases",), ("id",)), "the rule has no cases", hint)


def _cases_to_review(rule: Rule) -> Iterator[Detection]:
    waiting = [case for case in rule.cases if case.review is not None]
    if waiting:
        first, *others = waiting
        more = f", and {len(others)} more" if others else ""
        what = f"the case {first.name!r} awaits review{more}: {first.review}"
        yield Detection(rule, first.at, what, "compare each case with the article, then remove its 'review'")


def _same_name(rule: Rule) -> Iterator[Detection]:
    first: dict[str, int] = {}
    for case in rule.cases:
        line = first.setdefault(case.name, case.at.line)
        if line != case.at.line:
            what = f"the case {case.name!r} has the same name as the case in line {line}"
            yield Detection(rule, case.at, what, "give it a name that says what it shows")


_KEYS: tuple[tuple[str, Callable[[str], bool], Callable[[], Iterable[str]]], ...] = (
    ("platform", is_platform, platform_names),
    ("language", is_language, language_names),
)


def _unknown_names(rule: Rule) -> Iterator[Detection]:
    for number, fix in enumerate(rule.fixes):
        for key, is_known, names in _KEYS:
            written = getattr(fix, key)
            if written is not None and not is_known(written):
                at = position_of(rule, ("fixes", number, key))
                yield Detection(
                    rule, at, f"{written!r} is not a known {key}", _hint_of_name(written, key, names())
                )
    for entry in rule.every_entry:
        for key, is_known, names in _KEYS:
            written = getattr(entry, key)
            if written is not None and not is_known(written):
                what, hint = f"{written!r} is not a known {key}", _hint_of_name(written, key, names())
                yield Detection(rule, entry.at or position_of(rule, ("affects",)), what, hint)


def _hint_of_name(written: str, key: str, names: Iterable[str]) -> str:
    otherwise = f"correct it, or silence this finding if it is a {key}"
    return did_you_mean(suggestion(written, names), otherwise, quoted=True)


WITHOUT_REFERENCE = Check(
    "NF109",
    "note",
    "the rule has no reference",
    "readers cannot look up what the vendor says",
    in_each_rule(_without_reference),
)
UNKNOWN_NAME = Check(
    "NF209",
    "warning",
    "the platform or the language of a fix, or in affects, is not a known name",
    "an inventory that states it counts as stating none, so no server is known to be meant",
    in_each_rule(_unknown_names),
)
WITHOUT_CASE = Check(
    "NF601",
    "note",
    "the rule has no cases",
    "no test shows that it decides as its author intends",
    in_each_rule(_without_case),
)
CASE_TO_REVIEW = Check(
    "NF604",
    "note",
    "a case is marked for review",
    "its expectation comes from the rule itself, and nobody has compared it with the article",
    in_each_rule(_cases_to_review),
)
SAME_NAME = Check(
    "NF605",
    "warning",
    "two cases of a rule have the same name",
    "reports do not show which of them failed, and --run cannot choose only one of them",
    in_each_rule(_same_name),
)
