"""Which lists of a record are whole by what the user states, beside what the record itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from needfix.model.server import Scope

ProductRows = Literal["own", "list", "some"]
"""What the products of a record are: `own`, a list that says itself whether it is whole; `list`, what another
program lists; `some`, products that it states beside other things."""


class WholeLists(NamedTuple):
    """What is known of the lists of a record that the user may state to be whole.

    Where rows were lost, none of them is whole. `stated` are scopes that are complete because the user says
    so, and `denied` those of which the record says otherwise.
    """

    products: ProductRows = "own"
    lost_rows: bool = False
    stated: frozenset[Scope] = frozenset()
    denied: frozenset[Scope] = frozenset()
