"""The columns of CSV, made from the field tables: which part of a record each belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from needfix.inventory.fields import (
    COUNTER,
    EVENT,
    FILE,
    PRODUCT,
    RECORD,
    SERVICE,
    SYMPTOMS,
    Field,
    Part,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS = ("complete", "hotfixes", "observed", "absent")
SCALARS = ("collected", "restart_pending")


def _row(part: Part, columns: dict[str, str], needs: tuple[str, ...]) -> Part:
    """The part with columns for keys."""
    fields: dict[str, Field] = {column: part.fields[key] for column, key in columns.items()}
    keys = tuple((column,) for column in needs)
    return Part("row", fields, keys, part.make)


def _same(*keys: str) -> dict[str, str]:
    return {key: key for key in keys}


SERVER_ROW = Part(
    "row",
    {key: {**RECORD.fields, **SYMPTOMS.fields}[key] for key in SCALARS + LISTS},
)
PRODUCT_ROW = _row(
    PRODUCT,
    {"product": "name", **_same("level", "build", "edition", "language")},
    ("product",),
)
FILE_ROW = Part(
    "row",
    {
        "file": FILE.fields["name"],
        **{key: FILE.fields[key] for key in FILE.fields if key != "name"},
    },
    (("file", "path"),),
    FILE.make,
)
EVENT_ROW = _row(
    EVENT,
    {"event_source": "source", "event_id": "id", "event_message": "message"},
    ("event_source",),
)
SERVICE_ROW = _row(SERVICE, {"service": "name", "state": "state"}, ("service", "state"))
COUNTER_ROW = _row(
    COUNTER,
    {"counter": "name", **_same("value", "at", "for")},
    ("counter", "value"),
)

PARTS = {
    "server": SERVER_ROW,
    "products": PRODUCT_ROW,
    "platform": Part("row", {"platform": PRODUCT.fields["platform"]}),
    "files": FILE_ROW,
    "events": EVENT_ROW,
    "services": SERVICE_ROW,
    "counters": COUNTER_ROW,
}
COLUMNS = tuple(dict.fromkeys(("server", *(key for part in PARTS.values() for key in part.fields))))
ALIASES: dict[str, str] = {
    **{column: column for column in COLUMNS},
    "name": "file",
    "hotfix": "hotfixes",
    "symptoms_observed": "observed",
    "symptoms_absent": "absent",
    "symptoms.observed": "observed",
    "symptoms.absent": "absent",
}


class Layout:
    """Where the columns of a table stand, part by part."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self.columns = columns
        self._places = {
            name: [(key, columns[key]) for key in part.fields if key in columns]
            for name, part in PARTS.items()
        }

    def told(self, part: str, cells: list[str]) -> dict[str, Any]:
        """The cells of a part that say anything, by column."""
        width = len(cells)
        return {
            key: cells[index] for key, index in self._places[part] if index < width and cells[index].strip()
        }
