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
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import OLD, catalogue_of, mail, rule

STATE = {"service": "MSMailIS", "state": "stopping"}
LISTS = list(permutations(list(REASON_CODES)[:8], 4))


@pytest.mark.usefixtures("many_switches")
def test_each_list_keeps_its_number_while_threads_ask_for_others() -> None:
    known = ReasonCodes(fleet_engine_of(load_catalogue()))

    def ask(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known.lists(np.array([known.number(codes)])).to_pylist()[0])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, LISTS)) == LISTS


@pytest.mark.parametrize("is_first", [True, False])
def test_a_state_is_unreadable_only_on_the_server_that_states_it(*, is_first: bool) -> None:
    symptom = {"id": "store-hangs", "text": "A symptom", "observe": [STATE]}
    catalogue = catalogue_of(rule(apply="if-symptoms", symptoms=[symptom]))
    states = [{"name": "Unknown", "state": "stopping"}, {"name": "MSMailIS", "state": "Wird beendet"}]
    facts = [
        mail(info=OLD, server=f"MAIL-{one['name']}", services=[one])
        for one in (states if is_first else states[::-1])
    ]
    assert fleet_rows(catalogue, piece_of(facts))[0] == single_rows(catalogue, facts)
