"""Sentences about a change of rules that text and Markdown share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from needfix.model.difference import KINDS, CatalogueChange, Difference, Kind
from needfix.report.style import plural

HEADINGS: dict[Kind, str] = {
    "no-longer-required": "no longer required",
    "newly-required": "newly required",
    "other-decision": "another decision",
    "action-only": "another action",
}


def headline(difference: Difference) -> str:
    """How many decisions change, in one sentence."""
    if not difference.transitions:
        return f"no decision changed: {plural(difference.servers, 'server')}, {rules_changed(difference)}"
    change = "decision changed" if difference.altered == 1 else "decisions changed"
    servers = plural(difference.servers, "server")
    return f"{difference.altered} {change} on {difference.servers_altered} of {servers}"


def rules_changed(difference: Difference) -> str:
    """How many rules there are, and how many of them changed."""
    products = difference.changed("product")
    definitions = f", {plural(products, 'product definition')} changed" if products else ""
    return f"{plural(difference.rules, 'rule')}, {difference.changed('rule')} of them changed{definitions}"


def kinds(difference: Difference, as_text: Callable[[Kind, str], str]) -> str:
    """How many decisions change in which way, riskiest first."""
    counted = [(kind, difference.of_kind(kind)) for kind in KINDS]
    return ", ".join(as_text(kind, f"{number} {HEADINGS[kind]}") for kind, number in counted if number)


def idle(difference: Difference) -> list[CatalogueChange]:
    """The changes that alter nothing on these servers."""
    return [change for change, caused in difference.transitions_by_change().items() if not caused]


def place(change: CatalogueChange) -> str:
    """The line of a change, as editors and people name it."""
    return f"{change.at.file}:{change.at.line}" if change.at else change.subject


def unconcerned(difference: Difference) -> list[str]:
    """On how many servers, listed nowhere else, each added or removed rule decides not-affected."""
    added = {change.subject for change in difference.changes if change.what == "rule" and change.after}
    return [
        f"{rule} {'added' if rule in added else 'removed'}: not-affected on {plural(number, 'server')}"
        for rule, number in difference.unconcerned
    ]


def some(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are."""
    more = len(names) - most
    listed = ", ".join(names[:most])
    return f"{listed} and {more} more" if more > 0 else listed
