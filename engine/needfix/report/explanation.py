"""Explanations: the chain from facts to the decision, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from needfix.model.explanation import Alteration, EvidenceLine, Explanation, Line
from needfix.printable import json_text, printable
from needfix.report.columns import aligned
from needfix.report.style import Style, View


def write_text(out: TextIO, document: Sequence[Explanation], view: View) -> None:
    """Write each explanation in full."""
    out.write("\n".join("".join(f"{line}\n" for line in _lines(e, view.style)) for e in document))


def write_json(out: TextIO, document: Sequence[Explanation], view: View) -> None:
    """Write one object for each explanation."""
    del view
    out.writelines(json_text(e.as_dict(), indent=1) + "\n" for e in document)


def _lines(e: Explanation, style: Style) -> Iterator[str]:
    head = f"{e.server} and {e.rule}: {e.decision}, {e.action}"
    yield style.paint(printable(head), "heading")
    yield printable(e.title)
    yield from _section("Facts about the server", e.facts, style)
    yield from _section("What the rule says", e.asks, style)
    yield from _section("Evidence", [Line(line.name, _evidence(line)) for line in e.evidence], style)
    yield from _section("Inference", e.fired, style)
    yield from _section("Decision", (Line("decision", e.decision), Line("action", e.action)), style)
    yield from _section("Reasons", [Line(reason.code, reason.text) for reason in e.reasons], style)
    undetermined = e.decision == "undetermined"
    yield from _alterations("What would settle it" if undetermined else "What would change it", e, style)


def _section(heading: str, lines: Sequence[Line], style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(heading, "heading")
    yield from aligned([["", printable(line.name), printable(line.text)] for line in lines])


def _evidence(line: EvidenceLine) -> str:
    return f"{line.value}: {line.why}" if line.why else line.value


def _alterations(heading: str, e: Explanation, style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(heading, "heading")
    if not e.alterations:
        yield "  no change that was tried: up to three facts at a time"
    for one in e.alterations:
        yield f"  {printable(_changes(one))} → {style.paint(one.decision, one.decision)}, {one.action}"


def _changes(one: Alteration) -> str:
    return " and ".join(f"{line.name}: {line.text}" for line in one.changes)
