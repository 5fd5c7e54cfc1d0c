"""The cases of shipped rules: most of their text, but not part of a decision, so they are read lazily."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import overload

from needfix.catalogue.hints import in_order
from needfix.catalogue.nodes import read_documents
from needfix.catalogue.rule_reader import read_cases
from needfix.errors import CatalogueError, Position, Problem
from needfix.model.rule import Case, Rule

_AT_THE_END = re.compile(r"\ncases:[ \t\r]*\n(?:(?:[ \t\r#]|-[ \t]).*\n|\n)*\Z")
"""The key `cases`, where no other key or document follows it."""


def without_cases(text: str) -> str:
    """The text of a rule up to its cases; the whole text where anything follows them."""
    found = _AT_THE_END.search(text) if "\n---" not in text else None
    return text[: found.start() + 1] if found else text


class LaterCases(Sequence[Case]):
    """The cases in the text of one rule, read at first use.

    Raises CatalogueError at first use if they have mistakes.
    """

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file

    @cached_property
    def _cases(self) -> tuple[Case, ...]:
        problems: list[Problem] = []
        documents = read_documents(self._text, self._file, problems)
        cases = [case for node in documents for case in read_cases(node, problems)]
        if problems:
            raise CatalogueError(in_order(problems))
        return tuple(cases)

    @overload
    def __getitem__(self, index: int) -> Case: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Case]: ...
    def __getitem__(self, index: int | slice) -> Case | Sequence[Case]:
        return self._cases[index]

    def __len__(self) -> int:
        return len(self._cases)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LaterCases) and self._text == other._text:
            return True  # without reading them
        return isinstance(other, Sequence) and self._cases == tuple(other)

    def __hash__(self) -> int:
        return hash(self._cases)


def with_cases(rule: Rule, later: Mapping[Position, LaterCases]) -> Rule:
    """The rule with its lazily read cases, if it has any."""
    cases = later.get(rule.at) if rule.at is not None else None
    return rule if cases is None else replace(rule, cases=cases)
