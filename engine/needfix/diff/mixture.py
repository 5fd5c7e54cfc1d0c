"""Catalogues between the old and the new one: the old with some of the changes made."""

from __future__ import annotations

from collections.abc import Iterable

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.diff.subjects import Subjects
from needfix.errors import Problem
from needfix.model.difference import CatalogueChange
from needfix.model.rule import Rule


def mixture(subjects: Subjects, ids: Iterable[str], chosen: frozenset[CatalogueChange]) -> Catalogue | None:
    """The old version of these rules with the chosen changes made; None where the outcome is no catalogue."""
    every_product = (subject.with_changes(chosen) for subject in subjects.products.values())
    products = {product.product: product for product in every_product if product is not None}
    every_rule = (subjects.rules[folded].with_changes(chosen) for folded in ids)
    rules = [rule for rule in every_rule if rule is not None]
    if not all(_is_sound(rule, products.keys()) for rule in rules):
        return None
    problems: list[Problem] = []
    catalogue = assemble(rules, products, problems)
    return None if problems else catalogue


def _is_sound(rule: Rule, products: Iterable[str]) -> bool:
    """Whether a rule names only known products, and every fix of it has a file."""
    return (
        bool(rule.fixes) and all(fix.files for fix in rule.fixes) and set(products).issuperset(rule.products)
    )
