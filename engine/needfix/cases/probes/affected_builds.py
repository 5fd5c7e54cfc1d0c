"""Values of minima that no affected server has, as entries of `affects` ask for other builds."""

from __future__ import annotations

from needfix.cases.plain.build_minima import in_range
from needfix.cases.plain.places import stated_place
from needfix.cases.probes.products_beside import in_build
from needfix.catalogue import Catalogue
from needfix.model.minimum import Minimum
from needfix.model.product import ProductDefinition
from needfix.model.rule import Affects, Fix, Rule


def is_of_affected_build(rule: Rule, fix: Fix, minimum: Minimum, value: str, catalogue: Catalogue) -> bool:
    """Whether a server that has this value at a minimum can be affected, as far as its build shows."""
    entries = [entry for entry in rule.affects if fix.product in (None, entry.product)]
    return any(is_in_builds(entry, catalogue.products[entry.product], minimum, value) for entry in entries)


def is_in_builds(entry: Affects, product: ProductDefinition, minimum: Minimum, value: str) -> bool:
    """The same for one entry."""
    keys = {name.casefold() for name in product.key_files}
    is_key = minimum.name.casefold() in keys and product.numbered_as(minimum.name) is product
    if entry.builds is None or not (minimum.is_build or is_key):
        return True
    return in_range(product, in_build(stated_place(product), value).builds, entry.builds)[0] != "no"
