"""The questions about symptoms that are open, as an answer sheet for people to fill in."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import NamedTuple, TextIO

from needfix.model.answer_sheet import COLUMNS
from needfix.report.decisions_csv import harmless


class Question(NamedTuple):
    """Whether a server shows a symptom of a rule."""

    server: str
    rule: str
    text: str


class Written(NamedTuple):
    """How many questions were written, and about how many servers."""

    questions: int
    servers: int


def write_questions(out: TextIO, questions: Iterable[Question], *, is_shown: bool) -> Written:
    """Write a row for each question, with an empty answer; those of a server follow each other."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    count, servers, last = 0, 0, None
    for question in questions:
        rows.writerow([*(harmless(cell, is_shown=is_shown) for cell in question), ""])
        count, servers, last = count + 1, servers + (question.server != last), question.server
    return Written(count, servers)
