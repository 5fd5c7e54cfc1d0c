"""What a change of rules alters: the decisions on recorded inventories, each with its causes."""

from needfix.authoring.diff.compare import Comparison
from needfix.authoring.diff.sides import Request, read_sides
from needfix.authoring.diff.subjects import Side

__all__ = ["Comparison", "Request", "Side", "read_sides"]
