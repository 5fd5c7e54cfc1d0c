"""The table for people: server by server, what to do first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import TextIO

from needfix.model.decision import DECISIONS, SEVERITIES, Action, Decision, DecisionKind, Reason
from needfix.model.document import RuleText, RunDocument, Summary
from needfix.model.reason_codes import CONTRADICTIONS
from needfix.printable import printable
from needfix.report.style import View, plural

MOST_URGENT_FIRST: tuple[Action, ...] = (
    "apply", "upgrade-first", "confirm-symptoms", "restart", "investigate", "wait", "none",
)  # fmt: skip
_ACTION_WIDTH = max(map(len, MOST_URGENT_FIRST))
_KIND_WIDTH = max(map(len, DECISIONS))
_INDENT = 2 + _ACTION_WIDTH + 2
_MOST_IDS = 6


def write_table(out: TextIO, document: RunDocument, view: View) -> None:
    """Write a block for each server: decisions with an action in full, the others in one line each.

    Where the view is `whole`, every decision is shown in full.
    """
    table = _Table(out, document.rules, view)
    for server in document.servers():
        table.server(server.decisions)
    table.end(document.summary())


class _Table:
    def __init__(self, out: TextIO, rules: Mapping[str, RuleText], view: View) -> None:
        self._out = out
        self._rules = rules
        self._style = view.style
        self._whole = view.whole

    def server(self, decisions: Sequence[Decision]) -> None:
        """Write the block of a server."""
        ordered = sorted(decisions, key=_urgency)
        full = [d for d in ordered if self._whole or d.action != "none"]
        self._line(self._style.paint(printable(decisions[0].server), "heading"))
        for decision in full:
            self._full(decision)
        for kind in DECISIONS:
            rest = [d for d in ordered if d.decision == kind and d not in full]
            if rest:
                self._gathered(kind, rest)
        self._line("")

    def end(self, summary: Summary) -> None:
        """Write the summary."""
        counted = sum(summary.total.values())
        kinds = ", ".join(self._count(summary.decided(kind), kind) for kind in DECISIONS)
        self._line(f"{plural(summary.servers, 'server')}, {plural(counted, 'decision')}: {kinds}")
        actions = [action for action in MOST_URGENT_FIRST if action != "none" and summary.to_do(action)]
        todo = ", ".join(self._count(summary.to_do(action), action) for action in actions)
        self._line(f"to do: {todo}" if todo else "to do: nothing")
        for line in (*contradictions_of(summary), *notes_of(summary, View(self._style))):
            self._line(line)

    def _full(self, decision: Decision) -> None:
        rule = self._rules.get(decision.rule)
        named = f"{decision.rule}  {rule.title}" if rule and rule.title != rule.id else decision.rule
        about = ", ".join(filter(None, (decision.severity, *decision.advisories[:_MOST_IDS])))
        more = len(decision.advisories) - _MOST_IDS
        about += f" and {more} more" if more > 0 else ""
        head = f"{decision.decision:<{_KIND_WIDTH}}  {named}" + (f" ({about})" if about else "")
        self._row(decision.action, head, decision.decision)
        for reason in _reasons_to_show(decision):
            self._row("", reason.text, "")

    def _gathered(self, kind: DecisionKind, decisions: Sequence[Decision]) -> None:
        ids = ", ".join(decision.rule for decision in decisions[:_MOST_IDS])
        more = len(decisions) - _MOST_IDS
        head = f"{kind:<{_KIND_WIDTH}}  {ids}" + (f" and {more} more" if more > 0 else "")
        self._row("none", head, kind)
        first = _reasons_to_show(decisions[0])[:1] if len(decisions) == 1 else []
        for reason in first:
            self._row("", reason.text, "")
        for text, rules in _contradictions(decisions).items():
            if text not in [reason.text for reason in first]:
                self._row("", text if len(decisions) == 1 else f"{', '.join(rules)}: {text}", "")

    def _row(self, action: str, text: str, colour: str) -> None:
        lines = list(self._wrapped(printable(text)))
        for number, line in enumerate(lines):
            left = f"{action if number == 0 else '':<{_ACTION_WIDTH}}"
            painted = line.replace(colour, self._style.paint(colour, colour), 1) if colour else line
            self._line(f"  {self._style.paint(left, action)}  {painted}")

    def _wrapped(self, text: str) -> Iterator[str]:
        room = self._style.width - _INDENT
        if self._style.width <= 0 or room < _KIND_WIDTH * 2 or len(text) <= room:
            yield text
            return
        yield from wrap(text, room, subsequent_indent="  ", break_on_hyphens=False)

    def _count(self, number: int, name: str) -> str:
        return self._style.paint(f"{number} {name}", name) if number else f"0 {name}"

    def _line(self, text: str) -> None:
        self._out.write(text.rstrip() + "\n")


def _urgency(decision: Decision) -> tuple[int, int]:
    """Most urgent actions first, and of one action what is most severe."""
    severity = decision.severity
    severe = len(SEVERITIES) if severity is None else SEVERITIES.index(severity)
    return MOST_URGENT_FIRST.index(decision.action), severe


def contradictions_of(summary: Summary) -> Iterator[str]:
    """A line with the number of servers that have facts that exclude each other, if there are any."""
    if summary.contradictions:
        counts = (f"{code} on {count:,}" for code, count in summary.contradictions.items())
        yield f"facts that contradict each other, by number of servers: {', '.join(counts)}"


def notes_of(summary: Summary, view: View) -> Iterator[str]:
    """The notes behind a blank line; a terminal shows them already."""
    if summary.notes and not view.style.width:
        yield ""
        yield from map(str, summary.notes)


def _contradictions(decisions: Sequence[Decision]) -> dict[str, list[str]]:
    """What speaks against decisions with nothing to do, and the rules that it concerns."""
    found: dict[str, list[str]] = {}
    for decision in decisions:
        for reason in decision.reasons:
            if reason.code in CONTRADICTIONS:
                found.setdefault(reason.text, []).append(decision.rule)
    return found


def _reasons_to_show(decision: Decision) -> list[Reason]:
    """The reasons to show: an affected level is left out unless it is the only reason."""
    reasons = decision.reasons
    shown = [reason for reason in reasons if reason.code not in ("level-affected", "level-from-file")]
    return shown or list(reasons)
