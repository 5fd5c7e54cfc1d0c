"""What a change of rules alters: the decisions on recorded inventories, each with its causes."""

from needfix.diff.compare import Comparison
from needfix.diff.sides import Request, read_sides
from needfix.diff.subjects import Side

__all__ = ["Comparison", "Request", "Side", "read_sides"]
