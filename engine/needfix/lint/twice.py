"""Items that are in a list twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count, takewhile

from needfix.catalogue.places import position_of
from needfix.errors import Position
from needfix.intake.vocabularies import normal_id
from needfix.lint.check import Check, Detection, in_each_rule
from needfix.lint.edits import Remove
from needfix.lint.observations import observation_key
from needfix.model.requirement import AnyOf, Requirement, requirement
from needfix.model.rule import KeyPath, Rule
from needfix.versions import Level


def _repeats(values: Iterable[Hashable]) -> Iterator[tuple[int, int]]:
    """The numbers of repeated items, each with the number of the first."""
    first: dict[Hashable, int] = {}
    for number, value in enumerate(values):
        if first.setdefault(value, number) != number:
            yield number, first[value]


def _again(rule: Rule, key: KeyPath, number: int, what: str) -> Detection:
    list_at = rule.places.get(key)
    edit = Remove(list_at, number) if list_at else None
    return Detection(rule, position_of(rule, (*key, number), key), what, "remove it", edit=edit)


def _ids(rule: Rule) -> Iterator[Detection]:
    lists: dict[str, list[Requirement]] = {
        "supersedes": list(rule.supersedes),
        "requires": list(rule.requires),
        "references": list(rule.references),
        "advisories": list(rule.advisories),
        "updates": list(rule.updates),
    }
    for place, fix in enumerate(rule.fixes):
        at = ("fixes", place, "requires")
        for number, _ in _repeats(_identity_in("requires", entry) for entry in fix.requires):
            yield _again(rule, at, number, f"'requires' lists {_name(fix.requires[number])} twice")
    own = normal_id(rule.id)
    for key, entries in lists.items():
        identities = [_identity_in(key, entry) for entry in entries]
        for number, _ in _repeats(identities):
            if key != "updates" or identities[number] != own:
                yield _again(rule, (key,), number, f"{key!r} lists {_name(entries[number])} twice")
    for number, update in enumerate(rule.updates):
        if normal_id(update) == own:
            yield _again(rule, ("updates",), number, f"'updates' lists {update}, which is the rule's own id")


def _identity_in(key: str, entry: Requirement) -> Hashable:
    """What is equal for two entries of a list of a rule that mean the same."""
    if isinstance(entry, AnyOf):
        return frozenset(_identity_in(key, one) for one in entry.entries)
    if not isinstance(entry, str) or key == "references":
        return entry
    return normal_id(entry) if key == "updates" else entry.casefold()


def _name(entry: Requirement) -> str:
    return requirement(entry)


def _observations(rule: Rule) -> Iterator[Detection]:
    for number, symptom in enumerate(rule.symptoms):
        for second, first in _repeats(map(observation_key, symptom.observe)):
            what = f"observation {second + 1} of {symptom.id} is the same as observation {first + 1}"
            yield _again(rule, ("symptoms", number, "observe"), second, what)


def _levels(rule: Rule) -> Iterator[Detection]:
    for key, named in level_lists(rule):
        for item in level_items(rule, key):
            if rule.places[item] not in named.values():
                what = f"the levels of item {int(item[-1]) + 1} of {key[-1]!r} are already listed"
                yield _again(rule, key, int(item[-1]), what)


def level_lists(rule: Rule) -> Iterator[tuple[KeyPath, Mapping[Level, Position]]]:
    """Every list of levels: its place, and the first place of each of its levels."""
    numbers = {rule.places[key]: key for key in _items(rule, ("affects",))}
    for entry in rule.affects:
        key = numbers.get(entry.at) if entry.at else None
        yield (*key, "levels") if key else ("affects",), entry.places
    for number, fix in enumerate(rule.fixes):
        yield ("fixes", number, "level"), fix.places


_KEYS_OF_ENTRIES = ("product", "levels", "builds", "edition", "platform", "language", "all")


def level_items(rule: Rule, key: KeyPath) -> Iterator[KeyPath]:
    """The items of a list that are levels or ranges."""
    for item in _items(rule, key):
        if not any((*item, name) in rule.places for name in _KEYS_OF_ENTRIES):
            yield item


def _items(rule: Rule, key: KeyPath) -> Iterator[KeyPath]:
    return takewhile(rule.places.__contains__, ((*key, number) for number in count()))


def _products(rule: Rule) -> Iterator[Detection]:
    for entry in rule.affects:
        together = [entry, *entry.beside]
        for number, _ in _repeats(one.product for one in together):
            again = together[number]
            what = f"'all' lists {again.product} twice: one server must have it in both ways"
            hint = "join the two; if either is enough, write an entry of 'affects' for each"
            yield Detection(rule, again.at or position_of(rule, ("affects",)), what, hint)


ID_TWICE = Check(
    "NF108",
    "warning",
    "'supersedes', 'requires', 'references', 'advisories' or 'updates' lists an item twice",
    "the second has no effect; perhaps another one was meant",
    in_each_rule(_ids),
)
LEVEL_TWICE = Check(
    "NF205",
    "warning",
    "a list of levels has an item whose levels are all listed before it",
    "the item has no effect; perhaps another level was meant",
    in_each_rule(_levels),
)
PRODUCT_TWICE = Check(
    "NF210",
    "warning",
    "an entry of affects lists a product twice in 'all'",
    "where no server has the product twice, the rule affects none",
    in_each_rule(_products),
)
OBSERVATION_TWICE = Check(
    "NF402",
    "warning",
    "a symptom has the same observation twice",
    "the second has no effect; perhaps another one was meant",
    in_each_rule(_observations),
)
