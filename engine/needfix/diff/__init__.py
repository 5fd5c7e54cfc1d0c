"""What a change of rules alters: the decisions on recorded inventories, each with its causes.

Called as `needfix.diff(old, new, servers)`.
"""

from needfix.callable_room import make_callable
from needfix.diff.compare import Comparison
from needfix.diff.sides import Request, read_sides
from needfix.diff.subjects import Side

make_callable(__name__, f"{__name__}.servers")

__all__ = ["Comparison", "Request", "Side", "read_sides"]
