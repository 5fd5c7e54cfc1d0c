"""Results of cases as JUnit XML: a suite for each file, a test case for each case and rule.

Written so that the two schemas in common use take it: the one of Apache Ant (by Windy Road) and
the one of Jenkins (junit-10).
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TextIO
from xml.etree import ElementTree as ET

from needfix.model.case_report import CaseReport
from needfix.model.case_result import CaseResult
from needfix.printable import printable
from needfix.report.cases.text import answer_lines
from needfix.report.style import View


def write_junit(out: TextIO, report: CaseReport, view: View) -> None:
    """Write one document."""
    del view
    suites = ET.Element("testsuites")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    host = socket.gethostname() or "localhost"
    for number, (file, results) in enumerate(groupby(report.results, lambda result: result.at.file)):
        suite = _suite(suites, number, file, tuple(results))
        suite.attrib.update(hostname=host, timestamp=now)
    ET.indent(suites)
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n')


def _suite(suites: ET.Element, number: int, file: str, results: Sequence[CaseResult]) -> ET.Element:
    suite = ET.SubElement(suites, "testsuite", {"name": _clean(file), "package": "needfix"})
    counts = {"failures": "fail", "errors": "error", "skipped": "skipped"}
    suite.set("id", str(number))
    suite.set("tests", str(len(results)))
    for name, status in counts.items():
        suite.set(name, str(sum(result.status == status for result in results)))
    suite.set("time", _seconds(sum(result.seconds for result in results)))
    ET.SubElement(suite, "properties")
    for result in results:
        _case(suite, result)
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _case(suite: ET.Element, result: CaseResult) -> None:
    named = {"classname": _clean(result.rule), "name": _clean(result.case)}
    case = ET.SubElement(suite, "testcase", {**named, "time": _seconds(result.seconds)})
    message = _clean("; ".join(result.why))
    if result.status == "skipped":
        ET.SubElement(case, "skipped", {"message": message})
    elif result.status != "pass":
        name, kind = ("failure", "decision") if result.status == "fail" else ("error", "input")
        found = ET.SubElement(case, name, {"message": message, "type": kind})
        found.text = _clean("\n".join(_lines(result)))


def _lines(result: CaseResult) -> list[str]:
    reasons = answer_lines(result.answer) if result.answer is not None else []
    return [str(result.at), *result.why, *reasons]


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _clean(text: str) -> str:
    """Lines without characters that XML cannot hold, or that steer what shows them."""
    return "\n".join(map(printable, text.split("\n")))
