"""Files of rules: which files paths name, and their text."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from needfix.catalogue.nodes import too_large
from needfix.errors import Position, Problem
from needfix.intake.formats import foreign_content
from needfix.intake.limits import RULE_FILE_BYTES
from needfix.intake.paths import RULES, named_files, path_text, unreadable_file

_USUAL_BYTES = 1 << 16
"""Bytes read of a file at first: a buffer for the largest file, allocated for each, is slow."""

AnyPath = str | os.PathLike[str]


def listed(paths: AnyPath | Iterable[AnyPath]) -> list[AnyPath]:
    """One path or several, as a list. Raises UsageError for anything else."""
    several = list(paths) if isinstance(paths, Iterable) and not isinstance(paths, str | bytes) else [paths]
    return [path_text(path, RULES) for path in several]


def rule_files(paths: Iterable[AnyPath], problems: list[Problem]) -> list[Path]:
    """The files of rules and product definitions, each once; a path that names none is a problem."""
    files, wrong = named_files([os.fspath(path) for path in paths], RULES)
    problems += wrong
    return list(map(Path, files))


def text_of(file: Path, problems: list[Problem]) -> str | None:
    """The text of a file; None and a problem where it cannot be read."""
    data = b""
    try:
        with file.open("rb") as source:
            data = source.read(_USUAL_BYTES)
            if len(data) == _USUAL_BYTES:
                data += source.read(RULE_FILE_BYTES + 1 - _USUAL_BYTES)
        if len(data) > RULE_FILE_BYTES:
            problems.append(foreign_content(str(file), data, "UTF-8 text") or too_large(str(file)))
            return None
        return data.decode("utf-8-sig")
    except OSError as error:
        problems.append(unreadable_file(str(file), error))
    except UnicodeDecodeError as error:
        if foreign := foreign_content(str(file), data, "UTF-8 text"):
            problems.append(foreign)
            return None
        line = data.count(b"\n", 0, error.start) + 1
        what = f"the byte {data[error.start]:#04x} is not UTF-8"
        problems.append(Problem(Position(str(file), line), what, "UTF-8 text", "save the file as UTF-8"))
    return None
