"""CSV: one decision a row, for spreadsheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import TextIO

from needfix.model.decision import Decision
from needfix.report.document import Summary, View
from needfix.report.style import printable

COLUMNS = ("server", "rule", "decision", "action", "reasons", "text")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""How cells begin that a spreadsheet runs, or reads as if they began with what follows the apostrophe."""
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class CsvReport:
    r"""Rows with the columns COLUMNS; reasons are codes joined by blanks, text their sentences.

    A decision is one line: control characters are shown as `\x1b`; on a terminal, so is whatever else
    would steer it.
    """

    def __init__(self, out: TextIO, view: View) -> None:
        self._rows = csv.writer(out, lineterminator="\n")
        self._is_shown = view.style.width > 0

    def begin(self) -> None:
        """Write the header."""
        self._rows.writerow(COLUMNS)

    def server(self, decisions: Sequence[Decision]) -> None:
        """Write one row for each decision."""
        for decision in decisions:
            reasons = decision.reasons
            codes = " ".join(dict.fromkeys(reason.code for reason in reasons))
            text = "; ".join(reason.text for reason in reasons)
            cells = (decision.server, decision.rule, decision.decision, decision.action, codes, text)
            self._rows.writerow(map(self._harmless, cells))

    def end(self, summary: Summary) -> None:
        """Write nothing."""

    def _harmless(self, cell: str) -> str:
        # A spreadsheet runs a cell that looks like a formula, and a server's name is not ours.
        safe = f"'{cell}" if cell.startswith(_FORMULA) else cell
        if self._is_shown:
            return printable(safe)
        return _BREAK.sub(lambda found: printable(found[0]), safe)
