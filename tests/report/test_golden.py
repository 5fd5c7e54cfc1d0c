"""Every report format, compared with the reports in fixtures/reports."""

from __future__ import annotations

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from fixtures.write_reports import reports, settled
from needfix.model.decision_schema import decision_schema
from needfix.report.decisions_csv import COLUMNS
from tests.support import ROOT, Needfix, problems_in

REPORTS = ROOT / "fixtures" / "reports"


@pytest.mark.parametrize(("name", "words"), list(reports()), ids=[name for name, _ in reports()])
def test_a_report_is_as_its_golden_file(
    name: str, words: list[str], needfix: Needfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    ran = needfix(*words)
    assert (ran.code, problems_in(ran.err)) == (0, [])
    assert settled(ran.out) == (REPORTS / name).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in REPORTS.iterdir()} == {name for name, _ in reports()}


def test_every_line_of_json_lines_is_a_decision_by_the_schema() -> None:
    schema = Draft202012Validator(decision_schema())
    lines = (REPORTS / "evaluate.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 16
    for line in lines:
        schema.validate(json.loads(line))


def test_json_is_the_list_of_the_same_decisions_with_a_header_and_a_summary() -> None:
    whole = json.loads((REPORTS / "evaluate.json").read_text(encoding="utf-8"))
    assert list(whole) == [
        "format", "needfix", "catalogue", "catalogue_date", "started", "inventories", "rules", "decisions",
        "summary",
    ]  # fmt: skip
    assert (whole["format"], whole["inventories"]) == (1, ["fixtures/inventories/exchange.json"])
    (rule,) = whole["rules"]
    assert (rule["id"], rule["products"], rule["line"]) == ("Q279798", ["exchange-server"], 1)
    lines = (REPORTS / "evaluate.jsonl").read_text(encoding="utf-8").splitlines()
    assert whole["decisions"] == [json.loads(line) for line in lines]
    assert whole["summary"]["servers"] == 16
    assert sum(whole["summary"]["decisions"].values()) == 16


def test_csv_has_the_same_decisions() -> None:
    rows = list(csv.DictReader(io.StringIO((REPORTS / "evaluate.csv").read_text(encoding="utf-8"))))
    whole = json.loads((REPORTS / "evaluate.json").read_text(encoding="utf-8"))
    assert tuple(rows[0]) == COLUMNS
    keys = ("server", "rule", "decision", "action")
    assert [[row[key] for key in keys] for row in rows] == [
        [decision[key] for key in keys] for decision in whole["decisions"]
    ]
