"""New cases written into the text of a rule's file; nothing else in it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from needfix.cases.generating.case_text import item_lines
from needfix.cases.generating.new_case import NewCase
from needfix.cases.generating.place_of_cases import CasesPlace, Mark, place_of_cases
from needfix.catalogue.nodes import read_documents
from needfix.catalogue.rule_reader import read_cases
from needfix.errors import CatalogueError, Position, Problem
from needfix.model.rule import Case, Rule

_LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|\\Z)")
_ENDS = "\r\n\x85\u2028\u2029"
_BYTE_ORDER_MARK = "\ufeff"


def write_cases(text: str, rule: Rule, cases: Sequence[NewCase]) -> str:
    """The text of a rule's file with cases added behind those that it has.

    The text is kept as it is, line ends and byte order mark included. Of several rules in one
    file the last is to be written first, since a rule is found by its line. Raises CatalogueError
    where the cases cannot be added so that the file reads as before, but for them.
    """
    if not cases:
        return text
    at = rule.at or Position(rule.id, 1)
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    plain = text.removeprefix(_BYTE_ORDER_MARK)
    old = [_without_place(case) for case in rule.cases]
    if _cases_of(plain, at) != old:
        raise CatalogueError([_changed(at)])
    place = place_of_cases(plain, at)
    if place is None or (place.kind == "flow" and not _is_on_one_line(place)):
        raise CatalogueError([_in_brackets(at)])
    written = _written(plain, place, cases)
    if _cases_of(written, at) != [*old, *map(_new_without_place, cases)]:
        raise CatalogueError([_misread(at)])
    return mark + written


def _is_on_one_line(place: CasesPlace) -> bool:
    return place.start.line == place.end.line


def _written(text: str, place: CasesPlace, cases: Iterable[NewCase]) -> str:
    lines = [line for line in _LINE.findall(text) if line]
    end = _line_end(text)
    new = _new_lines(lines, place, cases)
    if place.kind == "flow":
        lines[place.start.line] = _without(lines[place.start.line], place)
    before, after = lines[: place.last + 1], lines[place.last + 1 :]
    if before[-1].endswith(tuple(_ENDS)):
        return "".join([*before, *(line + end for line in new), *after])
    return "".join([*before, end, end.join(new)])


def _line_end(text: str) -> str:
    return next((end for end in ("\r\n", "\n", "\r") if end in text), "\n")


def _new_lines(lines: Sequence[str], place: CasesPlace, cases: Iterable[NewCase]) -> list[str]:
    indent = place.indent if place.kind == "list" else place.indent + 2
    kept = [f"{' ' * indent}- {_span(lines, *span)}" for span in place.items]
    head = ["", f"{' ' * place.indent}cases:"] if place.kind == "none" else []
    return [*head, *kept, *(line for case in cases for line in item_lines(case.document, indent))]


def _span(lines: Sequence[str], start: Mark, end: Mark) -> str:
    return lines[start.line][start.column : end.column]


def _without(line: str, place: CasesPlace) -> str:
    """A line without the list in brackets on it; the text after the list stays."""
    return line[: place.start.column].rstrip(" ") + line[place.end.column :]


def _cases_of(text: str, at: Position) -> list[Case] | None:
    """The cases of the rule at a position, without their positions; None where none can be read."""
    problems: list[Problem] = []
    node = next((one for one in read_documents(text, at.file, problems) if one.at == at), None)
    found = read_cases(node, problems) if node is not None else ()
    return None if problems or node is None else [_without_place(case) for case in found]


def _without_place(case: Case) -> Case:
    return replace(case, at=Position("", 1))


def _new_without_place(case: NewCase) -> Case:
    at = Position("", 1)
    return Case(case.name, dict(case.given), case.expect, case.action, (), at, review=case.review)


def _in_brackets(at: Position) -> Problem:
    what = (
        "no case can be added: the rule or its cases are in brackets over several lines, or behind an alias"
    )
    hint = "write the key 'cases' with each case on lines of its own, beginning with '- name:'"
    return Problem(at, what, "a rule of one key a line", hint)


def _changed(at: Position) -> Problem:
    what = "no case can be added: the file has changed since it was read"
    return Problem(at, what, "the file as it was read", "try again when nothing else writes to the file")


def _misread(at: Position) -> Problem:
    what = "no case can be added: with it, the rule's cases would be read incorrectly"
    hint = "add one case by hand at the end of 'cases', and check that the file still loads"
    return Problem(at, what, "cases one below the other, at the same indentation", hint)
