"""A run: a request to a catalogue, which is decided while its results are iterated."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import ClassVar, TypeVar

from needfix._version import __version__
from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.inventory.bad_records import BadRecords
from needfix.model.document import ArrowRows, Header, RuleText, ServerDecisions, Summary
from needfix.model.note import ANSWER_UNUSED, CATALOGUE_DAYS, CATALOGUE_OLD
from needfix.model.rule import Rule
from needfix.model.run_request import RunRequest
from needfix.run.inventories import check_any, to_the_end

T = TypeVar("T")
Progress = Callable[[int], None]


class Run(ABC):
    """One run. Iterate over its servers or its batches once, or call only `summary`.

    At its end it raises InventoryError if bad records are fatal, and UsageError if there was no server.
    """

    progress: Progress | None = None
    """Receives the bytes read since the last call, where servers are decided one at a time."""

    rowwise = 0
    """Servers that were decided one at a time although the run is in columns."""

    def __init__(self, catalogue: Catalogue, request: RunRequest, bad: BadRecords) -> None:
        self._catalogue = catalogue
        self._request = request
        self._bad = bad
        self._started = datetime.now(UTC)
        self._found: Summary | None = None
        bad.add_all(request.problems)

    @cached_property
    def header(self) -> Header:
        """The catalogue, the inventories and the start of the run."""
        digest, inventories = self._catalogue.digest, self._request.inventories
        day = self._catalogue.date
        return Header(__version__, digest, inventories, self._started, self.rules, day)

    @cached_property
    def rules(self) -> Mapping[str, RuleText]:
        """The selected rules, in the order of the catalogue."""
        chosen = self._request.selection
        return {rule.id: _text_of(rule) for rule in self._catalogue if chosen.has_rule(rule.id)}

    def servers(self) -> Iterator[ServerDecisions]:
        """The servers with any of the selected decisions, as they are decided."""
        return self._to_the_end(self._servers())

    def batches(self) -> ArrowRows:
        """The selected decisions as batches of Arrow. Raises UsageError where this run has no columns."""
        raise UsageError("only a run in columns returns batches of Arrow")

    def summary(self) -> Summary:
        """The summary of the run; decides everything if no results were iterated yet."""
        if self._found is None:
            for _ in self._to_the_end(self._counts()):
                pass
        if self._found is None:
            raise AssertionError("a run has no summary before its end")
        return self._found

    def _to_the_end(self, made: Iterator[T]) -> Iterator[T]:
        """The items, as long as no bad record is fatal, then the end of the run."""
        yield from to_the_end(made, self._bad)
        found = self._summed()
        check_any(found.servers, self._request, self._bad)
        self._note_age()
        for answer in self._request.options.answers.unused if self._reads_here else ():
            self._bad.notes.add(ANSWER_UNUSED, answer.at, answer.servers)
        self._found = replace(found, notes=tuple(self._bad.notes))

    _reads_here: ClassVar[bool] = True
    """Whether this process reads the inventories itself."""

    def _note_age(self) -> None:
        """A note where the facts of the catalogue are old."""
        day = self._catalogue.date
        if day is not None and (self._started.date() - day).days > CATALOGUE_DAYS:
            self._bad.notes.add(CATALOGUE_OLD, None, day.isoformat())

    @abstractmethod
    def _servers(self) -> Iterator[ServerDecisions]:
        """The servers with any of the selected decisions, each counted."""

    @abstractmethod
    def _counts(self) -> Iterator[object]:
        """An item for each step in which servers are counted."""

    @abstractmethod
    def _summed(self) -> Summary:
        """The summary of what was counted."""


def _text_of(rule: Rule) -> RuleText:
    components = dict.fromkeys(fix.component for fix in rule.fixes if fix.component)
    symptoms = {symptom.id: symptom.text for symptom in rule.symptoms}
    return RuleText(
        rule.id,
        rule.title,
        rule.products,
        rule.references,
        tuple(components),
        symptoms,
        rule.at,
        rule.severity,
        rule.advisories,
        rule.updates,
        rule.released,
        rule.also_needed,
    )
