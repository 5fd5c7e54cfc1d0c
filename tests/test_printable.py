"""Text that is safe to show, and JSON that is the same value without steering anything."""

from __future__ import annotations

import json

import pytest

from needfix.errors import InventoryError, Position, Problem
from needfix.printable import json_text, printable, printable_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Täg Q1", "Täg Q1"),
        ("a\x1b[31m\r\nb\0\x9b", r"a\x1b[31m\r\nb\x00\x9b"),
        ("\u202eexe.txt\u2066\u2028", r"\u202eexe.txt\u2066\u2028"),
        ("bad\udcff\udc80.yaml\ud800", r"bad\xff\x80.yaml\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_steers_a_terminal_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::injected", r"\x3a:error::injected"),
        ("  ::add-mask::Q1", r"  \x3a:add-mask::Q1"),
        ("a ##[error]b", r"a \x23#[error]b"),
        ("::1", "::1"),
        ("std::string::npos", "std::string::npos"),
    ],
)
def test_no_line_is_a_command_of_a_build_server(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_message_keeps_its_own_line_breaks_only() -> None:
    assert printable_lines("no file a\n::error::b\n    hint: name one") == (
        "no file a\\n::error::b\n    hint: name one"
    )


def test_a_problem_is_printable_wherever_it_is_shown() -> None:
    problem = Problem(Position("::error::a\n.json", 1), "no \x1b", "text\u202e", "write\ntext")
    shown = "\\x3a:error::a\\n.json:1: no \\x1b; expected text\\u202e\n    hint: write\\ntext"
    assert (str(problem), str(InventoryError([problem]))) == (shown, shown)


@pytest.mark.parametrize(
    "text", ["Täg", "\x1b\x7f\x9b", "\u202e\u2066\u200f\ufeff\u2028", "\U000e0041", "中文"]
)
def test_json_is_the_same_value_and_steers_nothing(text: str) -> None:
    written = json_text({"server": text})
    assert written.isprintable()
    assert json.loads(written) == {"server": text}


def test_json_has_no_halves_of_surrogate_pairs() -> None:
    assert json.loads(json_text(["bad\udcff", "\ud800"])) == [r"bad\xff", r"\ud800"]
    assert "é" in json_text(["é\udcff"], indent=1)
