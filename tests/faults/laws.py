"""The laws, and examples of what they hold for, drawn once for all mutants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from needfix.catalogue import Catalogue

_READING = ("needfix.versions", "needfix.model", "needfix.catalogue")
MODULES: dict[str, tuple[str, ...]] = {
    "tests.compare.test_level_laws": ("needfix",),
    "tests.compare.test_file_laws": ("needfix",),
    "tests.compare.test_report_laws": ("needfix",),
    "tests.compare.test_branch_laws": ("needfix.compare", "needfix.decide"),
    "tests.cases.plain.test_names": _READING,
    "tests.cases.plain.test_reading": _READING,
    "tests.compare.test_laws": ("needfix",),
    "tests.decide.test_reason_laws": ("needfix",),
    "tests.infer.test_inference": ("needfix.infer",),
}
"""Modules of tests, the quickest first, with the rooms that they are about.

A law is a test of whatever hypothesis draws, or of all that there is.
"""

_OF_ALL = ("test_every_evidence", "test_remarks_beyond", "test_all_that")
_PLAIN = ("decide", "evidence_of", "places")
"""What the plain evaluator finds of a catalogue and a server, worked out once."""


class Law(NamedTuple):
    """A law as a function of what is drawn, and what was drawn."""

    name: str
    rooms: tuple[str, ...]
    holds: Callable[..., object]
    examples: list[dict[str, Any]]

    def check(self) -> None:
        """Try every example; the first for which it does not hold raises an error."""
        for example in self.examples:
            for value in example.values():
                if isinstance(value, Catalogue):
                    value.kept.clear()
            self.holds(**example)


def laws(some: str = "") -> list[Law]:
    """The laws of the modules of tests in whose name `some` is found, with their examples."""
    modules = {import_module(name): rooms for name, rooms in MODULES.items() if some in name}
    for module in modules:
        for name in set(_PLAIN) & vars(module).keys():
            setattr(module, name, _remembered(getattr(module, name)))
    return [law for module, rooms in modules.items() for law in _of_module(module, rooms)]


def _of_module(module: ModuleType, rooms: tuple[str, ...]) -> Iterator[Law]:
    for name, test in vars(module).items():
        if name.startswith(_OF_ALL):
            yield Law(name, rooms, test, [{}])
        elif name.startswith("test_") and hasattr(test, "hypothesis"):
            marks = getattr(test, "pytestmark", ())
            choices = [mark.args for mark in marks if mark.name == "parametrize"]
            given = [{name: value} for name, values in choices for value in values] or [{}]
            for own in given:
                yield Law(name, rooms, test.hypothesis.inner_test, _drawn(test, own))


def _drawn(test: Any, given: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401 - hypothesis's
    """What hypothesis draws for a law; none of it is tried yet."""
    examples: list[dict[str, Any]] = []
    holds = test.hypothesis.inner_test
    test.hypothesis.inner_test = lambda **example: examples.append(example)
    test(**given)
    test.hypothesis.inner_test = holds
    return examples


def _remembered(plain: Callable[..., object]) -> Callable[..., object]:
    known: dict[tuple[int, ...], tuple[tuple[object, ...], object]] = {}

    def remembering(*arguments: object) -> object:
        key = tuple(map(id, arguments))
        if key not in known:
            known[key] = arguments, plain(*arguments)  # kept, so that no other object gets their ids
        return known[key][1]

    return remembering
