"""The network against the table of decisions, written down a second time in plain Python."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from needfix.errors import InferenceError
from needfix.infer import inference
from needfix.infer.inference import infer, infer_anew
from needfix.model.evidence import DOMAIN, Evidence

BASE = Evidence("yes", "outdated", "met", "unreported", "always", "not-affected", "no", "no-list", "unknown")


MEMORY = Path("/proc/self/statm")


def all_evidence() -> Iterator[Evidence]:
    rows: Iterator[Any] = product(*DOMAIN.values())
    return (Evidence(*row) for row in rows)


OBSERVED = ("observed", "observed-for-rule")


def decision_by_table(e: Evidence) -> str:
    """The rows of the table of decisions, in its order."""
    if e.affected == "no":
        return "not-affected"
    if e.affected == "contradicted":
        return "undetermined"
    if "present" in (e.files, e.superseded):
        return "fix-present"
    if e.files == "absent" and e.if_missing == "not-affected":
        return "not-affected"
    if e.affected == "unknown":
        return "undetermined"
    return "fix-required" if e.files in ("outdated", "partial", "absent") else "undetermined"


def action_by_table(e: Evidence, decision: str) -> str:
    """The last column of the table."""
    if decision == "not-affected":
        speaks_against = e.claimed == "installed" or e.symptoms == "observed-for-rule"
        return "investigate" if speaks_against else "none"
    if decision == "fix-present":
        if e.running in ("old", "pending"):
            return "restart"
        return "investigate" if e.symptoms in OBSERVED or e.setting == "needed" else "none"
    return _action_where_required(e) if decision == "fix-required" else "investigate"


def _action_where_required(e: Evidence) -> str:
    if e.claimed == "installed" and e.running == "pending":
        return "restart"
    if e.apply == "if-symptoms" and e.symptoms not in OBSERVED:
        return "wait" if e.symptoms == "absent" else "confirm-symptoms"
    return "upgrade-first" if e.requires == "unmet" else "apply"


def remarks_by_table(e: Evidence, decision: str) -> set[str | None]:
    """The facts that speak against the decision, and what its action rests on."""
    found: set[str | None] = {_claim(e, decision)} if e.claimed == "installed" else set()
    if decision == "fix-present" and e.symptoms in OBSERVED:
        found.add("symptom-despite-fix")
    if decision == "fix-present" and e.setting == "needed":
        found.add("needs-setting")
    if decision == "not-affected" and e.symptoms in OBSERVED:
        found.add("symptom-observed")
    if decision == "fix-required":
        found |= {f"requires-{e.requires}"} - {"requires-met"}
        if e.claimed == "installed" and e.running == "pending":
            found.add("restart-pending")
    return found - {None}


def _claim(e: Evidence, decision: str) -> str | None:
    """What is said of a hotfix that the server lists as installed."""
    if decision == "fix-present":
        return None
    if decision == "undetermined":
        return "claimed-but-unproved"
    if e.affected == "no":
        return "claimed-but-not-affected"
    return "claimed-but-files-missing" if e.files == "absent" else "claimed-but-files-older"


def differs(e: Evidence) -> bool:
    got, decision = infer_anew(e), decision_by_table(e)
    return (
        got.decision != decision
        or got.action != action_by_table(e, decision)
        or set(got.remarks) != remarks_by_table(e, decision)
    )


def test_every_evidence_is_decided_as_the_table_says() -> None:
    evidence = list(all_evidence())
    assert len(evidence) == len(set(evidence)) == 55_296
    assert [e for e in evidence if differs(e)] == []


def test_what_a_product_that_is_not_affected_shows_beside_claims_and_symptoms_changes_nothing() -> None:
    """Rules that do not affect a server are inferred from these three fields only."""
    for e in all_evidence():
        if e.affected == "no":
            bare = BASE._replace(affected="no", claimed=e.claimed, symptoms=e.symptoms)
            assert infer(e) == infer(bare)


def test_remembered_answers_are_those_inferred_anew() -> None:
    for e in list(all_evidence())[::97]:
        assert infer(e) == infer_anew(e) == infer(e)


def test_one_decision_row_and_one_action_row_fire() -> None:
    decisions = {row.name for row in inference.DECISIONS}
    actions = {row.name for row in inference.ACTIONS}
    for e in list(all_evidence())[::13]:
        fired = infer(e).fired
        assert len(decisions.intersection(fired)) == 1
        assert len(actions.intersection(fired)) == 1


def test_every_row_of_the_network_fires_for_some_evidence() -> None:
    fired = {name for e in all_evidence() for name in infer(e).fired}
    rows = (*inference.DECISIONS, *inference.ACTIONS, *inference.REMARKS)
    assert fired == {row.name for row in rows}


@pytest.mark.parametrize("field", DOMAIN)
@pytest.mark.parametrize("value", ["", "maybe", "Yes", 'yes"', "yes\0", "y" * 100_000, None, 1, "{}", "é"])
def test_outside_the_domain_nothing_is_decided(field: str, value: object) -> None:
    changed: dict[str, Any] = {field: value}
    for call in (infer, infer_anew):
        with pytest.raises(InferenceError):
            call(BASE._replace(**changed))


def test_after_a_failure_the_next_answer_is_right() -> None:
    with pytest.raises(InferenceError):
        infer_anew(BASE._replace(files="perhaps"))  # type: ignore[arg-type]
    assert infer_anew(BASE).decision == "fix-required"


def test_eight_threads_at_once_get_no_wrong_answer() -> None:
    evidence = list(all_evidence())[::7]

    def wrong(start: int) -> int:
        return sum(differs(e) for e in evidence[start:] + evidence[:start])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(wrong, range(0, 1600, 200))) == [0] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_answers_right_and_so_does_its_parent() -> None:
    infer_anew(BASE)
    child = os.fork()
    if child == 0:
        wrong = 1
        try:
            wrong = sum(differs(e) for e in list(all_evidence())[::101])
        finally:
            os._exit(1 if wrong else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not differs(BASE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_lock_held_at_the_fork_does_not_stop_the_child() -> None:
    infer_anew(BASE)
    network = inference._network()  # noqa: SLF001 - the one place where the lock is
    with network._lock:  # noqa: SLF001
        child = os.fork()
        if child == 0:
            wrong = True
            signal.alarm(30)
            try:
                wrong = differs(BASE)
            finally:
                os._exit(1 if wrong else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not MEMORY.exists(), reason="this system does not report the memory in use")
def test_the_same_evidence_again_and_again_keeps_memory_flat() -> None:
    for _ in range(1000):
        infer_anew(BASE)
    before = in_use()
    for _ in range(1000):
        infer_anew(BASE)
    # A fact that is kept costs 8 KB, so a leak would be 8 MB.
    assert in_use() - before < 2 << 20


def in_use() -> int:
    return int(MEMORY.read_text().split()[1]) * resource.getpagesize()
