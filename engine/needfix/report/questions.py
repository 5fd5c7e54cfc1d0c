"""The questions about symptoms that are open, as an answer sheet for people to fill in."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TextIO

from needfix.model.answer_sheet import COLUMNS
from needfix.report.decisions_csv import harmless


class Question(NamedTuple):
    """Whether a server shows a symptom of a rule."""

    server: str
    rule: str
    text: str


def write_questions(out: TextIO, questions: Iterable[Question], *, is_shown: bool) -> Iterator[Question]:
    """Write a row for each question, with an empty answer; yields what was written."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for question in questions:
        rows.writerow([*(harmless(cell, is_shown=is_shown) for cell in question), ""])
        yield question
