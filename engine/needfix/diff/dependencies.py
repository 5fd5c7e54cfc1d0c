"""Which rules a rule's decision can depend on, in either version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from needfix.catalogue import Catalogue


def dependencies(*catalogues: Catalogue) -> Callable[[str], tuple[str, ...]]:
    """Takes the id of a rule without case, and returns all rules that matter for it, itself included."""
    direct: dict[str, dict[str, None]] = {}
    for catalogue in catalogues:
        for folded, rule_id in catalogue.ids.items():
            named = (
                *catalogue.required_rules(catalogue.rules[rule_id]),
                *catalogue.superseded_by.get(rule_id, ()),
            )
            direct.setdefault(folded, {}).update(dict.fromkeys(map(str.casefold, named)))
    return cache(lambda folded: tuple(_reached(folded, direct)))


def _reached(start: str, direct: Mapping[str, Iterable[str]]) -> dict[str, None]:
    reached: dict[str, None] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here in direct and here not in reached:
            reached[here] = None
            waiting.extend(direct[here])
    return reached
