"""CSV that spreadsheets do not run, in which a decision is a line."""

from __future__ import annotations

import csv
import io

import pytest

from needfix.model.decision import Decision, Reason
from needfix.report.style import Style, View
from tests.report.support import rendered, run_of


def written(server: str, text: str, view: View) -> str:
    reasons = (Reason("file-older", text),)
    decision = Decision(server, "Q1", "fix-required", "apply", reasons)
    return rendered("decisions", "csv", run_of([decision]), view)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'"])
def test_no_cell_is_a_formula_and_the_name_can_be_read_back(sign: str) -> None:
    _, row = csv.reader(io.StringIO(written(f"{sign}1+1", "x", View())))
    assert row[0] == f"'{sign}1+1"


def test_an_ordinary_name_stays_as_it_is() -> None:
    _, row = csv.reader(io.StringIO(written("MÄIL-01", "Store.exe is 1.0", View())))
    assert (row[0], row[5]) == ("MÄIL-01", "Store.exe is 1.0")


def test_a_decision_is_one_line_without_control_characters() -> None:
    text = written("MAIL01", "a\x1b[31m\n::error::b\r\u2028c\u202ed", View())
    assert (
        text.splitlines()[1] == r"MAIL01,Q1,fix-required,apply,file-older,a\x1b[31m\n::error::b\r\u2028c"
        "\u202ed,,,"
    )
    assert len(text.split("\n")) == 3


def test_on_a_terminal_nothing_steers_it() -> None:
    shown = written("MAIL01", "c\u202ed", View(style=Style(width=80)))
    assert shown.splitlines()[1].endswith(r"c\u202ed,,,")
