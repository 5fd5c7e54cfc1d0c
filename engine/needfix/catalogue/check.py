"""Checks the text of one rule before it is written to a file."""

from __future__ import annotations

from collections.abc import Mapping

from needfix.catalogue.nodes import read_documents
from needfix.catalogue.rule_reader import read_rule
from needfix.errors import Problem
from needfix.model.product import ProductDefinition


def check_rule(text: str, name: str, products: Mapping[str, ProductDefinition]) -> list[Problem]:
    """Every problem that would prevent a rule from loading with these products."""
    problems: list[Problem] = []
    for node in read_documents(text, name, problems):
        read_rule(node, products, problems)
    return problems
