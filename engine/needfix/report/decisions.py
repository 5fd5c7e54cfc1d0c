"""Decisions for programs: JSON, JSON lines and CSV, written as servers are decided."""

from __future__ import annotations

import csv
import json
from typing import TextIO

from needfix.model.document import RunDocument
from needfix.report.style import View

COLUMNS = ("server", "rule", "decision", "action", "reasons", "text")
"""The columns of CSV: reasons are codes joined by blanks, text their sentences."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_json(out: TextIO, document: RunDocument, view: View) -> None:
    """Write one object: the header, the decisions, one a line, and the summary."""
    del view
    header = json.dumps(document.header.as_dict(), ensure_ascii=False, indent=1)
    out.write(f'{header.removesuffix("}").rstrip()},\n"decisions": [')
    separator = "\n"
    for server in document.servers():
        for decision in server.decisions:
            out.write(separator + json.dumps(decision.as_dict(), ensure_ascii=False))
            separator = ",\n"
    out.write('\n], "summary": ' + json.dumps(document.summary().totals(), indent=1) + "}\n")


def write_json_lines(out: TextIO, document: RunDocument, view: View) -> None:
    """Write one object a line for each decision, and nothing else."""
    del view
    for server in document.servers():
        out.writelines(
            json.dumps(decision.as_dict(), ensure_ascii=False) + "\n" for decision in server.decisions
        )


def write_csv(out: TextIO, document: RunDocument, view: View) -> None:
    """Write a row for each decision, for spreadsheets."""
    del view
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for server in document.servers():
        for decision in server.decisions:
            reasons = decision.reasons
            codes = " ".join(dict.fromkeys(reason.code for reason in reasons))
            text = "; ".join(reason.text for reason in reasons)
            cells = (decision.server, decision.rule, decision.decision, decision.action, codes, text)
            rows.writerow(map(_harmless, cells))


def _harmless(cell: str) -> str:
    # A spreadsheet runs a cell that looks like a formula, and a server's name is not ours.
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
