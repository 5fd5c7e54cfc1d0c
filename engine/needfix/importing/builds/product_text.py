"""Levels of a table as entries of a product definition, and the text of a new definition."""

from __future__ import annotations

from collections.abc import Sequence

from needfix.importing.builds.row import BuildRow
from needfix.importing.yaml_text import Value, flow, plain


def level_keys(row: BuildRow) -> dict[str, Value]:
    """The keys of a level beside its name."""
    facts: dict[str, Value | None] = {
        "build": row.build_text or None,
        "released": row.released,
        "supported_until": row.supported_until,
    }
    return {key: value for key, value in facts.items() if value}


def level_text(row: BuildRow) -> str:
    """A level as an item of the list of levels."""
    return flow({"level": str(row.level), **level_keys(row)})


def product_text(product: str, name: str, rows: Sequence[BuildRow], *, is_free: bool = False) -> str:
    """The definition of a product that has none, with the levels of these rows."""
    head = ["needfix: 1", f"product: {plain(product)}", f"name: {plain(name)}"]
    head += ["builds: free", "levels:"] if is_free else ["levels:"]
    return "\n".join([*head, *(f"  - {level_text(row)}" for row in rows)]) + "\n"
