"""The formats of `needfix test`: a new one is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable

from needfix.report.cases.document import TestReport
from needfix.report.cases.github import as_annotations
from needfix.report.cases.json import as_json
from needfix.report.cases.junit import as_junit
from needfix.report.cases.text import as_text
from needfix.report.document import View

FORMATS: dict[str, Callable[[TestReport, View], str]] = {
    "text": as_text,
    "junit": as_junit,
    "github": as_annotations,
    "json": as_json,
}
