"""Rules that cannot be loaded together: repeated ids, and circular dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.places import position_of
from needfix.lint.check import Check, Detection
from needfix.model.requirement import alternatives
from needfix.model.rule import KeyPath, Rule


class _Link(NamedTuple):
    """An item through which one rule depends on another, and its number among all items."""

    number: int
    rule: Rule
    at: KeyPath
    named: str

    @property
    def key(self) -> str:
        """`supersedes` or `requires`."""
        return "supersedes" if self.at[0] == "supersedes" else "requires"

    def __str__(self) -> str:
        return f"{self.rule.id} {self.key} {self.named}"


_Graph = dict[str, dict[str, _Link]]
"""For each rule, the rules decided before it, with the last item that requires this."""


_MOST_CIRCLES = 100
"""The most circles reported in one run; removing one item often ends many."""


def _repeated(catalogue: Catalogue) -> Iterator[Detection]:
    for rule in catalogue.repeated:
        first = catalogue.rules[catalogue.known_id(rule.id)]
        hint = f"remove one of the two, or give it its own id; the other is at {position_of(first)}"
        yield Detection(rule, position_of(rule, ("id",)), f"another rule already has the id {first.id}", hint)


def _circles(catalogue: Catalogue) -> Iterator[Detection]:
    edges = list(_edges(catalogue))
    for before, after, link in edges:
        if before == after:
            what = f"{link.key!r} names the rule itself"
            yield Detection(link.rule, position_of(link.rule, link.at), what, "remove it")
    graph = _graph(catalogue, edges)
    for circle in islice(iter(lambda: _circle(graph), None), _MOST_CIRCLES):
        steps = [(graph[after][before], before, after) for before, after in pairwise(circle)]
        last, before, after = max(steps, key=lambda step: step[0].number)
        del graph[after][before]
        what = f"this item closes a circle: {', '.join(str(link) for link, _, _ in steps)}"
        yield Detection(
            last.rule, position_of(last.rule, last.at), what, "remove this item or another one of the circle"
        )


def _circle(graph: _Graph) -> list[str] | None:
    """Rules that each depend on the one before; the first is also the last."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return None


def _graph(catalogue: Catalogue, edges: Iterable[tuple[str, str, _Link]]) -> _Graph:
    graph: _Graph = {rule.id: {} for rule in catalogue}
    for before, after, link in edges:
        if before != after:
            graph[after][before] = link
    return graph


def _edges(catalogue: Catalogue) -> Iterator[tuple[str, str, _Link]]:
    """Pairs of rules, the first decided before the second, and the item that requires this."""
    items = ((rule, at, name) for rule in catalogue for at, name in _items(rule))
    for count, (rule, at, name) in enumerate(items):
        for named in catalogue.meant_by(name):
            link = _Link(count, rule, at, named)
            yield (named, rule.id, link) if link.key == "requires" else (rule.id, named, link)


def _items(rule: Rule) -> Iterator[tuple[KeyPath, str]]:
    """The items that name rules, with their places, in the order of the file."""
    ids: list[tuple[KeyPath, str]] = [
        (("supersedes", number), name) for number, name in enumerate(rule.supersedes)
    ]
    ids += [
        (at, one) for at, entry in rule.requirements for one in alternatives(entry) if isinstance(one, str)
    ]
    return iter(sorted(ids, key=lambda item: position_of(rule, item[0])))


REPEATED = Check(
    "NF106",
    "error",
    "several rules have the same id",
    "decisions are identified by the id, so no other command loads such rules",
    _repeated,
)
CIRCLE = Check(
    "NF107",
    "error",
    "rules require or supersede each other in a circle",
    "each of them is decided after another one, so no other command loads such rules",
    _circles,
)
