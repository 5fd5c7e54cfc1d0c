"""What a change of rules alters, as Markdown for a comment on a pull request.

GitHub takes no comment above 65,536 characters. Each section has room for a part of that, and says
how much it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from needfix.report.style import View, plural

_ROOM = 12_000
"""Characters for a section."""
_MOST_SERVERS = 50
_MOST_EFFECTS = 5
_LONGEST = 120
"""Names that are longer are cut."""


def write_markdown(out: TextIO, difference: Difference, view: View) -> None:
    """Write a sentence, the table of transitions, the lines that caused them, and servers folded away."""
    del view
    out.writelines(f"{line}\n" for line in _lines(difference))


def _lines(difference: Difference) -> Iterator[str]:
    yield f"### needfix: {headline(difference)}"
    counted = kinds(difference, lambda kind, text: f"**{text}**" if kind == "no-longer-required" else text)
    by_kind = f"; {counted}" if counted else ""
    yield from (
        "",
        f"{_code(difference.old)} → {_code(difference.new)}: {rules_changed(difference)}{by_kind}.",
    )
    if difference.bad_records:
        yield from (
            "",
            f"{plural(difference.bad_records, 'problem')} in the inventories: bad records are left out.",
        )
    if difference.transitions:
        yield from _table(difference)
        yield from _causes(difference)
        yield from _servers(difference)
    yield from _rest(difference)


def _table(difference: Difference) -> Iterator[str]:
    yield from ("", "| | rule | before | after | servers |", "|---|---|---|---|--:|")
    rows = [
        f"| {HEADINGS[one.kind]} | {_code(one.rule)} | {_answer(one.before)} | {_answer(one.after)} "
        f"| {len(one.servers)} |"
        for one in difference.transitions
    ]
    yield from _within(rows, "| … and {} more | | | | |")


def _causes(difference: Difference) -> Iterator[str]:
    yield from ("", "**Changed lines that alter decisions**", "")
    by_change = difference.transitions_by_change().items()
    rows = [f"- {_change(change)}: {_effect(change, caused)}" for change, caused in by_change if caused]
    yield from _within(rows, "- … and {} more")


def _change(change: CatalogueChange) -> str:
    return f"{_code(place(change))} {_code(change.subject)} {_code(change.sentence)}"


def _effect(change: CatalogueChange, caused: Sequence[Transition]) -> str:
    """What a change alters, and whether it needs other changes for it or others do the same."""
    return some([_altered(one, change) for one in caused], _MOST_EFFECTS)


def _altered(one: Transition, change: CatalogueChange) -> str:
    cause = next(cause for cause in one.causes if change in cause)
    together = ", together with other lines" if len(cause) > 1 else ""
    either = ", other lines have the same effect" if len(one.causes) > 1 else ""
    servers = plural(len(one.servers), "server")
    return f"{_code(one.rule)} {_answer(one.before)} → {_answer(one.after)} ({servers}{together}{either})"


def _servers(difference: Difference) -> Iterator[str]:
    yield from ("", "<details><summary>Servers</summary>", "")
    rows = [_names(one) for one in difference.transitions]
    yield from _within(rows, "- … and {} more")
    yield from ("", "</details>")


def _names(one: Transition) -> str:
    names = some([_code(name) for name in one.servers[:_MOST_SERVERS]], _MOST_SERVERS)
    more = len(one.servers) - _MOST_SERVERS
    rest = f" and {more} more" if more > 0 else ""
    return f"- {_code(one.rule)} {_answer(one.before)} → {_answer(one.after)}: {names}{rest}"


def _rest(difference: Difference) -> Iterator[str]:
    changes, rules = idle(difference), unconcerned(difference)
    if changes:
        yield from (
            "",
            "<details><summary>Changed lines that alter no decision on these servers</summary>",
            "",
        )
        yield from _within([f"- {_change(change)}" for change in changes], "- … and {} more")
        yield from ("", "</details>")
    if rules:
        yield ""
        yield from _within([f"- {rule}" for rule in rules], "- … and {} more")


def _within(rows: Sequence[str], more: str) -> Iterator[str]:
    """As many rows as a section has room for, and the number of the others."""
    room = _ROOM
    for number, row in enumerate(rows):
        room -= len(row) + 1
        if room < 0:
            yield more.format(len(rows) - number)
            return
        yield row


def _answer(answer: DecidedAction | None) -> str:
    return str(answer) if answer else "no rule"


def _code(text: str) -> str:
    """A text as written: no mention, link, tag or cell of a table comes from it."""
    shown = printable(text)
    cut = f"{shown[:_LONGEST]}…" if len(shown) > _LONGEST else shown
    fence = "`" * (max(map(len, re.findall("`+", cut)), default=0) + 1)
    space = " " if "`" in cut or not cut.strip() else ""
    return f"{fence}{space}{cut}{space}{fence}".replace("|", "\\|")
