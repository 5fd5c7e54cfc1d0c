"""Doubts of an import that nobody has settled yet."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.catalogue.describe import affected
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
