"""Work that spares the search for garbage leaves it as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import suppress

import pytest

from needfix.garbage import without_collecting


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """Searching is on before a test and after it."""
    gc.enable()
    yield
    gc.enable()


def test_nothing_is_searched_for_in_between() -> None:
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_searching_goes_on_after_an_error() -> None:
    with suppress(ValueError), without_collecting():
        raise ValueError
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    gc.disable()
    with without_collecting():
        pass
    assert not gc.isenabled()


def test_one_within_another_ends_with_the_outer_one() -> None:
    with without_collecting():
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
