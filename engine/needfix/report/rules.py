"""Rules as people read them, in a list or in full, and as programs do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TextIO

from needfix.model.explanation import CatalogueStatus, RuleDescription
from needfix.printable import json_text, printable
from needfix.report.columns import aligned, joined, padded
from needfix.report.style import Style, View, plural


def write_text(out: TextIO, document: Sequence[RuleDescription], view: View) -> None:
    """Write a line for each rule; where the view is `whole`, everything that each rule states."""
    lines = _in_full(document, view.style) if view.whole else _as_list(document, view.style)
    out.writelines(f"{line}\n" for line in lines)


def write_json(out: TextIO, document: Sequence[RuleDescription], view: View) -> None:
    """Write a list of objects."""
    del view
    out.write(json_text([rule.as_dict() for rule in document], indent=1) + "\n")


def write_status_text(out: TextIO, document: CatalogueStatus, view: View) -> None:
    """Write a line for each thing that is known of a catalogue."""
    del view
    facts = [
        ("rules", ", ".join(document.paths) or "shipped with needfix"),
        ("facts of", _day(document.day)),
        ("newest fix", _day(document.newest)),
        ("holds", f"{plural(document.rules, 'rule')}, {plural(document.products, 'product definition')}"),
        ("digest", document.digest),
    ]
    out.writelines(f"{line}\n" for line in aligned([[name, printable(text)] for name, text in facts]))


def _day(day: date | None) -> str:
    return "not stated" if day is None else day.isoformat()


def write_status_json(out: TextIO, document: CatalogueStatus, view: View) -> None:
    """Write an object."""
    del view
    out.write(json_text(document.as_dict(), indent=1) + "\n")


def _as_list(rules: Sequence[RuleDescription], style: Style) -> Iterator[str]:
    has_severity = any(rule.severity for rule in rules)
    rows = [
        [
            *map(printable, (rule.id, ", ".join(rule.products))),
            *([rule.severity or ""] if has_severity else []),
            printable(rule.title),
        ]
        for rule in rules
    ]
    for rule_id, *others in padded(rows):
        yield joined([style.paint(rule_id, "heading"), *others])
    yield from ("", plural(len(rules), "rule"))


def _in_full(rules: Sequence[RuleDescription], style: Style) -> Iterator[str]:
    for number, rule in enumerate(rules):
        if number:
            yield ""
        yield style.paint(printable(f"{rule.id}  {rule.title}"), "heading")
        lines = [(line.name, line.text) for line in rule.asks]
        lines += [("see", address) for address in rule.references]
        lines += [("case", case) for case in rule.cases]
        yield from aligned([["", name, printable(text)] for name, text in lines])
