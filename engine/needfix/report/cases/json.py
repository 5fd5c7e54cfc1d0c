"""Results of cases as JSON: every case, then the counts."""

from __future__ import annotations

from typing import Any, TextIO

from needfix.model.case_report import CaseReport
from needfix.model.case_result import CaseDecision, CaseResult, Expectation
from needfix.printable import json_text
from needfix.report.cases.coverage import coverage_document
from needfix.report.cases.mutation import mutation_document
from needfix.report.style import View


def write_json(out: TextIO, report: CaseReport, view: View) -> None:
    """Write one object."""
    del view
    document: dict[str, Any] = {
        "results": [_result(result) for result in report.results],
        "summary": {
            "rules": report.rules,
            "cases": len(report.results),
            **{str(status): number for status, number in report.counts().items()},
            "to_review": report.awaiting_review,
        },
    }
    if report.written:
        document["written"] = [
            {
                "rule": one.rule,
                "file": one.at.file,
                "cases": one.cases,
                "unreachable": [
                    {"line": none.at.line, "column": none.at.column, "what": none.what, "why": none.why}
                    for none in one.unreachable
                ],
            }
            for one in report.written
        ]
    if report.coverage is not None:
        document["coverage"] = coverage_document(report.coverage)
    if report.mutation is not None:
        document["mutation"] = mutation_document(report.mutation)
    out.write(json_text(document, indent=1) + "\n")


def _result(result: CaseResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "case": result.case,
        "status": result.status,
        "file": result.at.file,
        "line": result.at.line,
        "column": result.at.column,
        "expected": _expected(result.expected),
        "actual": _answer(result.answer) if result.answer is not None else None,
        "why": list(result.why),
        "review": result.review,
        "seconds": round(result.seconds, 6),
    }


def _expected(expected: Expectation) -> dict[str, Any]:
    return {
        "decision": expected.decision,
        "action": expected.action,
        "reasons": list(expected.reasons),
    }


def _answer(answer: CaseDecision) -> dict[str, Any]:
    return {
        "decision": answer.decision,
        "action": answer.action,
        "reasons": [reason.as_dict() for reason in answer.reasons],
    }
