"""Engines are made once for a catalogue, and go with it."""

from __future__ import annotations

import gc
import pickle
import weakref

import needfix
from needfix.decide.engine import engine_of


def test_a_catalogue_has_one_engine() -> None:
    catalogue = needfix.load_catalogue()
    assert engine_of(catalogue) is engine_of(catalogue)
    assert engine_of(catalogue) is not engine_of(needfix.load_catalogue())


def test_an_engine_goes_when_its_catalogue_is_forgotten() -> None:
    catalogue = needfix.load_catalogue()
    list(needfix.evaluate(catalogue, needfix.Server("A", products=())))
    engine = weakref.ref(engine_of(catalogue))
    del catalogue
    gc.collect()
    assert engine() is None


def test_a_catalogue_travels_without_its_engine() -> None:
    catalogue = needfix.load_catalogue()
    server = needfix.Server("A", products=())
    decided = list(needfix.evaluate(catalogue, server))
    assert list(needfix.evaluate(pickle.loads(pickle.dumps(catalogue)), server)) == decided  # noqa: S301
