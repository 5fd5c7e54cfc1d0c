"""Inventories: the facts about servers, read as a stream from files of several formats."""

from needfix.inventory.paths import inventory_files
from needfix.inventory.reading import read_inventory
from needfix.inventory.record import server_from_record
from needfix.inventory.schema import inventory_schema

__all__ = ["inventory_files", "inventory_schema", "read_inventory", "server_from_record"]
