"""Decisions for spreadsheets: CSV, written as servers are decided."""

from __future__ import annotations

import csv
import re
from typing import TextIO

from needfix.model.document import RunDocument
from needfix.printable import printable
from needfix.report.style import View

COLUMNS = (
    "server",
    "rule",
    "decision",
    "action",
    "reasons",
    "text",
    "contradictions",
    "severity",
    "advisories",
)
"""The columns of CSV: reasons and contradictions are codes and advisories ids, joined by blanks; text is the
sentences of the reasons."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""How cells begin that a spreadsheet runs, or reads as if they began with what follows the apostrophe."""

_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def write_csv(out: TextIO, document: RunDocument, view: View) -> None:
    r"""Write a line for each decision, for spreadsheets: control characters are shown as `\x1b`.

    On a terminal, so is whatever else would steer it.
    """
    is_shown = view.style.width > 0
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for server in document.servers():
        for decision in server.decisions:
            reasons = decision.reasons
            codes = " ".join(dict.fromkeys(reason.code for reason in reasons))
            text = "; ".join(reason.text for reason in reasons)
            against = " ".join(decision.contradictions)
            cells = (
                decision.server,
                decision.rule,
                decision.decision,
                decision.action,
                codes,
                text,
                against,
                decision.severity or "",
                " ".join(decision.advisories),
            )
            rows.writerow(harmless(cell, is_shown=is_shown) for cell in cells)


def harmless(cell: str, *, is_shown: bool) -> str:
    """A cell that no spreadsheet runs, and without control characters."""
    # A spreadsheet runs a cell that looks like a formula, and a server's name is not ours.
    safe = f"'{cell}" if cell.startswith(_FORMULA) else cell
    return printable(safe) if is_shown else _BREAK.sub(lambda found: printable(found[0]), safe)
