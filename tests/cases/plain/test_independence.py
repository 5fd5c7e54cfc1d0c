"""The plain evaluator needs nothing of what it checks: it decides while all of that is out of order."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import NoReturn

import pytest
from packaging.version import Version

import needfix
from needfix.cases.plain import evidence_of
from needfix.catalogue import Catalogue, level_finding, minimum_sides, name_words, product_names
from needfix.catalogue.part import part
from needfix.intake import vocabularies
from needfix.model import rule as model_of_rules
from needfix.model import symptom as model_of_symptoms
from needfix.model.product import ProductDefinition
from needfix.model.rule import Fix
from needfix.versions import Level, Moment, file_version, level_text, moment
from tests.support.shipped import SAMPLE, SHIPPED

ORDER = ("__lt__", "__le__", "__gt__", "__ge__", "__eq__")
DATA_THAT_COMPARES = [
    *((kind, name) for kind in (Version, Level) for name in ORDER),
    (Level, "version"),
    (Level, "version_name"),
    (Moment, "reaches"),
    (ProductDefinition, "versions"),
    (Fix, "branch"),
    (Fix, "is_for_all"),
    (model_of_rules, "by_branch"),
    (model_of_symptoms, "scope_of"),
    (Catalogue, "known_id"),
    (Catalogue, "required_rules"),
]
SHARED = [
    vocabularies,
    file_version,
    level_text,
    moment,
    level_finding,
    minimum_sides,
    name_words,
    product_names,
]
ENGINE = ["needfix.compare", "needfix.infer", "needfix.decide"]


def out_of_order(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the plain evaluator used what it checks")


def modules_of(package: str) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
        yield import_module(found.name)


def functions_of(module: ModuleType) -> Iterator[tuple[object, str]]:
    """The functions and methods that a module defines, by where they are found."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) == module.__name__:
            if inspect.isclass(value):
                yield from ((value, own) for own, method in vars(value).items() if inspect.isfunction(method))
            elif callable(value):
                yield module, name


def test_it_decides_while_the_engine_and_all_that_orders_or_matches_is_out_of_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalogue = part(SHIPPED, SAMPLE)
    servers = list(needfix.read_inventory("fixtures/inventories/exchange.json"))
    evaluate = needfix.evaluate  # kept by the package when it is first used
    before = [evidence_of(catalogue, server) for server in servers]
    engine = [module for package in ENGINE for module in modules_of(package)]
    for place, name in [pair for module in (*SHARED, *engine) for pair in functions_of(module)]:
        monkeypatch.setattr(place, name, out_of_order)
    for place, name in DATA_THAT_COMPARES:
        monkeypatch.setattr(place, name, out_of_order)
    with pytest.raises(AssertionError):
        list(evaluate(catalogue, servers))
    during = [evidence_of(catalogue, server) for server in servers]
    monkeypatch.undo()
    assert during == before
    assert all(found.keys() == catalogue.rules.keys() for found in before)
