"""Writes reports in a format of the registry, to a file or to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from needfix.cli.output import binary_output, output, style_of
from needfix.errors import InputError, UsageError
from needfix.report.formats import Format, Kind, formats_of
from needfix.report.style import View


def write_report(kind: Kind, name: str, document: object, file: str | None, *, whole: bool = False) -> None:
    """Write a complete document in the format of this name; a file is written whole or not at all."""
    chosen = formats_of(kind)[name]
    with report_stream(file, chosen, hold_back=False) as out:
        chosen.write(out, document, View(style_of(file), whole))


@contextmanager
def report_stream(file: str | None, chosen: Format, *, hold_back: bool) -> Iterator[IO[str] | IO[bytes]]:
    """A stream for a report: as `output`, or of bytes where the format is binary."""
    if not chosen.is_binary:
        with output(file, hold_back=hold_back) as out:
            yield out
        return
    if file in (None, "-") and is_terminal():
        what = f"refusing to write binary {chosen.name.capitalize()} to a terminal"
        raise UsageError(f"{what}\n    hint: name a file with --output")
    with binary_output(file) as stream:
        yield stream


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


@contextmanager
def annotated_problems(kind: Kind, name: str) -> Iterator[None]:
    """If the format of this name annotates, problems that end the run are also printed as annotations."""
    try:
        yield
    except InputError as error:
        if formats_of(kind)[name].annotates:
            from needfix.report.github import problem_annotation  # noqa: PLC0415 - rarely needed

            sys.stdout.writelines(f"{problem_annotation(problem)}\n" for problem in error.problems)
        raise
