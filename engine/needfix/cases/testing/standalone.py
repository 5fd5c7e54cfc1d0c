"""The cases of a stand-alone file, one for each server and each rule that they expect something of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from needfix.cases.testing.case_file import CaseFile, Expected, StandaloneCase
from needfix.cases.testing.item import Item
from needfix.cases.testing.short_form import Facts, product_of, server_of, server_of_record
from needfix.catalogue import Catalogue
from needfix.catalogue.hints import hint_of_closest
from needfix.catalogue.part import part
from needfix.errors import InventoryError, Position, Problem
from needfix.inventory import read_inventory
from needfix.model.server import Server

Reader = Callable[[str], tuple[Facts, ...]]

NamedFacts = tuple[str, Facts]
"""A server's name where a case has several, and its facts."""


def standalone_items(file: CaseFile, catalogue: Catalogue) -> Iterator[Item]:
    """Every case of a file, ready to be decided."""
    cut = cache(lambda rule_id: part(catalogue, [rule_id]))
    read = cache(_read_file)
    for case in file.cases:
        servers = _servers(case, file, catalogue, read)
        for name, facts in servers:
            for expected in case.expected:
                rule_id = catalogue.known_id(expected.rule)
                is_known = rule_id in catalogue.rules
                yield Item(
                    rule_id,
                    f"{case.name} [{name}]" if name else case.name,
                    case.at,
                    expected.expectation,
                    cut(rule_id) if is_known else catalogue,
                    facts if is_known else (_unknown(expected, catalogue),),
                    case.skip,
                    case.review,
                )


def _servers(
    case: StandaloneCase, file: CaseFile, catalogue: Catalogue, read: Reader
) -> Sequence[NamedFacts]:
    """The servers of a case; where there is none, one entry says why."""
    if case.given is not None:
        return [("", server_of(case.name, case.given, _first_product(case, catalogue), case.at))]
    assert case.inventory is not None  # noqa: S101 - the reader refuses a case without facts
    stated = case.inventory.stated
    if isinstance(stated, str):
        facts = read(str(file.file.parent / stated))
    else:
        records = stated if isinstance(stated, list) else [stated]
        facts = tuple(_of_record(record, case.inventory.at) for record in records)
    return _chosen(case, facts)


def _of_record(record: object, at: Position) -> Facts:
    if isinstance(record, Mapping):
        return server_of_record(record, at)
    return (
        Problem(at, "this is not a record of an inventory", "a record such as {server: MAIL01, files: […]}"),
    )


def _read_file(path: str) -> tuple[Facts, ...]:
    problems: list[Problem] = []
    try:
        servers = list(read_inventory(path, on_problem=problems.append))
    except InventoryError as error:
        return (error.problems,)
    return (*servers, *((problem,) for problem in problems))


def _chosen(case: StandaloneCase, facts: Sequence[Facts]) -> Sequence[NamedFacts]:
    """The servers that the case names, with whatever is wrong with the inventory."""
    wrong = [one for one in facts if isinstance(one, tuple)]
    servers = [one for one in facts if isinstance(one, Server) and _is_chosen(case.server, one)]
    if not servers and not wrong:
        named = f" {case.server!r}" if case.server else ""
        what = f"the inventory has no server{named}"
        return [("", (Problem(case.at, what, "at least one", "check the name; * and ? are wildcards"),))]
    several = len(servers) > 1
    return [
        *((server.server if several else "", server) for server in servers),
        *(("", problems) for problems in wrong),
    ]


def _is_chosen(pattern: str | None, server: Server) -> bool:
    return pattern is None or server.is_called(pattern)


def _first_product(case: StandaloneCase, catalogue: Catalogue) -> str:
    """The product of the first rule that the case expects something of."""
    known = (catalogue.rules.get(catalogue.known_id(expected.rule)) for expected in case.expected)
    rule = next(filter(None, known), None)
    return product_of(catalogue, rule) if rule is not None else ""


def _unknown(expected: Expected, catalogue: Catalogue) -> Problem:
    close = hint_of_closest(expected.rule, catalogue.rules)
    what = f"there is no rule {expected.rule!r} among the rules under test"
    hint = close or "correct the id, or name its file under 'rules' or on the command line"
    return Problem(expected.at, what, "the id of a rule", hint)
