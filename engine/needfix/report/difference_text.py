"""What a change of rules alters, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

from needfix.model.difference import CatalogueChange, DecidedAction, Difference, Transition
from needfix.printable import printable
from needfix.report.difference_words import (
    HEADINGS,
    headline,
    idle,
    kinds,
    place,
    rules_changed,
    some,
    unconcerned,
)
from needfix.report.style import Style, View

_MOST_SERVERS = 10


def write_text(out: TextIO, difference: Difference, view: View) -> None:
    """Write the decisions that change, riskiest first, each with its causes."""
    out.writelines(f"{line}\n" for line in _lines(difference, view.style))


def _lines(difference: Difference, style: Style) -> Iterator[str]:
    yield style.paint(headline(difference), "heading")
    if difference.transitions:
        counted = kinds(difference, lambda _, text: text)
        yield printable(f"{difference.old} → {difference.new}: {rules_changed(difference)}; {counted}")
    for kind, transitions in groupby(difference.transitions, lambda one: one.kind):
        yield from ("", style.paint(HEADINGS[kind], "heading"))
        for one in transitions:
            yield from _transition(one, style)
    yield from _rest(difference, style)


def _transition(one: Transition, style: Style) -> Iterator[str]:
    yield f"  {one.rule}  {_answer(one.before, style)} → {_answer(one.after, style)}"
    yield f"    {printable(some(one.servers, _MOST_SERVERS))}"
    for number, cause in enumerate(one.causes):
        for place_in_cause, change in enumerate(cause):
            word = "and " if place_in_cause else "or " if number else ""
            yield f"    {word}{_change(change, one.rule)}"


def _answer(answer: DecidedAction | None, style: Style) -> str:
    return style.paint(str(answer), answer.decision) if answer else "no rule"


def _change(change: CatalogueChange, rule: str = "") -> str:
    subject = "" if change.subject in (rule, change.before, change.after) else f"{change.subject}: "
    was = f" (was {change.old.file}:{change.old.line})" if change.old and change.new else ""
    return printable(f"{place(change)}: {subject}{change.sentence}{was}")


def _rest(difference: Difference, style: Style) -> Iterator[str]:
    """What changed without effect, and rules that came or went."""
    changes, rules = idle(difference), unconcerned(difference)
    if changes:
        yield from ("", style.paint("changed lines that alter no decision on these servers", "heading"))
        yield from (f"  {_change(change)}" for change in changes)
    if rules:
        yield ""
        yield from map(printable, rules)
