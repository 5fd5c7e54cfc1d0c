"""An observed id that was most likely meant as a symptom of a rule leaves that symptom unreported."""

from __future__ import annotations

from pathlib import Path

import pytest

from needfix.cases import plain
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import OLD, answer, decide, load, mail, rule

TWO = [{"id": "mail-queue-grows", "text": "The queue grows"}, {"id": "store-stops", "text": "It stops"}]
CONFIRM, WAIT = "fix-required, confirm-symptoms", "fix-required, wait"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mail-queue-grow", CONFIRM),
        ("mail_queue_grows", CONFIRM),
        ("Mail Queue grows", CONFIRM),
        ("Q100001", CONFIRM),
        ("KB100001/*", CONFIRM),
        ("q100001/queue", CONFIRM),
        ("Unknown", CONFIRM),
        ("Q100002/mail-queue-grow", WAIT),
        ("Q100002/mail-queue-grows", WAIT),
        ("disk-is-full", WAIT),
        ("Q100002", WAIT),
    ],
)
def test_an_id_that_resembles_a_symptom_denies_none(tmp_path: Path, name: str, expected: str) -> None:
    catalogue = load(tmp_path, rule(symptoms=TWO, apply="if-symptoms"))
    facts = mail(info=OLD, symptoms={"observed": [name]}, complete=["symptoms"])
    found = decide(catalogue, facts)
    assert answer(found) == expected
    assert plain.decide(catalogue, facts)["Q100001"] == (found.decision, found.action)
    assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])


def test_what_is_reported_absent_stays_absent(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(symptoms=TWO, apply="if-symptoms"))
    absent = [one["id"] for one in TWO]
    symptoms = {"observed": ["mail-queue-grow"], "absent": absent}
    facts = mail(info=OLD, symptoms=symptoms, complete=["symptoms"])
    assert answer(decide(catalogue, facts)) == WAIT
