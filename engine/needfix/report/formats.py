"""The registry of report formats: adding one is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from needfix.report.document import Report, Titles
from needfix.report.style import Style

Maker = Callable[[TextIO, Titles, Style, bool], Report]


def _table(out: TextIO, titles: Titles, style: Style, whole: bool) -> Report:  # noqa: FBT001 - same for all
    from needfix.report.table import TableReport  # noqa: PLC0415 - only the chosen format is imported

    return TableReport(out, titles, style, whole=whole)


def _json(out: TextIO, _titles: Titles, _style: Style, _whole: bool) -> Report:  # noqa: FBT001 - same for all
    from needfix.report.json_report import JsonReport  # noqa: PLC0415 - as above

    return JsonReport(out)


def _jsonl(out: TextIO, _titles: Titles, _style: Style, _whole: bool) -> Report:  # noqa: FBT001 - same for all
    from needfix.report.jsonl_report import JsonLinesReport  # noqa: PLC0415 - as above

    return JsonLinesReport(out)


def _csv(out: TextIO, _titles: Titles, _style: Style, _whole: bool) -> Report:  # noqa: FBT001 - same for all
    from needfix.report.csv_report import CsvReport  # noqa: PLC0415 - as above

    return CsvReport(out)


FORMATS: dict[str, Maker] = {"table": _table, "json": _json, "jsonl": _jsonl, "csv": _csv}
