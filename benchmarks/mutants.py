"""How long the mutants of 100 rules take, against one run of their cases.

The rules are those whose own cases detect every mutant; of rules made of a build table a test does that.
"""

from __future__ import annotations

import time
from itertools import cycle, islice

from needfix.cases.mutation import mutate
from needfix.cases.testing import Suite, collect, run
from needfix.catalogue.shipped import shipped_rules

RULES = 100


def mutants_of_100_rules() -> tuple[float, float, int]:
    """Seconds of all mutants, of all cases once, and how many mutants there are."""
    shipped = collect([str(shipped_rules() / "exchange-5.5")])
    rules = tuple(islice(cycle(shipped.rules), RULES))
    suite = Suite(shipped.items, rules)
    begin = time.perf_counter()
    failed = [item.name for rule in rules for item in rule.items if run(item).status != "pass"]
    middle = time.perf_counter()
    found = mutate(suite)
    seconds = time.perf_counter() - middle
    if failed or found.count("survived"):
        raise SystemExit(f"cases fail, or do not detect a mutant: {failed}")
    return seconds, middle - begin, len(found.mutants)
