"""What docs/python.md promises on threads and forks."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest

import needfix
from tests.support import ROOT

INVENTORY = "fixtures/inventories/exchange.json"

FORKED = f"""
import os, needfix
from needfix import fleet
catalogue, servers = needfix.load_catalogue(), list(needfix.read_inventory({INVENTORY!r}))
def answers():
    found = [(one.as_dict()) for one in needfix.evaluate(catalogue, servers)]
    return found, fleet.summary(catalogue, {INVENTORY!r})
before = answers()
child = os.fork()
if child == 0:
    os._exit(int(answers() != before))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert answers() == before
"""


def test_threads_that_share_a_catalogue_decide_like_one() -> None:
    servers = list(needfix.read_inventory(ROOT / INVENTORY))
    expected = [one.as_dict() for one in needfix.evaluate(needfix.load_catalogue(), servers)]
    shared = needfix.load_catalogue()

    def answers(_: None) -> list[dict[str, object]]:
        return [one.as_dict() for one in needfix.evaluate(shared, servers)]

    with ThreadPoolExecutor(8) as threads:
        assert all(found == expected for found in threads.map(answers, repeat(None, 16)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_has_decided_may_fork() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
