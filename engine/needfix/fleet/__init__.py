"""Fleets: the same decisions as one server at a time, for whole columns of servers at once.

Needs NumPy and Arrow: `pip install "needfix[fleet]"`.
"""

from needfix.fleet.api import decisions, summary
from needfix.fleet.records import SCHEMA
from needfix.fleet.rows import SCHEMA as DECISIONS_SCHEMA
from needfix.model.document import ServerLoad
from needfix.model.document import Summary as FleetSummary

__all__ = ["DECISIONS_SCHEMA", "SCHEMA", "FleetSummary", "ServerLoad", "decisions", "summary"]
