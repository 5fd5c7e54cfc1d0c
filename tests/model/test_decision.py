from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import needfix
from tests.support.catalogues import NEW, OLD, load, mail, rule


def decisions(folder: Path, *infos: str) -> list[needfix.Decision]:
    return list(needfix.evaluate(load(folder, rule()), [mail(info=info) for info in infos]))


def test_a_decision_cannot_be_changed(tmp_path: Path) -> None:
    (decision,) = decisions(tmp_path, OLD)
    with pytest.raises(AttributeError):
        decision.decision = "fix-present"  # type: ignore[misc]  # that it cannot is what is tested
    with pytest.raises(AttributeError):
        decision.reasons[0].code = "partial"  # type: ignore[misc]  # as above


def test_decisions_compare_by_what_they_say(tmp_path: Path) -> None:
    old, same, new = decisions(tmp_path, OLD, OLD, NEW)
    assert old == same
    assert old != new
    assert len({old, same, new}) == 2
    assert old != ("MAIL01", "Q100001", "fix-required", "apply")


def test_a_decision_takes_its_reasons_to_another_process(tmp_path: Path) -> None:
    (decision,) = decisions(tmp_path, OLD)
    there = pickle.loads(pickle.dumps(decision))  # noqa: S301 - our own bytes
    assert there == decision
    assert there.reasons == decision.reasons
    assert there.as_dict() == decision.as_dict()
    assert pickle.loads(pickle.dumps(there)).reasons == decision.reasons  # noqa: S301 - as above
