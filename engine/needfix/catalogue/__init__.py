"""The catalogue: YAML read with positions, validated, levels looked up, rules put in order."""

from needfix.catalogue.catalogue import Catalogue
from needfix.catalogue.files import shipped_rules
from needfix.catalogue.load import load_catalogue, load_for_lint, load_products

__all__ = ["Catalogue", "load_catalogue", "load_for_lint", "load_products", "shipped_rules"]
