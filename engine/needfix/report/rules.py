"""Rules as people read them: a list, or one in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from needfix.model.explanation import Line
from needfix.report.style import Style, printable


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """A rule, prepared for a report."""

    id: str
    title: str
    products: tuple[str, ...]
    asks: tuple[Line, ...]
    references: tuple[str, ...]
    cases: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The description as JSON has it."""
        return {
            "id": self.id,
            "title": self.title,
            "products": list(self.products),
            "asks": [[line.name, line.text] for line in self.asks],
            "references": list(self.references),
            "cases": list(self.cases),
        }


def as_list(rules: Sequence[RuleDescription], style: Style) -> str:
    """One line for each rule."""
    ids = max((len(printable(rule.id)) for rule in rules), default=0)
    products = max((len(_products(rule)) for rule in rules), default=0)
    lines = [
        f"{style.paint(f'{printable(rule.id):<{ids}}', 'heading')}  {_products(rule):<{products}}  "
        f"{printable(rule.title)}"
        for rule in rules
    ]
    return "\n".join([*map(str.rstrip, lines), "", f"{len(rules)} rule{'s' * (len(rules) != 1)}", ""])


def _products(rule: RuleDescription) -> str:
    return printable(", ".join(rule.products))


def in_full(rules: Sequence[RuleDescription], style: Style) -> str:
    """Each rule with everything that it asks."""
    return "\n".join(line for rule in rules for line in _rule_lines(rule, style))


def _rule_lines(rule: RuleDescription, style: Style) -> Iterator[str]:
    yield style.paint(printable(f"{rule.id}  {rule.title}"), "heading")
    width = max(len(line.name) for line in rule.asks)
    yield from (f"  {line.name:<{width}}  {printable(line.text)}" for line in rule.asks)
    yield from (f"  {'see':<{width}}  {printable(address)}" for address in rule.references)
    yield from (f"  {'case':<{width}}  {printable(case)}" for case in rule.cases)
    yield ""
