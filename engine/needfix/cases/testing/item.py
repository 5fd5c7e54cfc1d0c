"""One case and one rule: what is to be decided, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass

from needfix.cases.testing.short_form import Facts, product_of, server_of
from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.model.case_result import Expectation
from needfix.model.rule import Case, Rule


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """What one case expects of one rule. `catalogue` holds the rule and what its decision depends on."""

    rule: str
    case: str
    at: Position
    expected: Expectation
    catalogue: Catalogue
    facts: Facts
    skip: str | None = None
    review: str | None = None

    @property
    def name(self) -> str:
        """Rule and case, as `--run` looks at them."""
        return f"{self.rule}: {self.case}"


def item_of(catalogue: Catalogue, rule: Rule, case: Case) -> Item:
    """One of a rule's own cases. `catalogue` may be cut down to what the rule depends on."""
    return Item(
        rule.id,
        case.name,
        case.at,
        Expectation(case.expect, case.action, case.reasons),
        catalogue,
        server_of(case.name, case.given, product_of(catalogue, rule), case.at),
        case.skip,
        case.review,
    )
