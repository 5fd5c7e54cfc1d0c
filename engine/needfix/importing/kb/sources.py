"""Where articles come from: files, folders, patterns, standard input; one or several in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from needfix.errors import InputError, Position, Problem
from needfix.importing.kb.lines import decoded, is_utf16
from needfix.intake.formats import foreign_content
from needfix.intake.limits import ARTICLE_FILE_BYTES
from needfix.intake.paths import STDIN, FileKind, named_files, unreadable_file

ARTICLES = FileKind("article", "an article", (".txt", ".text", ".kb"), may_be_piped=True)
_START = re.compile(r"^DOCUMENT\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The text of one article, its file, and the line of the file at which it starts."""

    text: str
    file: str
    first_line: int = 1


def article_files(paths: Sequence[str]) -> list[str]:
    """The files that paths name, each once; `-` is standard input.

    Raises InputError where a path names none.
    """
    names, problems = named_files(paths, ARTICLES)
    if problems:
        raise InputError(problems)
    return names


def read_articles(file: str, stdin: BinaryIO, problems: list[Problem]) -> Iterator[ArticleText]:
    """The articles of a file. One that cannot be read, or is not text, becomes a problem."""
    name = "<stdin>" if file == STDIN else file
    data = _read(file, stdin, name, problems)
    if data is None:
        return
    text = decoded(data)
    starts = [found.start() for found in _START.finditer(text)] or [0]
    starts[0] = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield ArticleText(text[start:end], name, text.count("\n", 0, start) + 1)


def _read(file: str, stdin: BinaryIO, name: str, problems: list[Problem]) -> bytes | None:
    try:
        if file == STDIN:
            data = stdin.read(ARTICLE_FILE_BYTES + 1)
        else:
            with Path(file).open("rb") as source:
                data = source.read(ARTICLE_FILE_BYTES + 1)
    except OSError as error:
        problems.append(unreadable_file(name, error))
        return None
    if len(data) > ARTICLE_FILE_BYTES:
        what = f"the file is larger than {ARTICLE_FILE_BYTES >> 20} MiB"
        problems.append(
            Problem(Position(name, 1), what, "an article as plain text", "split it into its articles")
        )
    elif not data.strip():
        problems.append(Problem(Position(name, 1), "the file is empty", "an article", "leave it out"))
    elif foreign := foreign_content(name, data, "an article as plain text"):
        problems.append(foreign)
    elif b"\0" in data and not is_utf16(data):
        what, hint = (
            "the file contains null bytes, so it is not plain text",
            "save the article as UTF-8 or Latin-1 text",
        )
        problems.append(Problem(Position(name, 1), what, "an article as plain text", hint))
    else:
        return data
    return None
