"""A smaller example of a violation: fewer rules, and a server with fewer facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from random import Random
from typing import Any, NamedTuple

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.model.server import Server
from tests.support.less_information import Decider, Violation, check, groups_of

_TRIES = 3
"""How often the same server is tried with other values that say nothing."""

_LISTS = ("files", "products", "events", "services", "counters", "hotfixes", "registry")
_SETS = ("complete", "observed", "absent")
_SINGLE = ("restart_pending", "collected", "products", "hotfixes")


class Example(NamedTuple):
    """A violation, with its catalogue and the seed that leads to it."""

    catalogue: Catalogue
    seed: int
    found: Violation

    @property
    def size(self) -> int:
        """How much there is to read."""
        return len(self.text())

    def text(self) -> str:
        """The violation in lines."""
        found = self.found
        rules = [_without_defaults(rule) for rule in self.catalogue]
        products = [_without_defaults(product) for product in self.catalogue.products.values()]
        return "\n".join(
            [
                f"clause {found.clause}, {found.rule}, seed {self.seed}: without {', '.join(found.changes)}",
                f"  {_answer(found.before)}  →  {_answer(found.after)}",
                f"  server    {_without_defaults(found.server)}",
                f"  with less {_without_defaults(found.degraded)}",
                *(f"  {one}" for one in (*rules, *products)),
            ]
        )


def shrunk(example: Example, decide: Decider) -> Example:
    """An example of the same violation from which nothing more can be taken."""
    found = True
    while found:
        found = False
        for smaller in _smaller(example):
            kept = _still_violated(example, smaller, decide)
            if kept is not None:
                example, found = kept, True
                break
    return example


def _still_violated(example: Example, smaller: tuple[Catalogue, Server], decide: Decider) -> Example | None:
    catalogue, server = smaller
    kind = example.found.clause, example.found.rule, example.found.before[0], example.found.after[0]
    for seed in range(_TRIES):
        groups = groups_of(catalogue, [server], Random(seed))  # noqa: S311 - a sample
        for found in check(catalogue, groups, decide):
            is_same = (found.clause, found.rule, found.before[0], found.after[0]) == kind
            if is_same and len(found.changes) <= len(example.found.changes):
                return Example(catalogue, example.seed, found)
    return None


def _smaller(example: Example) -> Iterator[tuple[Catalogue, Server]]:
    server = example.found.server
    for rule in example.catalogue:
        if rule.id != example.found.rule:
            left = [one for one in example.catalogue if one is not rule]
            yield assemble(left, example.catalogue.products, []), server
    for one in _smaller_servers(server):
        yield example.catalogue, one


def _smaller_servers(server: Server) -> Iterator[Server]:
    for key in _SINGLE:
        if getattr(server, key) is not None:
            yield _with(server, key, None)
    for key in _LISTS:
        entries = getattr(server, key) or ()
        for number in range(len(entries)):
            yield _with(server, key, entries[:number] + entries[number + 1 :])
    for key in _SETS:
        for one in getattr(server, key) or ():
            yield _with(server, key, getattr(server, key) - {one})
    for key in ("files", "products"):
        entries = getattr(server, key) or ()
        for number, entry in enumerate(entries):
            for less in _smaller_entries(entry):
                yield _with(server, key, (*entries[:number], less, *entries[number + 1 :]))


def _smaller_entries(entry: Any) -> Iterator[Any]:  # noqa: ANN401 - a product or a file
    for own in fields(entry):
        if own.name != "name" and getattr(entry, own.name) is not None:
            values: dict[str, Any] = {own.name: None}
            yield replace(entry, **values)


def _with(server: Server, key: str, value: object) -> Server:
    values: dict[str, Any] = {key: value}
    if key == "files" and not value:  # no list of all files is empty
        values["complete"] = server.complete - {"files"}
    return replace(server, **values)


def _answer(answer: tuple[object, ...]) -> str:
    decision, action, codes = answer
    listed = ", ".join(sorted(codes)) if isinstance(codes, frozenset) else ""
    return f"{decision}, {action} ({listed})"


def _without_defaults(value: object) -> str:
    """A value of a data class, with those of its fields only that say something."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_without_defaults, value)) + "]"
    if not hasattr(value, "__dataclass_fields__") or isinstance(value, type):
        return str(value)
    parts = [
        f"{own.name}={_without_defaults(getattr(value, own.name))}"
        for own in fields(value)  # type: ignore[arg-type]
        if own.compare and getattr(value, own.name) not in (None, (), frozenset(), "", {})
    ]
    return f"{type(value).__name__}({', '.join(parts)})"
