"""Results of cases as GitHub annotations: what fails, at the line of its case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from needfix.model.case_report import CaseReport
from needfix.model.case_result import CaseResult
from needfix.report.cases.coverage import coverage_annotations, coverage_total
from needfix.report.cases.mutation import mutation_annotations, mutation_total
from needfix.report.cases.text import answer_lines, total
from needfix.report.github import annotation
from needfix.report.style import View


def write_annotations(out: TextIO, report: CaseReport, view: View) -> None:
    """Write an error for each case that does not pass, a notice for each that is skipped, then the counts."""
    del view
    lines = [*_annotations(report)]
    if report.coverage is not None:
        lines += [*coverage_annotations(report.coverage), coverage_total(report.coverage)]
    if report.mutation is not None:
        lines += [*mutation_annotations(report.mutation), mutation_total(report.mutation)]
    out.writelines(f"{line}\n" for line in [*lines, total(report)])


def _annotations(report: CaseReport) -> Iterator[str]:
    for result in report.results:
        if result.status == "skipped":
            yield annotation("notice", result.at, f"SKIPPED {result.name}", "\n".join(result.why))
        elif result.status != "pass":
            title = f"{result.status.upper()} {result.name}"
            yield annotation("error", result.at, title, "\n".join(_text(result)))


def _text(result: CaseResult) -> Iterator[str]:
    yield from result.why
    yield from answer_lines(result.answer) if result.answer is not None else ()
