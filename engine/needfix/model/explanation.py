"""An explanation: the whole chain from facts to a decision, and what would change it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from needfix.model.decision import Action, DecisionKind, Reason, Severity


@dataclass(frozen=True, slots=True)
class Line:
    """A name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A field of the evidence, its value, and the facts from which it comes ("" if there are none)."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Alteration:
    """Changes of facts that together lead to another decision or action."""

    changes: tuple[Line, ...]
    decision: DecisionKind
    action: Action


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one decision was reached. `alterations` are the smallest ones found."""

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
        """The explanation as in JSON."""
        return {**asdict(self), "reasons": [reason.as_dict() for reason in self.reasons]}


class CatalogueStatus(NamedTuple):
    """What a catalogue is: its rules and products, the day of its facts and its digest.

    `newest` is the last day on which a fix of it was released, where rules state it.
    """

    digest: str
    day: date | None
    rules: int
    products: int
    newest: date | None
    paths: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The status as in JSON."""
        days = {"date": self.day, "newest": self.newest}
        texts = {key: None if day is None else day.isoformat() for key, day in days.items()}
        counts = {"rules": self.rules, "products": self.products}
        return {"digest": self.digest, **texts, **counts, "paths": list(self.paths)}


class RuleDescription(NamedTuple):
    """The description of a rule for `needfix rules`."""

    id: str
    title: str
    products: tuple[str, ...]
    asks: tuple[Line, ...]
    references: tuple[str, ...]
    cases: tuple[str, ...]
    severity: Severity | None = None
    advisories: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    released: date | None = None
    also_needed: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The description as in JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "products": list(self.products),
            "asks": [[line.name, line.text] for line in self.asks],
            "references": list(self.references),
            "cases": list(self.cases),
            "severity": self.severity,
            "advisories": list(self.advisories),
            "updates": list(self.updates),
            "released": None if self.released is None else self.released.isoformat(),
            "also_needed": self.also_needed,
        }
