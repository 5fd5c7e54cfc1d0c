"""What threads work on comes in order, few things before the result is taken."""

from __future__ import annotations

from collections.abc import Iterator
from threading import current_thread, main_thread

import pytest

from needfix.fleet.ordered import ahead, in_order


def test_things_come_in_their_order() -> None:
    assert list(in_order(lambda number: number * number, range(50), 3)) == [n * n for n in range(50)]
    assert list(ahead(iter([None, 0, "", 3]))) == [None, 0, "", 3]
    assert list(ahead(iter(()))) == []


def test_only_the_next_thing_is_made_ahead() -> None:
    made: list[int] = []

    def things() -> Iterator[int]:
        for number in range(5):
            assert current_thread() is not main_thread()
            made.append(number)
            yield number

    for number in ahead(things()):
        assert len(made) <= number + 2
    assert made == list(range(5))


def test_what_goes_wrong_is_raised_where_the_result_is_taken() -> None:
    def things() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    found = ahead(things())
    assert next(found) == 1
    with pytest.raises(ValueError, match="broken"):
        next(found)
