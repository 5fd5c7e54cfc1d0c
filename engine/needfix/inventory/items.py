"""What a format module yields: servers and problems, made from records; what ends a file."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from needfix.errors import Problem
from needfix.intake.kinds import Invalid, described
from needfix.intake.record import pointer_to, server_from_record, server_named
from needfix.intake.text import UTF_8, likely_encoding
from needfix.inventory.lines import long_lists
from needfix.inventory.places import RecordFlaw, placed
from needfix.inventory.producers.recognised import records_within
from needfix.model.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from needfix.errors import Position
    from needfix.intake.notes import Notes, Occurrence
    from needfix.inventory.places import Finder, Places
    from needfix.inventory.source import Source

Item: TypeAlias = Server | Problem

HINT = 'write {"server": …} for each server'


class GiveUpError(Exception):
    """The rest of a file cannot be read; does not leave this package."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


class ProblemOfNotes(Problem):
    """The last problem of a record that is bad only since notes are not accepted; `facts` is its server.

    What else is to be noted of the facts is found by whoever knows the rules.
    """

    facts: Server

    @classmethod
    def of(cls, problem: Problem, facts: Server) -> ProblemOfNotes:
        """The problem with the server."""
        found = cls(*problem)
        found.facts = facts
        return found

    def _replace(self, **changes: Any) -> ProblemOfNotes:  # noqa: ANN401 - as there
        return ProblemOfNotes.of(super()._replace(**changes), self.facts)


def refused(problems: list[Problem], server: Server) -> list[Problem]:
    """The problems that notes on a good record are; none where notes are accepted."""
    return [*problems[:-1], ProblemOfNotes.of(problems[-1], server)] if problems else []


def further(problems: Iterable[Problem], find: Callable[[Server, Position], list[Problem]]) -> list[Problem]:
    """Problems, with those that `find` finds in the facts of records that are bad for notes only."""
    found: list[Problem] = []
    for problem in problems:
        found.append(problem)
        if isinstance(problem, ProblemOfNotes):
            found += find(problem.facts, problem.at)
    return found


def invalid_bytes(at: Position, source: Source) -> Problem:
    """The problem of bytes that are not text."""
    hint = "save the file as UTF-8"
    if source.encoding == UTF_8:
        hint += f", which Excel calls CSV UTF-8, or use --encoding {likely_encoding(source.start)}"
    return Problem(at, f"bytes that are not valid {source.encoding.upper()}", "text", hint, "unreadable")


_LISTS_OF_PROGRAMS = frozenset(("value", "hosts", "results", "rows", "data", "software", "queries"))
_OF_ERRORS = frozenset(("error", "errors", "message", "exception", "errormessage", "faultstring"))
_BESIDE_ERRORS = frozenset((
    "status", "statuscode", "code", "title", "type", "detail", "details", "uuid", "timestamp", "path", "host",
    "hostname", "request_id", "success",
))  # fmt: skip


def _without_facts(value: object, at: Position) -> Problem | None:
    """The problem of an object that is an error message of a program, or a list of it with nothing in it."""
    if not isinstance(value, Mapping) or not value:
        return None
    names = {str(name).casefold(): own for name, own in value.items()}
    if "server" in names:
        return None
    server = server_named(value)
    if names.keys() <= _OF_ERRORS | _BESIDE_ERRORS and not _OF_ERRORS.isdisjoint(names):
        from needfix.intake.formats import error_message  # noqa: PLC0415 - few files are errors

        shown = next((own for name, own in names.items() if name in _OF_ERRORS and own is not None), "")
        return error_message(at, str(shown))._replace(server=server)
    lists = [name for name in names if name in _LISTS_OF_PROGRAMS]
    if lists and not any(isinstance(own, Mapping | list) and own for own in names.values()):
        if any(names[name] not in ([], {}, None) for name in lists):
            return None
        what = f"there is nothing in {lists[0]}"
        hint = "nothing is known of any server from this"
        return Problem(at, what, "objects of a program", hint, "syntax", server)
    return None


class _Within(NamedTuple):
    """The places in a value that is within another, to which `pointer` points there."""

    pointer: str
    outer: Finder

    def begin(self, at: Position) -> Position:
        """Where the value begins; where the other does if that is not known."""
        return self.outer({self.pointer}).get(self.pointer, at)

    def find(self, wanted: Collection[str]) -> Places:
        """The places of what points into the value."""
        found = self.outer({self.pointer + own for own in wanted})
        return {own.removeprefix(self.pointer): place for own, place in found.items()}


def record_items(
    value: object, at: Position, flaws: Iterable[RecordFlaw], notes: Notes, find: Finder
) -> Iterator[Item]:
    """A parsed value as a server, or as its problems; `flaws` are those found in parsing it.

    `find` finds the places of what problems point to.
    """
    flaws = list(flaws)
    held = None if flaws or server_named(value) is not None else records_within(value)
    if held is not None:
        for number, one in enumerate(held[1]):
            inner = _Within(pointer_to("", held[0]).casefold() + f"/{number}", find)
            yield from record_items(one, inner.begin(at), map(RecordFlaw, long_lists(one)), notes, inner.find)
        return
    if (other := _without_facts(value, at)) is not None:
        yield other
        return
    noted: list[Occurrence] = []
    name = server_named(value)
    problems = [Problem(flaw.at or at, flaw.what, code="syntax", server=name) for flaw in flaws]
    server = None
    if isinstance(value, Mapping):
        server = server_from_record(value, at, problems, noted)
    elif not isinstance(value, Invalid):
        what = f"the record is {described(value)}"
        problems.append(Problem(at, what, "an object with a server", HINT, "not-an-object", pointer=""))
    if problems:
        strict = notes.take(noted, at, name) if notes.is_strict else []
        problems = [*sorted(placed(problems, find), key=attrgetter("at")), *strict]
    elif server is not None:
        problems = refused(notes.take(noted, at, name), server)
    if server is not None and not problems:
        yield server
    yield from problems
