"""The text of one rule checked before it is a file."""

from __future__ import annotations

from collections.abc import Mapping

from needfix.catalogue.nodes import read_documents
from needfix.catalogue.rule_reader import read_rule
from needfix.errors import Problem
from needfix.model.product import ProductDefinition


def check_rule(text: str, name: str, products: Mapping[str, ProductDefinition]) -> list[Problem]:
    """Everything that would keep a rule from loading beside these products."""
    problems: list[Problem] = []
    for node in read_documents(text, name, problems):
        read_rule(node, products, problems)
    return problems
