"""Stand-alone case files read: what each case expects of which rules, for which servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from needfix.cases.testing.case_file_format import CASE_FILE
from needfix.catalogue.files import text_of
from needfix.catalogue.nodes import read_documents
from needfix.catalogue.records import Fields
from needfix.catalogue.rule_reader import facts
from needfix.catalogue.shapes import Located
from needfix.errors import Position, Problem
from needfix.model.case_result import Expectation


@dataclass(frozen=True, slots=True)
class Inventory:
    """Servers as a case names them: the path of an inventory, or records."""

    stated: object
    at: Position


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case expects of a rule, and where it says so."""

    rule: str
    expectation: Expectation
    at: Position


@dataclass(frozen=True, slots=True)
class StandaloneCase:
    """A case for any number of rules. Its facts are `given` in short, or an inventory."""

    name: str
    at: Position
    expected: tuple[Expected, ...]
    given: Mapping[str, object] | None
    inventory: Inventory | None
    server: str | None
    skip: str | None
    review: str | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of cases. `rules` are paths as written there; None where the file names none."""

    file: Path
    rules: tuple[Located[str], ...] | None
    cases: tuple[StandaloneCase, ...]


def read_case_files(file: Path, problems: list[Problem]) -> list[CaseFile]:
    """What each document of a file holds; everything that is wrong is added to `problems`."""
    text = text_of(file, problems)
    before = len(problems)
    nodes = read_documents(text, str(file), problems) if text is not None else []
    read = [CASE_FILE.read(node, problems) for node in nodes]
    found = [_case_file(file, fields, problems) for fields in read if fields is not None]
    if text is not None and not nodes and len(problems) == before:
        hint = "write needfix: 1 and a list of cases, or remove the file"
        problems.append(Problem(Position(str(file), 1), "this file is empty", "cases", hint))
    return found


def _case_file(file: Path, fields: Fields, problems: list[Problem]) -> CaseFile:
    inventory = _inventory(fields)
    cases = tuple(_case(entry, inventory, problems) for entry in fields.listed("cases"))
    return CaseFile(file, fields.value("rules"), cases)


def _case(entry: Fields, inventory: Inventory | None, problems: list[Problem]) -> StandaloneCase:
    own = _inventory(entry)
    is_short = "given" in entry.given
    problems.extend(_flaws(entry, own or (None if is_short else inventory), is_short=is_short))
    return StandaloneCase(
        name=entry.value("name", ""),
        at=entry.at,
        expected=tuple(_expected(entry)),
        given=facts(entry.get("given")) if is_short else None,
        inventory=None if is_short else own or inventory,
        server=entry.value("server"),
        skip=entry.value("skip"),
        review=entry.value("review"),
    )


def _flaws(entry: Fields, inventory: Inventory | None, *, is_short: bool) -> Iterator[Problem]:
    if is_short and "inventory" in entry.given:
        what = "this case has both 'given' and 'inventory'"
        yield Problem(entry.at, what, "one of the two", "remove one of them")
    elif is_short and "server" in entry.given:
        what, hint = "'server' chooses from an inventory, and this case has 'given'", "remove 'server'"
        yield Problem(entry.at, what, "an inventory", hint)
    elif not is_short and inventory is None and "inventory" not in entry.given:
        hint = "add given: {level: 5.5 SP4, files: …}, or inventory: servers.json"
        yield Problem(entry.at, "this case has no facts", "'given' or 'inventory'", hint)


def _inventory(fields: Fields) -> Inventory | None:
    found: Located[object] | None = fields.get("inventory")
    return None if found is None else Inventory(found.value, found.at)


def _expected(entry: Fields) -> Iterator[Expected]:
    for rule_id, found in entry.value("expect", {}).items():
        read = found.value
        if isinstance(read, Fields):
            codes = tuple(reason.value for reason in read.listed("reasons"))
            expectation = Expectation(read.value("decision", ""), read.value("action"), codes)
        else:
            expectation = Expectation(read.value)
        yield Expected(rule_id, expectation, found.at)
