"""needfix: which servers need which hotfix, and why."""

from needfix.catalogue import Catalogue, load_catalogue
from needfix.decide.evaluate import evaluate
from needfix.errors import (
    CatalogueError,
    InferenceError,
    InputError,
    InventoryError,
    NeedfixError,
    Position,
    Problem,
    UsageError,
)
from needfix.inventory import read_inventory
from needfix.model.decision import Decision, Reason
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.model.server import Server

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Decision",
    "InferenceError",
    "InputError",
    "InventoryError",
    "NeedfixError",
    "Position",
    "Problem",
    "ProductDefinition",
    "Reason",
    "Rule",
    "Server",
    "UsageError",
    "evaluate",
    "load_catalogue",
    "read_inventory",
]
