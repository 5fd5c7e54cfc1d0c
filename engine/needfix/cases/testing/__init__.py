"""Tests of rules: their cases, found, run and compared."""

from needfix.cases.testing.item import Item, item_of
from needfix.cases.testing.run import run
from needfix.cases.testing.suite import Suite, TestedRule, collect

__all__ = ["Item", "Suite", "TestedRule", "collect", "item_of", "run"]
