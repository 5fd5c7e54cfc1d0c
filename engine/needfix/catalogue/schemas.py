"""JSON Schemas of rules and product definitions, made from the shapes that read them."""

from __future__ import annotations

from needfix.catalogue.product_format import PRODUCT
from needfix.catalogue.records import Record
from needfix.catalogue.rule_format import RULE
from needfix.catalogue.shapes import Schema


def rule_schema() -> Schema:
    """The schema of a rule file."""
    return schema_of("rule", "A needfix rule: one hotfix", RULE)


def product_schema() -> Schema:
    """The schema of a product definition."""
    return schema_of("product", "A needfix product definition", PRODUCT)


def schema_of(name: str, title: str, shape: Record) -> Schema:
    """The schema of a file with one record."""
    head: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://needfix.dev/schemas/{name}.json",
        "title": title,
    }
    return {**head, **shape.schema()}
