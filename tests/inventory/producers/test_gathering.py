"""Facts of objects, gathered into one record for each server."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from needfix.errors import Position
from needfix.intake.notes import Notes
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.gathering import Gathering
from needfix.model.inventory_options import Naming
from needfix.model.server import Server

NAMES = st.sampled_from(["a", "A", "b", "c", None])
OBJECTS = st.lists(st.tuples(NAMES, st.integers(0, 9)), max_size=30)


def gathered(objects: list[tuple[str | None, int]], most: int, naming: Naming) -> list[object]:
    gathering = Gathering("x.json", naming, Notes(), most)
    for line, (name, number) in enumerate(objects, 1):
        gathering.add(Facts.of(name, Position("x.json", line), hotfixes=[f"KB{number:06}"]))
    return list(gathering.items())


@given(OBJECTS, st.integers(1, 5))
def test_objects_in_files_are_gathered_as_those_in_memory(
    objects: list[tuple[str | None, int]], most: int
) -> None:
    naming = Naming("B")
    found = gathered(objects, most, naming)
    assert found == gathered(objects, 1000, naming)
    expected: dict[str, set[str]] = {}
    names = {name.casefold() for name, _ in objects if name}
    other = names.pop() if len(names) == 1 else "b"
    for name, number in objects:
        expected.setdefault((name or other).casefold(), set()).add(f"KB{number:06}")
    servers = [one for one in found if isinstance(one, Server)]
    assert {one.server.casefold(): set(one.hotfixes or ()) for one in servers} == expected
    assert len(servers) == len(found)
