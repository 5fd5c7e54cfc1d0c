"""A case that is still to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from needfix.model.decision import Action, DecisionKind


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case with its expectations; `review` says what a person has to look at."""

    name: str
    given: Mapping[str, object]
    expect: DecisionKind
    action: Action
    review: str

    @property
    def document(self) -> dict[str, object]:
        """The case as the keys of a rule's file, in the order written."""
        return {
            "name": self.name,
            "review": self.review,
            "given": self.given,
            "expect": self.expect,
            "action": self.action,
        }
