"""Decisions for programs: JSON and JSON lines, written as servers are decided."""

from __future__ import annotations

from typing import TextIO

from needfix.model.document import RunDocument
from needfix.printable import json_text
from needfix.report.style import View


def write_json(out: TextIO, document: RunDocument, view: View) -> None:
    """Write one object: the header, the decisions, one a line, and the summary."""
    del view
    header = json_text(document.header.as_dict(), indent=1)
    out.write(f'{header.removesuffix("}").rstrip()},\n"decisions": [')
    separator = "\n"
    for server in document.servers():
        for decision in server.decisions:
            out.write(separator + json_text(decision.as_dict()))
            separator = ",\n"
    out.write('\n], "summary": ' + json_text(document.summary().totals(), indent=1) + "}\n")


def write_json_lines(out: TextIO, document: RunDocument, view: View) -> None:
    """Write one object a line for each decision, and nothing else."""
    del view
    for server in document.servers():
        out.writelines(json_text(decision.as_dict()) + "\n" for decision in server.decisions)
