"""What a check is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.lint.edits import Edit
from needfix.model.finding import CheckText, Finding, Severity
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing that a check detects in a rule or a product definition.

    `why` replaces the reason of the check, and `edit` is a certain repair.
    """

    about: Rule | ProductDefinition
    at: Position
    what: str
    hint: str
    why: str = ""
    edit: Edit | None = None

    @property
    def name(self) -> str:
        """The id of the rule or of the product."""
        return self.about.id if isinstance(self.about, Rule) else self.about.product


@dataclass(frozen=True, slots=True)
class Described:
    """The code and severity of a check, what it looks for (`summary`), and why that matters."""

    code: str
    severity: Severity
    summary: str
    why: str

    @property
    def text(self) -> CheckText:
        """The texts of the check."""
        return CheckText(self.code, self.severity, self.summary, self.why)


@dataclass(frozen=True, slots=True)
class Check(Described):
    """A check, and the function that detects it."""

    find: Callable[[Catalogue], Iterable[Detection]]


@dataclass(frozen=True, slots=True)
class OtherFindings:
    """What other checks found: the codes of those that `ran`, and of all that are `known`."""

    catalogue: Catalogue
    findings: Sequence[Finding]
    ran: frozenset[str]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinalCheck(Described):
    """A check of what the other checks found; it runs after them."""

    find: Callable[[OtherFindings], Iterable[Detection]]


AnyCheck = Check | FinalCheck


def remembered(derive: Callable[[Catalogue], Iterable[T]]) -> Callable[[Catalogue], tuple[T, ...]]:
    """Caches the values derived from each catalogue."""

    def derived(catalogue: Catalogue) -> tuple[T, ...]:
        if derive not in catalogue.kept:
            catalogue.kept[derive] = tuple(derive(catalogue))
        return cast("tuple[T, ...]", catalogue.kept[derive])

    return derived


def all_rules(catalogue: Catalogue) -> Iterator[Rule]:
    """Every rule, including those with the id of an earlier one."""
    yield from catalogue
    yield from catalogue.repeated


def in_each_rule(find: Callable[[Rule], Iterable[Detection]]) -> Callable[[Catalogue], Iterator[Detection]]:
    """A check of single rules, as a check of a catalogue."""
    return lambda catalogue: (found for rule in all_rules(catalogue) for found in find(rule))
