"""Inventories: the facts about servers, read as a stream from files of several formats."""

from needfix.intake.record import server_from_record
from needfix.inventory.reading import inventory_files, is_columnar, read_inventory
from needfix.inventory.schema import inventory_schema

__all__ = [
    "inventory_files",
    "inventory_schema",
    "is_columnar",
    "read_inventory",
    "server_from_record",
]
