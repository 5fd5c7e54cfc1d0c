from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import rule

Seen = dict[str, Any]


def symptom(*observe: Seen, name: str = "queues-grow") -> dict[str, Any]:
    return {"id": name, "text": "The queues grow", **({"observe": list(observe)} if observe else {})}


def test_a_restriction_to_symptoms_that_there_are_none_of(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF401", rule(apply="if-symptoms"))
    assert (found.severity, found.rule) == ("error", "Q100001")
    assert line(tmp_path, found) == "apply: if-symptoms"
    assert shown(tmp_path, "NF401", rule(), rule("Q2", apply="if-symptoms", symptoms=[symptom()])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"source": "IS", "id": 5}, {"source": "is", "id": 5}),
        ({"source": "IS", "contains": "dead lock"}, {"source": "IS", "contains": "Dead\n  Lock"}),
        ({"service": "IS", "state": "stopped"}, {"service": "is", "state": "Stopped"}),
        ({"service": "IS", "state": "stop pending"}, {"service": "IS", "state": "stopping"}),
        ({"counter": "q", "above": 5, "for": "10m"}, {"counter": "Q", "above": 5.0, "for": "600s"}),
    ],
)
def test_the_same_observation_twice(tmp_path: Path, one: Seen, other: Seen) -> None:
    (found,) = findings(tmp_path, "NF402", rule(symptoms=[symptom(one, other)]))
    assert (found.severity, found.rule) == ("warning", "Q100001")
    assert found.what == "observation 2 of queues-grow is the same as observation 1"
    assert shown(tmp_path, "NF403", rule(symptoms=[symptom(one, other)])) == []


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ({"counter": "q", "above": 200}, {"counter": "q", "above": 100}),
        ({"counter": "q", "above": 100, "for": "10m"}, {"counter": "q", "above": 100}),
        ({"counter": "q", "above": 100, "for": "10m"}, {"counter": "q", "above": 50, "for": "5m"}),
        ({"source": "IS", "id": 5, "contains": "x"}, {"source": "IS", "id": 5}),
        ({"source": "IS", "id": 5, "contains": "dead lock"}, {"source": "IS", "contains": "Lock"}),
    ],
)
def test_an_observation_that_a_wider_one_covers(tmp_path: Path, narrow: Seen, wide: Seen) -> None:
    for order in ([narrow, wide], [wide, narrow]):
        (found,) = findings(tmp_path, "NF403", rule(symptoms=[symptom(*order)]))
        assert found.severity == "warning"
        assert " of queues-grow never occurs without " in found.what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"counter": "q", "above": 200}, {"counter": "q", "above": 100, "for": "10m"}),
        ({"counter": "q", "above": 200}, {"counter": "r", "above": 100}),
        ({"source": "IS", "id": 5}, {"source": "IS", "id": 6}),
        ({"source": "IS", "id": 5, "contains": "x"}, {"source": "IS", "id": 5, "contains": "y"}),
        ({"source": "IS", "id": 5}, {"source": "MTA", "id": 5}),
        ({"service": "IS", "state": "stopped"}, {"service": "IS", "state": "stopping"}),
    ],
)
def test_observations_that_show_different_things(tmp_path: Path, one: Seen, other: Seen) -> None:
    for code in ("NF402", "NF403", "NF405"):
        assert shown(tmp_path, code, rule(symptoms=[symptom(one, other)])) == []


def test_two_symptoms_that_telemetry_cannot_distinguish(tmp_path: Path) -> None:
    one, two = {"source": "IS", "id": 5}, {"counter": "q", "above": 5}
    symptoms = [symptom(one, two), symptom(two, one, name="mail-waits"), symptom(one, name="other")]
    (found,) = findings(tmp_path, "NF404", rule(symptoms=symptoms))
    assert (found.severity, found.what) == (
        "warning",
        "mail-waits has the same observations as queues-grow",
    )
    assert shown(tmp_path, "NF404", rule(symptoms=[symptom(), symptom(name="mail-waits")])) == []


@pytest.mark.parametrize(
    ("seen", "what", "hint"),
    [
        (
            {"service": "IS", "state": "stoped"},
            "'stoped' is not a state of a service",
            "did you mean 'stopped'?",
        ),
        (
            {"service": "IS", "state": "quarantined"},
            "'quarantined' is not a state of a service",
            "write one of continuing, paused,",
        ),
        ({"source": "IS", "id": -5}, "no event has the id -5", "correct the id"),
    ],
)
def test_what_nothing_can_show(tmp_path: Path, seen: Seen, what: str, hint: str) -> None:
    (found,) = findings(tmp_path, "NF405", rule(symptoms=[symptom(seen)]))
    assert found.what == f"this observation of queues-grow can never occur: {what}"
    assert found.hint.startswith(hint)


@pytest.mark.parametrize("state", ["Running", "stop_pending", "StopPending", "3"])
def test_a_state_that_is_known_by_one_of_its_names(tmp_path: Path, state: str) -> None:
    assert shown(tmp_path, "NF405", rule(symptoms=[symptom({"service": "IS", "state": state})])) == []
