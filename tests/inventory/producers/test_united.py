"""Rows of queries that change in the course of time, and logs that are larger than what is kept in memory."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needfix.errors import Position, Problem
from needfix.intake.limits import ENTRIES
from needfix.intake.notes import Notes
from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.gathering import Gathering
from needfix.inventory.producers.united import United
from needfix.model.inventory_options import Naming
from needfix.model.server import Server
from tests.support.laws import tried

AT = Position("x.log", 1)


def row(
    path: str, time: float = 0, version: str = "1.2.3.4", *, removes: bool = False, replaces: bool = False
) -> Facts:
    found = Facts.of("A", AT, files=[{"path": path, "version": version}])
    return found._replace(group="query", time=1 + time, removes=removes, replaces=replaces)


def undated(facts: Facts) -> Facts:
    """The same at a time that is not known."""
    return facts._replace(time=0)


def files(*rows: Facts) -> list[str]:
    united = United()
    for facts in sorted(rows, key=lambda own: (own.time, not own.removes)):
        united.add(facts)
    return [f"{one['path']} {one['version']}" for one in united.record().get("files", [])]


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([row("a"), row("b")], ["a 1.2.3.4", "b 1.2.3.4"]),
        ([row("a"), row("a", 1, removes=True)], []),
        ([row("a", 1), row("a", removes=True)], ["a 1.2.3.4"]),
        ([row("a"), row("a", 1, "1.2.3.5")], ["a 1.2.3.5"]),
        ([row("a", 1), row("A", 1, "1.2.3.5")], ["a 1.2.3.4", "A 1.2.3.5"]),
        ([row("a"), row("a", 1, removes=True), row("a", 1, "1.2.3.5")], ["a 1.2.3.5"]),
        ([row("a"), row("b", 1, replaces=True), row("c", 1, replaces=True)], ["b 1.2.3.4", "c 1.2.3.4"]),
        ([row("a"), Facts("A", AT, {}, group="query", time=2, replaces=True)], []),
        ([row("a", replaces=True), row("b", 1), row("a", 2, removes=True)], ["b 1.2.3.4"]),
        ([row("a"), row("b", 1, removes=True)], ["a 1.2.3.4"]),
        ([row("a"), undated(row("a", removes=True))], []),
        ([undated(row("a")), undated(row("a", removes=True)), row("b")], ["b 1.2.3.4"]),
        ([undated(row("a")), row("a", removes=True)], []),
        ([undated(row("a")), row("a", 1, "1.2.3.5")], ["a 1.2.3.4", "a 1.2.3.5"]),
        ([undated(row("a")), row("b", replaces=True)], ["a 1.2.3.4", "b 1.2.3.4"]),
    ],
)
def test_what_is_left_of_a_query(rows: list[Facts], left: list[str]) -> None:
    assert files(*rows) == left


def products(*lists: Facts) -> list[str]:
    united = United()
    for facts in lists:
        united.add(facts)
    return [one["name"] for one in united.record()["products"]]


def test_a_whole_list_of_products_and_lists_of_some() -> None:
    some = Facts.of("A", AT, products=[{"name": "Mail"}, OTHERS])
    whole = Facts.of("A", AT, products=[{"name": "Agent"}, OTHERS])._replace(is_whole=True)
    assert products(some, some) == ["Mail", "..."]
    assert products(some, whole) == ["Mail", "Agent"]


ROWS = st.builds(
    row,
    st.sampled_from("abc"),
    st.integers(0, 4),
    st.sampled_from(["1.2.3.4", "1.2.3.5"]),
    removes=st.booleans(),
)


@given(st.lists(st.tuples(st.sampled_from(["A", "B", None]), ROWS), max_size=200), st.integers(1, 9))
@tried(30)
def test_files_of_rows_are_united_as_rows_in_memory(rows: list[tuple[str | None, Facts]], most: int) -> None:
    assert _gathered(rows, most) == _gathered(rows, 10_000)


def _gathered(rows: list[tuple[str | None, Facts]], most: int) -> list[Any]:
    gathering = Gathering("x.log", Naming("C"), Notes(), most)
    for name, facts in rows:
        gathering.add(facts._replace(server=name))
    return list(gathering.items())


def test_more_rows_than_a_record_may_have() -> None:
    gathering = Gathering("x.log", Naming(), Notes())
    for number in range(ENTRIES + 1):
        gathering.add(Facts("A", AT, {"hotfixes": [f"KB{number}"]}))
    gathering.add(Facts("B", AT, {"hotfixes": ["KB1"]}))
    problem, server = gathering.items()
    assert isinstance(problem, Problem)
    assert (problem.code, problem.server) == ("too-large", "A")
    assert server == Server("B", hotfixes=("KB1",))


def test_rows_that_are_gone_do_not_count() -> None:
    gathering = Gathering("x.log", Naming(), Notes(), 50_000)
    for number in range(ENTRIES + 1):
        entries = {"hotfixes": [f"KB{number % 7}"]}
        gathering.add(
            Facts("A", AT, entries, group="query", time=number, removes=number % 2 == 1, replaces=True)
        )
    (server,) = gathering.items()
    assert isinstance(server, Server)
