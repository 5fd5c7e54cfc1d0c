"""The summary of a run over many servers, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from needfix.model.decision import DECISIONS
from needfix.model.fleet_summary import FleetSummary
from needfix.printable import json_text
from needfix.report.document import View
from needfix.report.style import printable
from needfix.report.table import MOST_URGENT_FIRST
from needfix.report.words import plural

_MOST_RULES = 10
_TITLE = 60


def write_summary(out: TextIO, summary: FleetSummary, view: View) -> None:
    """Write what there is to do: in all, by rule, and on which servers most."""
    lines = (*_totals(summary), *_by_rule(summary, view.titles), *_by_server(summary))
    out.writelines(f"{line.rstrip()}\n" for line in lines)


def write_summary_json(out: TextIO, summary: FleetSummary, view: View) -> None:
    """Write every count as one JSON object."""
    del view
    out.write(json_text(summary.as_dict(), indent=1) + "\n")


def _totals(summary: FleetSummary) -> Iterator[str]:
    counted = sum(summary.total.values())
    head = f"{_number(summary.servers, 'server')}, {_number(len(summary.rules), 'rule')}, "
    kinds = ", ".join(f"{summary.decided(kind):,} {kind}" for kind in DECISIONS)
    yield f"{head}{_number(counted, 'decision')}: {kinds}"
    asked = [action for action in MOST_URGENT_FIRST if action != "none" and summary.to_do(action)]
    todo = ", ".join(f"{summary.to_do(action):,} {action}" for action in asked)
    yield f"to do: {todo or 'nothing'}"


def _by_rule(summary: FleetSummary, titles: Mapping[str, str]) -> Iterator[str]:
    rules = summary.rules_by_need()
    if not rules:
        return
    yield ""
    more = f" ({_MOST_RULES} of {len(rules):,})" if len(rules) > _MOST_RULES else ""
    head = ["servers", "apply", "confirm", "other", "rule", f"needed on most servers{more}"]
    yield from _aligned(
        [head, *(_rule_row(summary, rule, titles) for rule in rules[:_MOST_RULES])], numbers=4
    )


def _rule_row(summary: FleetSummary, rule: str, titles: Mapping[str, str]) -> list[str]:
    needed = summary.decided("fix-required", rule)
    apply, confirm = summary.to_do("apply", rule), summary.to_do("confirm-symptoms", rule)
    title = titles.get(rule, "")
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
    numbers = [needed, apply, confirm, needed - apply - confirm]
    return [*(f"{number:,}" for number in numbers), rule, printable(short)]


def _by_server(summary: FleetSummary) -> Iterator[str]:
    if not summary.most_laden:
        return
    yield ""
    rows = [[f"{load.required:,}", printable(load.server)] for load in summary.most_laden]
    yield from _aligned([["fixes", "servers that need most"], *rows], numbers=1)


def _aligned(rows: Sequence[Sequence[str]], numbers: int) -> Iterator[str]:
    """Rows in columns; the first so many hold numbers and stand to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if place < numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells) if numbers else "".join(cells)


def _number(count: int, noun: str) -> str:
    return plural(count, noun).replace(str(count), f"{count:,}", 1)


SUMMARIES: dict[str, Callable[[TextIO, FleetSummary, View], None]] = {
    "summary": write_summary,
    "summary-json": write_summary_json,
}
"""The formats of a summary."""
