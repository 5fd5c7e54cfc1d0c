"""GitHub annotations: the escapes of workflow commands, and files as GitHub looks for them."""

from __future__ import annotations

from pathlib import Path

from needfix.errors import Position, Problem
from needfix.report.github import annotation, problem_annotation


def test_an_annotation_names_file_line_column_and_title() -> None:
    shown = annotation("warning", Position("rules/a.yaml", 3, 5), "NF101", "an open question")
    assert shown == "::warning file=rules/a.yaml,line=3,col=5,title=NF101::an open question"


def test_what_would_end_the_command_is_escaped() -> None:
    shown = annotation("error", Position("a,b:c.yaml", 1), "50%: a, b", "100%\nsecond: line, end\r")
    assert shown == "::error file=a%2Cb%3Ac.yaml,line=1,title=50%25%3A a%2C b::100%25%0Asecond: line, end%0D"


def test_a_file_below_the_current_folder_is_shown_relative_to_it() -> None:
    inside = annotation("notice", Position(str(Path("rules/a.yaml").resolve()), 1), "t", "x")
    assert inside == "::notice file=rules/a.yaml,line=1,title=t::x"
    assert "file=/elsewhere/a.yaml," in annotation("notice", Position("/elsewhere/a.yaml", 1), "t", "x")


def test_a_problem_is_an_error_with_its_hint() -> None:
    problem = Problem(Position("a.yaml", 2, 1), "no id", "an id", "add one")
    assert problem_annotation(problem).endswith("::no id; expected an id%0Ahint: add one")


def test_control_characters_are_shown_and_line_breaks_stay() -> None:
    shown = annotation("error", Position("a\x1b\udcff.yaml", 1), "FAIL a\v\0b", "one\n\x1b[31mtwo\u202e")
    assert shown == (r"::error file=a\x1b\xff.yaml,line=1,title=FAIL a\x0b\x00b::one%0A\x1b[31mtwo\u202e")
