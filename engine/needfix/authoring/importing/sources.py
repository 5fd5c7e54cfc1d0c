"""Where articles come from: files, folders, patterns, standard input; one or several in each."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from needfix.authoring.importing.lines import decoded
from needfix.errors import Position, Problem, UsageError

MOST_BYTES = 4 * 1024 * 1024
"""The largest file that is read: hundreds of times the longest article."""

_ENDINGS = (".txt", ".text", ".kb")
_START = re.compile(r"^DOCUMENT\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The text of one article, the file that it stands in and the line of the file that it starts at."""

    text: str
    file: str
    first_line: int = 1


def article_files(paths: Sequence[str]) -> list[str]:
    """The files that paths name, each once; `-` is standard input.

    In folders the files *.txt, *.text and *.kb count. Raises UsageError where a path names none.
    """
    found: dict[str, str] = {}
    for path in paths:
        here = ["-"] if path == "-" else _matches(path)
        if not here:
            raise UsageError(_nothing_at(path))
        for file in here:
            found.setdefault(file if file == "-" else os.path.realpath(file), file)
    return list(found.values())


def _matches(path: str) -> list[str]:
    if not path:
        return []
    if Path(path).is_dir():
        return sorted(
            str(file) for file in Path(path).rglob("*") if _is_article(file.relative_to(path), file)
        )
    if Path(path).exists():
        return [path]
    return [match for match in sorted(glob.glob(path, recursive=True)) if Path(match).is_file()]


def _is_article(inside: Path, file: Path) -> bool:
    hidden = any(part.startswith(".") for part in inside.parts)
    return file.suffix.casefold() in _ENDINGS and not hidden and file.is_file()


def _nothing_at(path: str) -> str:
    if path and Path(path).is_dir():
        what, mend = (
            "no article lies in this folder",
            f"articles are files {', '.join(f'*{e}' for e in _ENDINGS)}",
        )
    elif glob.has_magic(path):
        what, mend = "nothing matches this pattern", "put it in quotes, or check the folder you are in"
    else:
        what, mend = "there is no such file", "check the path; it is taken from the folder you are in"
    return f"{path or repr(path)}: {what}\n    mend: {mend}"


def read_articles(file: str, stdin: BinaryIO, problems: list[Problem]) -> Iterator[ArticleText]:
    """The articles of a file. One that cannot be read, or is no text, becomes a problem."""
    name = "<stdin>" if file == "-" else file
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
        if file == "-":
            data = stdin.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as source:
                data = source.read(MOST_BYTES + 1)
    except OSError as error:
        what, mend = f"the file cannot be read: {error.strerror}", "check that it exists and may be read"
        problems.append(Problem(Position(name, 1), what, "a readable file", mend))
        return None
    if len(data) > MOST_BYTES:
        what = f"the file is larger than {MOST_BYTES // 1024 // 1024} MiB"
        problems.append(
            Problem(Position(name, 1), what, "an article as plain text", "split it into its articles")
        )
    elif b"\0" in data:
        what, mend = (
            "the file holds zero bytes, so it is no plain text",
            "save the article as UTF-8 or Latin-1 text",
        )
        problems.append(Problem(Position(name, 1), what, "an article as plain text", mend))
    else:
        return data
    return None
