"""An explanation: the whole chain from facts to a decision, and what would change it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from needfix.model.decision import Action, DecisionKind, Reason


@dataclass(frozen=True, slots=True)
class Line:
    """A name with what there is to say of it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A field of the evidence, its value, and the facts that it comes from ("" where there are none)."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Alteration:
    """Facts that, changed together, lead to another answer."""

    changes: tuple[Line, ...]
    decision: DecisionKind
    action: Action


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one decision came about. `alterations` are the smallest ones there are."""

    server: str
    rule: str
    title: str
    decision: DecisionKind
    action: Action
    facts: tuple[Line, ...]
    asks: tuple[Line, ...]
    evidence: tuple[EvidenceLine, ...]
    fired: tuple[Line, ...]
    reasons: tuple[Reason, ...]
    alterations: tuple[Alteration, ...]

    def as_dict(self) -> dict[str, Any]:
        """The explanation as JSON has it."""
        return {**asdict(self), "reasons": [reason.as_dict() for reason in self.reasons]}


class RuleDescription(NamedTuple):
    """All that there is to say of a rule, for `needfix rules`."""

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
