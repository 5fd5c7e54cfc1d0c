"""JUnit XML of any results is what the schema of Jenkins takes, and has what the one of Ant asks for."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from needfix.errors import Position
from needfix.model.case_report import CaseReport
from needfix.model.case_result import STATUSES, CaseDecision, CaseResult, Expectation
from needfix.model.decision import Reason
from tests.report.support import rendered

# The schema of the xUnit plugin of Jenkins, under the licence that stands in it.
SCHEMA = xmlschema.XMLSchema(str(Path(__file__).with_name("junit-10.xsd")))
ANT_SUITE = {
    "name",
    "package",
    "id",
    "tests",
    "failures",
    "errors",
    "skipped",
    "time",
    "hostname",
    "timestamp",
}

texts = st.text(min_size=1, max_size=20)
answers = st.builds(
    CaseDecision,
    st.just("fix-present"),
    st.just("none"),
    st.lists(st.builds(Reason, st.just("partial"), texts), max_size=2).map(tuple),
)
results = st.builds(
    CaseResult,
    rule=texts,
    case=texts,
    at=st.builds(Position, st.sampled_from(["a.yaml", "b & c.yaml"]), st.integers(1, 99)),
    status=st.sampled_from(STATUSES),
    expected=st.just(Expectation("fix-required")),
    answer=st.none() | answers,
    why=st.lists(texts, max_size=2).map(tuple),
    seconds=st.floats(0, 5000),
)


def junit(found: list[CaseResult]) -> str:
    return rendered("cases", "junit", CaseReport(1, tuple(found)))


@given(st.lists(results, max_size=4))
def test_any_results_make_a_valid_document(found: list[CaseResult]) -> None:
    assert [error.reason for error in SCHEMA.iter_errors(junit(found))] == []


@given(st.lists(results, min_size=1, max_size=4))
def test_suites_have_what_ant_asks_for(found: list[CaseResult]) -> None:
    suites = ET.fromstring(junit(found))  # noqa: S314 - our own
    assert suites.attrib == {}
    for number, suite in enumerate(suites):
        assert set(suite.attrib) == ANT_SUITE
        assert suite.get("id") == str(number)
        children = [child.tag for child in suite]
        assert children == ["properties", *["testcase"] * (len(suite) - 3), "system-out", "system-err"]
        assert all({"name", "classname", "time"} == set(case.attrib) for case in suite.iter("testcase"))


def test_the_counts_are_those_of_the_cases() -> None:
    found = [
        CaseResult("Q1", status, Position("a.yaml", 1), status, Expectation("fix-required"), why=("why",))
        for status in STATUSES
    ]
    (suite,) = ET.fromstring(junit(found))  # noqa: S314 - our own
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["4", "1", "1", "1"]
