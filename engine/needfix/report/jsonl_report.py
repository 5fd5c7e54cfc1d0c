"""JSON lines: one decision a line, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from needfix.model.decision import Decision
from needfix.printable import json_text
from needfix.report.document import Summary, View


class JsonLinesReport:
    """One JSON object for each decision."""

    def __init__(self, out: TextIO, view: View) -> None:
        del view
        self._out = out

    def begin(self) -> None:
        """Write nothing."""

    def server(self, decisions: Sequence[Decision]) -> None:
        """Write one object a line."""
        for decision in decisions:
            self._out.write(json_text(decision.as_dict()) + "\n")

    def end(self, summary: Summary) -> None:
        """Write nothing."""
