"""Mistakes of files as GitHub annotations, for runs that report in that format."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from needfix.errors import InputError
from needfix.report.github import problem_annotation


@contextmanager
def annotated_problems(report_format: str) -> Iterator[None]:
    """Where the format is `github`, problems that end the run are printed as annotations, too."""
    try:
        yield
    except InputError as error:
        if report_format == "github":
            sys.stdout.writelines(f"{problem_annotation(problem)}\n" for problem in error.problems)
        raise
