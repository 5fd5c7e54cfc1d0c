"""The effects of a change of rules: the keys that changed, and the decisions that they alter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, get_args

from needfix.errors import Position
from needfix.model.decision import Action, DecisionKind

Scope = Literal["rule", "product"]
Kind = Literal["no-longer-required", "newly-required", "other-decision", "action-only"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Riskiest first: a server that no longer requires a fix stays unpatched, and nobody checks it."""


class DecidedAction(NamedTuple):
    """A decision and its action."""

    decision: DecisionKind
    action: Action

    def __str__(self) -> str:
        return f"{self.decision}, {self.action}"


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """One change of a rule or a product definition that can alter decisions.

    `before` None means that the value was added, `after` None that it was removed. A position is None
    if the value is not written on that side.
    """

    scope: Scope
    subject: str
    what: str
    before: str | None
    after: str | None
    old: Position | None
    new: Position | None

    @property
    def sentence(self) -> str:
        """The change in words: `Store.exe 5.5.2654.29 → 5.5.2654.30`."""
        if self.before is None:
            return f"{self.what} {self.after} added"
        if self.after is None:
            return f"{self.what} {self.before} removed"
        return f"{self.what} {self.before} → {self.after}"

    @property
    def at(self) -> Position | None:
        """The place of the change: in the new rules, or in the old ones if it was removed."""
        return self.new or self.old

    def as_dict(self) -> dict[str, Any]:
        """The change as in JSON."""
        places = {side: at._asdict() if at else None for side, at in (("old", self.old), ("new", self.new))}
        return {**asdict(self), **places}


Cause = tuple[CatalogueChange, ...]
"""A minimal set of changes that together alter a decision."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Servers whose decision by a rule changes in the same way for the same causes.

    `before` None means that the rule was added, `after` None that it was removed. Each of `causes`
    is sufficient on its own.
    """

    rule: str
    before: DecidedAction | None
    after: DecidedAction | None
    causes: tuple[Cause, ...]
    servers: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """How risky it is."""
        was = self.before is not None and self.before.decision == "fix-required"
        becomes = self.after is not None and self.after.decision == "fix-required"
        if was != becomes:
            return "no-longer-required" if was else "newly-required"
        same = self.before and self.after and self.before.decision == self.after.decision
        return "action-only" if same else "other-decision"


@dataclass(frozen=True, slots=True)
class Difference:
    """All effects of a change of rules on some servers, riskiest first.

    `unconcerned` has rules that were added or removed, with the number of servers for which they
    decide not-affected; these are not listed server by server.
    """

    old: str
    new: str
    servers: int
    servers_altered: int
    rules: int
    changes: tuple[CatalogueChange, ...]
    transitions: tuple[Transition, ...]
    unconcerned: tuple[tuple[str, int], ...] = ()
    bad_records: int = 0

    @property
    def altered(self) -> int:
        """The number of decisions that change, over all servers and rules."""
        return decisions_in(self.transitions)

    def transitions_by_change(self) -> dict[CatalogueChange, list[Transition]]:
        """The transitions that each change is a cause of, by itself or together with others."""
        found: dict[CatalogueChange, list[Transition]] = {change: [] for change in self.changes}
        for one in self.transitions:
            for change in dict.fromkeys(change for cause in one.causes for change in cause):
                found[change].append(one)
        return found

    def of_kind(self, kind: Kind) -> int:
        """The number of decisions that change in this way."""
        return decisions_in(one for one in self.transitions if one.kind == kind)

    def changed(self, scope: Scope) -> int:
        """The number of rules or product definitions with changes that can alter decisions."""
        return len({change.subject for change in self.changes if change.scope == scope})

    def as_dict(self) -> dict[str, Any]:
        """The difference as in JSON; causes name changes by their place in the list."""
        numbers = {change: number for number, change in enumerate(self.changes)}
        return {
            "old": self.old,
            "new": self.new,
            "summary": {
                "servers": self.servers,
                "servers_altered": self.servers_altered,
                "rules": self.rules,
                "rules_changed": self.changed("rule"),
                "products_changed": self.changed("product"),
                "altered": {kind: self.of_kind(kind) for kind in KINDS},
                "not_affected_by_rules_added_or_removed": dict(self.unconcerned),
                "bad_records": self.bad_records,
            },
            "changes": [
                {**change.as_dict(), "altered": decisions_in(caused)}
                for change, caused in self.transitions_by_change().items()
            ],
            "transitions": [_transition(numbers, one) for one in self.transitions],
        }


def _transition(numbers: Mapping[CatalogueChange, int], one: Transition) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "before": one.before._asdict() if one.before else None,
        "after": one.after._asdict() if one.after else None,
        "causes": [[numbers[change] for change in cause] for cause in one.causes],
        "servers": list(one.servers),
    }


def decisions_in(transitions: Iterable[Transition]) -> int:
    """The number of decisions that change in some transitions."""
    return sum(len(one.servers) for one in transitions)
