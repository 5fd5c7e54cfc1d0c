"""Tests of rules: their cases, found, run and told apart."""

from needfix.authoring.testing.item import Item, item_of
from needfix.authoring.testing.run import run
from needfix.authoring.testing.suite import Suite, TestedRule, collect

__all__ = ["Item", "Suite", "TestedRule", "collect", "item_of", "run"]
