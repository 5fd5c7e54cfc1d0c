"""CSV: one decision a row, for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TextIO

from needfix.model.decision import Decision
from needfix.report.document import Summary, View

COLUMNS = ("server", "rule", "decision", "action", "reasons", "text")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvReport:
    """Rows with the columns COLUMNS; reasons are codes joined by blanks, text their sentences."""

    def __init__(self, out: TextIO, view: View) -> None:
        del view
        self._rows = csv.writer(out, lineterminator="\n")

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
            self._rows.writerow(map(_harmless, cells))

    def end(self, summary: Summary) -> None:
        """Write nothing."""


def _harmless(cell: str) -> str:
    # A spreadsheet runs a cell that looks like a formula, and a server's name is not ours.
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
