"""A hint works when it is followed: what it says to write is accepted in the place of the mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from needfix.catalogue import load_catalogue
from needfix.errors import CatalogueError, Problem
from tests.support.catalogues import Document, catalogue_of, rule

ERRORS = Path(__file__).parents[2] / "fixtures" / "errors"
_FORMS = tuple(
    map(
        re.compile,
        (
            'write (".+"), in (?:straight )?quotes',
            'write (".+"): a minimum .+',
            'write (".+"), without a sign',
            r"write (\[.+\]|\{.+\}|[\w-]+)",
            "write ([\\w -]+), without (?:the list|typographic quotes)",
            "write (KB[0-9]+), as the vendor's article is called",
            "did you mean '(.+)'\\?",
            "write it as (.+)",
            "put it in brackets, as a list; did you mean '(.+)'\\?",
        ),
    )
)
_IN_BRACKETS = "put it in brackets"


class Advice(NamedTuple):
    """A file with one mistake, and what the hint says to write in its place."""

    file: Path
    problem: Problem
    text: str


def _problems(file: str, text: str) -> list[Problem]:
    try:
        load_catalogue({file: text})
    except CatalogueError as error:
        return list(error.problems)
    return []


def _advised(problem: Problem) -> str | None:
    for form in _FORMS:
        found = form.fullmatch(problem.hint)
        if found and "…" not in found[1] and " or " not in found[1]:
            return f"[{found[1]}]" if problem.hint.startswith(_IN_BRACKETS) else found[1]
    return None


def _advice() -> Iterator[Advice]:
    for file in sorted(ERRORS.glob("*.yaml")):
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        for problem in _problems(file.name, text):
            advised = _advised(problem)
            if advised is not None:
                yield Advice(file, problem, advised)


def _span(text: str, problem: Problem) -> tuple[int, int]:
    """Where the value, or the key, of a problem begins and ends."""
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: problem.at.line - 1])) + problem.at.column - 1
    open_since: list[int] = []
    for event in yaml.parse(text):
        begun, end = _offsets(event)
        if isinstance(event, yaml.CollectionStartEvent):
            open_since.append(begun)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            begun = open_since.pop()
        if begun == start and not isinstance(event, yaml.DocumentStartEvent | yaml.StreamStartEvent):
            return start, end
    raise AssertionError(problem)


def _offsets(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


@pytest.mark.parametrize(
    "advice", list(_advice()), ids=lambda advice: f"{advice.file.stem}:{advice.problem.at.line}"
)
def test_a_hint_that_is_followed_ends_its_problem(advice: Advice) -> None:
    text = advice.file.read_text(encoding="utf-8")
    start, end = _span(text, advice.problem)
    found = _problems(advice.file.name, text[:start] + advice.text + text[end:])
    left = [problem for problem in found if problem.at == advice.problem.at]
    if advice.problem.hint.startswith("write it as "):  # an example may not fit its neighbours
        left = [problem for problem in left if problem.expected == advice.problem.expected]
    assert [str(problem) for problem in left] == []


@pytest.mark.parametrize(
    ("entries", "what"), [([], "this is an empty list"), ([{"product": "host-system"}], "too few items")]
)
def test_products_together_are_several(entries: list[Document], what: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        catalogue_of(rule(affects=[{"all": entries}]))
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.expected.startswith("several products such as [{product: ")
    assert ("write the entry without 'all'" in problem.hint) is bool(entries)


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ({"affects": ["all"]}, "for every level leave 'levels' or 'level' out, as in {product: mail-server}"),
        ({"affects": ["5.5 PS4"]}, "did you mean '5.5 SP4'?"),
        ({"affects": ["5.5 SP5"]}, "correct it, or add the level to the product definition"),
        (
            {"affects": [{"levels": ["5.5 SP4"], "platform": ["x86", "x64"]}]},
            "write one of them here, and for each of the others a whole entry of its own",
        ),
        (
            {"requires": [{"all": ["KB1", "KB2"]}]},
            "write its entries in the list around it: all that 'requires' lists is needed",
        ),
        (
            {"requires": {"any": ["KB1", "KB2"]}},
            "put it in brackets, or a hyphen and a space before it, to make it a list item",
        ),
    ],
)
def test_a_hint_does_not_change_what_was_meant(keys: Document, hint: str) -> None:
    """A hint to write another level, one of two platforms, or any of several updates would."""
    with pytest.raises(CatalogueError) as caught:
        catalogue_of(rule(**keys))
    (problem,) = caught.value.problems
    assert problem.hint == hint
