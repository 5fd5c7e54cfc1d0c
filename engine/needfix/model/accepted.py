"""What a rule accepts, with a reason: findings of lint, and mutants that no server distinguishes."""

from __future__ import annotations

from typing import Any, NamedTuple

from needfix.errors import Position


def same_but_place(one: Any, other: object) -> bool:  # noqa: ANN401 - a tuple that ends with its place
    """Whether two tuples of one kind, each ending with its place, differ in nothing but that."""
    return isinstance(other, type(one)) and bool(one[:-1] == other[:-1])


class Silence(NamedTuple):
    """A lint check that does not apply to a rule, and the reason."""

    code: str
    reason: str
    at: Position

    def __eq__(self, other: object) -> bool:
        return same_but_place(self, other)

    def __ne__(self, other: object) -> bool:
        return not same_but_place(self, other)

    def __hash__(self) -> int:
        return hash(self[:-1])

    def as_dict(self) -> dict[str, Any]:
        """The silence as a rule writes it."""
        return {"code": self.code, "reason": self.reason}


class AcceptedMutant(NamedTuple):
    """A change of the rule that no generated server distinguishes, and why it need not."""

    change: str
    reason: str
    at: Position

    def __eq__(self, other: object) -> bool:
        return same_but_place(self, other)

    def __ne__(self, other: object) -> bool:
        return not same_but_place(self, other)

    def __hash__(self) -> int:
        return hash(self[:-1])

    def as_dict(self) -> dict[str, Any]:
        """The change as a rule writes it."""
        return {"change": self.change, "reason": self.reason}
