"""Rules as OVAL 5.11 definitions, and servers as OVAL system characteristics."""

from needfix.exporting.oval.characteristics import characteristics
from needfix.exporting.oval.definitions import definitions
from needfix.exporting.oval.export import Export, export_rules
from needfix.exporting.oval.objects import value_object

__all__ = ["Export", "characteristics", "definitions", "export_rules", "value_object"]
