"""The shipped rules, and a sample of them in which each key of rules is used.

There are many that are alike, so a test that goes over all of them takes the sample in `make test`, and the
others in `make check-catalogue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

import needfix

SHIPPED = needfix.load_catalogue()


def keys_of(rule: needfix.Rule) -> frozenset[tuple[str, ...]]:
    """The keys that a rule uses, what it chooses of a few words, and where it lists several things."""
    return frozenset(_keys(rule.as_dict(), ())) | {(rule.apply, rule.if_missing)}


def _keys(value: object, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _keys(one, (*place, "*" if place[-1:] == ("files",) else key))
    elif isinstance(value, list):
        if len(value) > 1:
            yield (*place, "several")
        for one in value:
            yield from _keys(one, place)
    else:
        yield place


def _shortest_with_each_key(rules: Iterable[needfix.Rule]) -> frozenset[str]:
    found: dict[tuple[str, ...], str] = {}
    for rule in sorted(rules, key=lambda rule: (len(str(rule.as_dict())), rule.id)):
        for key in keys_of(rule):
            found.setdefault(key, rule.id)
    return frozenset(found.values())


SAMPLE = _shortest_with_each_key(SHIPPED)
"""The ids of the rules that stand for all: of each key, the shortest rule that uses it."""

RULES = [
    pytest.param(rule, id=rule.id, marks=() if rule.id in SAMPLE else pytest.mark.catalogue)
    for rule in SHIPPED
]
"""Every shipped rule, to be tested by itself."""
