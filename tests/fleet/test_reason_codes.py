"""Lists of reason codes have one number each, however many threads ask for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import numpy as np
import pytest

from needfix import load_catalogue
from needfix.fleet.engine import fleet_engine_of
from needfix.fleet.reason_codes import ReasonCodes
from needfix.model.reason_codes import REASON_CODES

LISTS = list(permutations(list(REASON_CODES)[:8], 4))


@pytest.mark.usefixtures("many_switches")
def test_each_list_keeps_its_number_while_threads_ask_for_others() -> None:
    known = ReasonCodes(fleet_engine_of(load_catalogue()))

    def ask(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known.lists(np.array([known.number(codes)])).to_pylist()[0])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, LISTS)) == LISTS
