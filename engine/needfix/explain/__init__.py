"""How one decision came about, and what would change it: `needfix.explain(catalogue, server, rule)`."""

from needfix.callable_room import make_callable

make_callable(__name__, f"{__name__}.explain")
