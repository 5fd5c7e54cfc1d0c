"""The registry of report formats: adding one is one module and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import TextIO, cast

from needfix.report.document import Report, View

FORMATS = {
    "table": ("needfix.report.table", "TableReport"),
    "json": ("needfix.report.json_report", "JsonReport"),
    "jsonl": ("needfix.report.jsonl_report", "JsonLinesReport"),
    "csv": ("needfix.report.csv_report", "CsvReport"),
}
"""The module and the class of each format; only the chosen one is imported."""


def report_of(name: str, out: TextIO, view: View) -> Report:
    """A report of a format. Raises KeyError for an unknown one."""
    module, maker = FORMATS[name]
    return cast("Report", getattr(import_module(module), maker)(out, view))
