"""Results of cases as people read them: what failed in full, then the counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from needfix.model.case_report import CaseReport, WrittenCases
from needfix.model.case_result import CaseDecision, CaseResult, Status
from needfix.printable import printable
from needfix.report.cases.coverage import coverage_lines
from needfix.report.cases.mutation import mutation_lines
from needfix.report.columns import aligned
from needfix.report.style import Style, View, plural

_COLOURS: dict[Status, str] = {"pass": "fix-present", "fail": "error", "error": "error", "skipped": "warning"}


def write_text(out: TextIO, report: CaseReport, view: View) -> None:
    """Write what does not pass in full, and what passes where the view is `whole`; then a line of counts."""
    shown = (result for result in report.results if view.whole or result.status != "pass")
    lines = [
        *(line for written in report.written for line in _written(written)),
        *(line for result in shown for line in result_lines(result, view.style)),
    ]
    lines.append(total(report))
    if report.coverage is not None:
        lines.extend(coverage_lines(report.coverage, view))
    if report.mutation is not None:
        lines.extend(mutation_lines(report.mutation, view))
    out.writelines(f"{line}\n" for line in lines)


def _written(written: WrittenCases) -> Iterator[str]:
    if written.cases:
        cases = plural(written.cases, "case")
        yield f"{printable(str(written.at))}: {cases} written into {written.rule}, to review"
    for one in written.unreachable:
        yield printable(f"{one.at}: no case for {one.what}: {one.why}")


def result_lines(result: CaseResult, style: Style) -> Iterator[str]:
    """One result: its position, what was expected and decided, and why."""
    status = style.paint(result.status.upper(), _COLOURS[result.status])
    yield f"{printable(str(result.at))}: {status} {printable(result.name)}"
    if result.status == "fail" and result.answer is not None:
        yield f"    expected {_expected(result)}"
        yield f"    was      {result.answer.decision}, {result.answer.action}"
        missing = set(result.expected.reasons) - {reason.code for reason in result.answer.reasons}
        if missing:
            yield f"    missing  {', '.join(sorted(missing))}"
        yield from (f"    because  {printable(line)}" for line in answer_lines(result.answer))
    else:
        yield from (f"    {printable(line)}" for why in result.why for line in why.splitlines())


def _expected(result: CaseResult) -> str:
    expected = result.expected
    action = f", {expected.action}" if expected.action else ""
    reasons = f", with {', '.join(expected.reasons)}" if expected.reasons else ""
    return f"{expected.decision}{action}{reasons}"


def total(report: CaseReport) -> str:
    """How many rules and cases there are, and what came of them."""
    counts = report.counts()
    outcome = (
        f"{counts['pass']} passed, {counts['fail']} failed, {plural(counts['error'], 'error')}, "
        f"{counts['skipped']} skipped"
    )
    review = f"; {report.awaiting_review} to review" if report.awaiting_review else ""
    return f"{plural(report.rules, 'rule')}, {plural(len(report.results), 'case')}: {outcome}{review}"


def answer_lines(answer: CaseDecision) -> list[str]:
    """The reasons of an answer: code and sentence."""
    return list(aligned([[reason.code, reason.text] for reason in answer.reasons]))
