"""Findings in every format, from one list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from needfix.errors import Position
from needfix.model.finding import CheckText, Finding, Findings
from tests.report.support import rendered

# As OASIS publishes it, with errata 01.
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))
CHECKS = (CheckText("NF102", "warning", "an unknown rule", "nothing is known of it"),)


def finding(line: int = 3, what: str = "an id", **keys: Any) -> Finding:  # noqa: ANN401 - any field
    known = {
        "rule": "Q1",
        "at": Position("rules/a.yaml", line, 5),
        "what": what,
        "why": "why",
        "hint": "a hint",
    }
    return Finding(**{"code": "NF102", "severity": "warning", **known, **keys})


SILENCED = finding(9, silenced="the article says so")


def render(name: str, *findings: Finding, **keys: Any) -> str:  # noqa: ANN401 - any field
    return rendered("findings", name, Findings(2, findings, checks=CHECKS, **keys))


def sarif(*findings: Finding) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render("sarif", *findings))
    Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_text_counts_what_is_silenced_and_does_not_list_it() -> None:
    assert render("text", finding(), SILENCED).splitlines() == [
        "rules/a.yaml:3:5: warning NF102 Q1: an id",
        "    why: why",
        "    hint: a hint",
        "2 rules: 0 errors, 1 warning, 0 notes, 1 silenced",
    ]


def test_text_lists_first_what_was_repaired_and_what_was_not() -> None:
    assert render("text", repaired=(finding(),), left=(finding(4),)).splitlines() == [
        "rules/a.yaml:3:5: repaired NF102 Q1: an id",
        "rules/a.yaml:4:5: not repaired NF102 Q1: an id: there is no certain repair here",
        "2 rules: 0 errors, 0 warnings, 0 notes, 1 repaired",
    ]


def test_json_has_what_is_silenced_with_its_reason() -> None:
    document = json.loads(render("json", finding(), SILENCED, repaired=(finding(5),)))
    loud, silent = document["findings"]
    assert (loud["suppressed"], "reason" in loud) == (False, False)
    assert (silent["suppressed"], silent["reason"]) == (True, "the article says so")
    assert [one["line"] for one in document["mended"]] == [5]
    assert document["summary"]["warning"] == document["summary"]["suppressed"] == 1


def test_github_has_a_line_for_each_finding_that_is_reported() -> None:
    found = [finding(), finding(4, severity="error"), finding(5, severity="note"), SILENCED]
    *lines, total = render("github", *found).splitlines()
    assert total.endswith("1 error, 1 warning, 1 note, 1 silenced")
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::error", "::notice"]
    assert lines[0].endswith(",line=3,col=5,title=NF102 Q1::an id%0Awhy: why%0Ahint: a hint")


def test_sarif_lists_the_checks_that_ran() -> None:
    driver = sarif()["tool"]["driver"]
    (rule,) = driver["rules"]
    assert (driver["name"], rule["id"], rule["defaultConfiguration"]) == (
        "needfix",
        "NF102",
        {"level": "warning"},
    )
    assert rule["shortDescription"]["text"] == "an unknown rule"
    assert rule["helpUri"].endswith("#nf102")


def test_sarif_states_where_a_finding_is_and_how_severe() -> None:
    (result,) = sarif(finding())["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("NF102", 0, "warning")
    assert result["message"]["text"] == "Q1: an id. Why: why. Hint: a hint."
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert place["artifactLocation"] == {"uri": "rules/a.yaml", "uriBaseId": "%SRCROOT%"}
    whole_line = finding(at=Position("rules/a.yaml", 3))
    assert sarif(whole_line)["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("r ü/50%#?.yaml", {"uri": "r%20%C3%BC/50%25%23%3F.yaml", "uriBaseId": "%SRCROOT%"}),
        ("./a/../c:d.yaml", {"uri": "c%3Ad.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/elsewhere/a b.yaml", {"uri": "file:///elsewhere/a%20b.yaml"}),
    ],
)
def test_sarif_writes_files_as_uris(file: str, uri: dict[str, str]) -> None:
    (result,) = sarif(finding(at=Position(file, 1, 1)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == uri


def test_sarif_has_what_is_silenced_as_suppressed() -> None:
    loud, silent = sarif(finding(), SILENCED)["results"]
    assert loud["suppressions"] == []
    assert silent["suppressions"] == [{"kind": "inSource", "justification": "the article says so"}]


def test_a_fingerprint_stays_when_lines_move_and_distinguishes_findings() -> None:
    def prints(*found: Finding) -> list[str]:
        return [result["partialFingerprints"]["needfixFinding/v1"] for result in sarif(*found)["results"]]

    assert prints(finding(3)) == prints(finding(30, at=Position("moved.yaml", 7, 1)))
    assert len({*prints(finding(), finding(5), finding(what="another"), finding(rule="Q2"))}) == 4
