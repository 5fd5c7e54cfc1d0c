"""Parts of checklists are shared by threads that make checklists at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest

from needfix.decide.checklist import ChecklistParts
from needfix.decide.engine import engine_of
from tests.support.catalogues import load, rule

LEVELS = ("5.0", "5.0 SP3", "5.5", "5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4", "6.0", "6.0 SP1")
AFFECTED = [list(some) for count in (1, 2, 3) for some in combinations(LEVELS, count)]


@pytest.mark.usefixtures("many_switches")
def test_rules_share_a_scope_only_where_they_concern_the_same_levels(tmp_path: Path) -> None:
    twice = [*AFFECTED, *AFFECTED]
    catalogue = load(tmp_path, *(rule(f"Q{100001 + n}", affects=own) for n, own in enumerate(twice)))
    engine = engine_of(catalogue)
    for _ in range(20):
        parts = ChecklistParts(catalogue, engine.tracked, engine.builds, engine.registry)
        with ThreadPoolExecutor(4) as pool:
            scopes = list(pool.map(parts.scope, catalogue))
        affected: dict[object, set[object]] = {}
        for scope, own in zip(scopes, catalogue, strict=True):
            affected.setdefault(scope, set()).add(own.affects)
        assert all(len(same) == 1 for same in affected.values())
        assert len(affected) == len(AFFECTED)
