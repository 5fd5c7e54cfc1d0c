"""The catalogue: YAML read with positions, validated, levels looked up, rules put in order."""

from needfix.catalogue.catalogue import Catalogue
from needfix.catalogue.files import shipped_rules
from needfix.catalogue.load import Loaded, load_catalogue, load_for_lint, load_products, load_readable

__all__ = [
    "Catalogue",
    "Loaded",
    "load_catalogue",
    "load_for_lint",
    "load_products",
    "load_readable",
    "shipped_rules",
]
