"""An explanation as text: the chain from facts to the decision, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from needfix.model.explanation import Alteration, EvidenceLine, Explanation, Line
from needfix.report.style import Style, printable


def as_text(explanation: Explanation, style: Style) -> str:
    """The whole explanation."""
    return "\n".join(_lines(explanation, style)) + "\n"


def _lines(e: Explanation, style: Style) -> Iterator[str]:
    head = f"{e.server} and {e.rule}: {e.decision}, {e.action}"
    yield style.paint(printable(head), "heading")
    yield printable(e.title)
    yield from _section("Facts about the server", e.facts, style)
    yield from _section("What the rule asks", e.asks, style)
    yield from _section("Evidence", [Line(line.name, _evidence(line)) for line in e.evidence], style)
    yield from _section("Inference", e.fired, style)
    yield from _section("Decision", (Line("decision", e.decision), Line("action", e.action)), style)
    yield from _section("Reasons", [Line(reason.code, reason.text) for reason in e.reasons], style)
    undetermined = e.decision == "undetermined"
    yield from _alterations("What would settle it" if undetermined else "What would change it", e, style)


def _section(heading: str, lines: Sequence[Line], style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(heading, "heading")
    width = max((len(line.name) for line in lines), default=0)
    for line in lines:
        yield f"  {printable(line.name):<{width}}  {printable(line.text)}".rstrip()


def _evidence(line: EvidenceLine) -> str:
    return f"{line.value}: {line.why}" if line.why else line.value


def _alterations(heading: str, e: Explanation, style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(heading, "heading")
    if not e.alterations:
        yield "  nothing that was tried: up to three facts changed at a time"
    for one in e.alterations:
        yield f"  {printable(_changes(one))} → {style.paint(one.decision, one.decision)}, {one.action}"


def _changes(one: Alteration) -> str:
    return " and ".join(f"{line.name}: {line.text}" for line in one.changes)
