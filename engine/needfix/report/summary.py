"""The summary of a run over many servers, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO

from needfix.model.decision import DECISIONS
from needfix.model.document import RuleText, RunDocument, Summary
from needfix.printable import json_text, printable
from needfix.report.columns import aligned
from needfix.report.style import View, plural
from needfix.report.table import MOST_URGENT_FIRST, contradictions_of, notes_of

_MOST_RULES = 10
_TITLE = 60


def write_text(out: TextIO, document: RunDocument, view: View) -> None:
    """Write what there is to do: in total, by rule, and on the servers that need most."""
    summary = document.summary()
    lines = (
        *_totals(summary),
        *_by_rule(summary, document.rules),
        *_by_server(summary),
        *notes_of(summary, view),
    )
    out.writelines(f"{line}\n" for line in lines)


def write_json(out: TextIO, document: RunDocument, view: View) -> None:
    """Write every count as one JSON object."""
    del view
    out.write(json_text(document.summary().as_dict(), indent=1) + "\n")


def _totals(summary: Summary) -> Iterator[str]:
    counted = sum(summary.total.values())
    head = f"{_number(summary.servers, 'server')}, {_number(len(summary.rules), 'rule')}, "
    kinds = ", ".join(f"{summary.decided(kind):,} {kind}" for kind in DECISIONS)
    yield f"{head}{_number(counted, 'decision')}: {kinds}"
    actions = [action for action in MOST_URGENT_FIRST if action != "none" and summary.to_do(action)]
    todo = ", ".join(f"{summary.to_do(action):,} {action}" for action in actions)
    yield f"to do: {todo or 'nothing'}"
    yield from contradictions_of(summary)


def _by_rule(summary: Summary, texts: Mapping[str, RuleText]) -> Iterator[str]:
    rules = summary.rules_by_need()
    if not rules:
        return
    yield ""
    more = f" ({_MOST_RULES} of {len(rules):,})" if len(rules) > _MOST_RULES else ""
    head = ["servers", "apply", "confirm", "other", "rule", f"needed on most servers{more}"]
    rows = [_rule_row(summary, rule, texts) for rule in rules[:_MOST_RULES]]
    yield from aligned([head, *rows], numbers=4)


def _rule_row(summary: Summary, rule: str, texts: Mapping[str, RuleText]) -> list[str]:
    needed = summary.decided("fix-required", rule)
    apply, confirm = summary.to_do("apply", rule), summary.to_do("confirm-symptoms", rule)
    title = texts[rule].title if rule in texts else ""
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
    numbers = [needed, apply, confirm, needed - apply - confirm]
    return [*(f"{number:,}" for number in numbers), rule, printable(short)]


def _by_server(summary: Summary) -> Iterator[str]:
    if not summary.most_laden:
        return
    yield ""
    rows = [[f"{load.required:,}", printable(load.server)] for load in summary.most_laden]
    yield from aligned([["fixes", "servers that need most"], *rows], numbers=1)


def _number(count: int, noun: str) -> str:
    return plural(count, noun).replace(str(count), f"{count:,}", 1)
