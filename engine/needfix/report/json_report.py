"""JSON: the list of decisions with a summary around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from needfix.model.decision import Decision
from needfix.printable import json_text
from needfix.report.document import Summary, View


class JsonReport:
    """One JSON object, written piece by piece."""

    def __init__(self, out: TextIO, view: View) -> None:
        del view
        self._out = out
        self._separator = "\n"

    def begin(self) -> None:
        """Open the list."""
        self._out.write('{"decisions": [')

    def server(self, decisions: Sequence[Decision]) -> None:
        """Write one object a line."""
        for decision in decisions:
            self._out.write(self._separator + json_text(decision.as_dict()))
            self._separator = ",\n"

    def end(self, summary: Summary) -> None:
        """Close the list and write the summary."""
        self._out.write('\n], "summary": ' + json_text(summary.as_dict(), indent=1) + "}\n")
