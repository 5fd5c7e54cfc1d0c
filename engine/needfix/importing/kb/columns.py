"""Rows of fix tables: which columns a table has, and a line read as one of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from needfix.importing.kb import table_cells as cells
from needfix.importing.kb.table_cells import FileRow

_KINDS = {
    "file name": "name", "filename": "name", "name": "name", "file": "name", "files": "name",
    "version": "version", "file version": "version", "version number": "version", "ver": "version",
    "date": "date", "file date": "date", "time": "time", "size": "size", "file size": "size", "bytes": "size",
    "platform": "platform", "operating system": "platform", "processor": "platform",
    "language": "language", "locale": "language", "checksum": "checksum",
    "product": "other", "component": "other", "category": "other",
}  # fmt: skip
_WORDS = re.compile(
    r"(?:file\s?name|file version|file size|file date|version number|operating system"
    r"|filename|names?|versions?|ver|date|time|size|bytes|platform|processor|language|locale|checksum|files?"
    r"|product|component|category)"
    r"(?=[\s|(#*:]|$)",
    re.IGNORECASE,
)
_NEITHER = re.compile(r"\([^()]{0,40}\)|[#*:]")
_PATTERNS = {
    "name": cells.NAME,
    "version": (
        rf"{cells.VERSION}(?:\s(?!{cells.PLATFORM}(?:\s|$))\([^()]{{0,60}}\)|\s[a-z]{{2,4}}(?=\s+[0-9]))?"
    ),
    "date": cells.DATE,
    "time": cells.TIME,
    "size": cells.SIZE,
    "platform": (
        r"\(?[A-Za-z][\w().<>/-]{0,40}"
        rf"(?:[ ,/]{{1,3}}(?!{cells.VERSION}|{cells.DATE}|{cells.TIME}|{cells.GROUPED})"
        r"[\w().<>/-]{1,40}){0,4}"
    ),
    "language": r"(?:[0-9]{4,6}\s)?\(?[A-Za-z][\w()-]{0,40}(?: [\w()-]{1,40}){0,3}",
    "checksum": r"[0-9A-Fa-fx]{1,40}",
    "other": r"[A-Za-z][\w./()-]{0,40}(?: [\w./()-]{1,40}){0,5}",
}
_LENIENT = _PATTERNS | {
    "name": rf"(?:{cells.NAME}|{cells.PLAIN_NAME})",
    "version": rf"(?:{cells.PLAIN_VERSION}|{_PATTERNS['version']})",
    "date": rf"(?:{cells.DATE}|{cells.MISPRINTED_DATE})",
    "time": rf"(?:{cells.TIME}|{cells.PLAIN_TIME})",
}
_FLOWING = _PATTERNS | {"platform": cells.PLATFORM}
"""Where rows follow each other on one line, only what is a platform for certain ends a row."""
_MANNERS = {
    "strict": _PATTERNS,
    "lenient": _LENIENT,
    "flowing": _FLOWING,
    "flowing lenient": _FLOWING | {kind: _LENIENT[kind] for kind in ("version", "date")},
}
_TELLING_CELLS = ("version", "date", "time", "size")
Columns = tuple[str, ...]


def header(text: str) -> Columns | None:
    """The columns that a header line names, or None where the line is not a header.

    A header names at least a file and one thing more, or lists the attributes of one file.
    """
    if len(text) > cells.LONGEST_ROW:
        return None
    words = cells.clean(_NEITHER.sub(" ", text.replace("|", " ")))
    kinds: list[str] = []
    rest = words
    while rest:
        found = _WORDS.match(rest)
        if found is None:
            return None
        kinds.append(_KINDS.get(" ".join(found[0].casefold().replace("filename", "file name").split()), ""))
        rest = rest[found.end() :].lstrip()
    return tuple(kinds) if len(kinds) > 1 and "" not in kinds else None


def read_row(text: str, columns: Columns, line: int) -> FileRow | None:
    """A line as a row of a table without frames; None where it is not a row."""
    if len(text) > cells.LONGEST_ROW:
        return None
    cleaned = cells.clean(text)
    strict = _pattern(columns, "strict").fullmatch(cleaned)
    if strict and _is_row(strict.groupdict()):
        return _row(strict.groupdict(), line)
    lenient = _pattern(columns, "lenient").fullmatch(cleaned)
    if lenient and any(lenient.groupdict().get(kind) for kind in _TELLING_CELLS):
        return _row(lenient.groupdict(), line)
    return None


def _is_row(found: Mapping[str, str | None]) -> bool:
    """Only a name, or a name with something that no sentence contains."""
    platform = found.get("platform") or ""
    return any(found.get(kind) for kind in _TELLING_CELLS) or not platform or _is_platform(platform)


def _is_platform(text: str) -> bool:
    return re.fullmatch(cells.PLATFORM, text, re.IGNORECASE) is not None


def rows_in(text: str, columns: Columns, line: int) -> tuple[list[FileRow], str]:
    """Rows that follow each other on one line, and the text behind them."""
    rest = cells.clean(text)
    rows: list[FileRow] = []
    while match := _flowing_row(rest, columns):
        row = _row(match.groupdict(), line)
        if row is None:
            break
        rows.append(row)
        rest = rest[match.end() :].lstrip()
    return rows, rest


def _flowing_row(text: str, columns: Columns) -> re.Match[str] | None:
    return _pattern(columns, "flowing").match(text) or _pattern(columns, "flowing lenient").match(text)


def label_before_row(text: str, columns: Columns) -> tuple[str, str] | None:
    """Words before a row on the same line, and the rest from the row on."""
    for found in _pattern(columns, "flowing").finditer(text[: cells.LONGEST_ROW], 1):
        if any(found[kind] for kind in _TELLING_CELLS if kind in columns):
            return text[: found.start()].strip(), text[found.start() :].strip()
    return None


def is_part_of_row(text: str) -> bool:
    """Whether a line holds cells, but no file: the beginning or end of a row that runs over two lines."""
    words = cells.clean(text).split() if len(text) <= cells.LONGEST_ROW else []
    kinds = [next((kind for kind, pattern in _TELLING if pattern.fullmatch(word)), None) for word in words]
    return bool(words) and set(kinds) <= {"date", "time", "version", "size"}


def mentions_file(text: str) -> bool:
    """Whether a file is among the words of a line."""
    return any(_IS_FILE.fullmatch(word) for word in cells.clean(text).split())


def looks_like_row(text: str) -> bool:
    """Whether a line holds a file and an attribute of it, or several attributes, and is not a sentence."""
    words = cells.clean(text).split() if len(text) <= cells.LONGEST_ROW else []
    kinds = [next((kind for kind, pattern in _TELLING if pattern.fullmatch(word)), None) for word in words]
    found = {kind for kind in kinds if kind in ("version", "date", "time")}
    return bool(found) and kinds.count(None) <= _MOST_OTHER_WORDS and ("name" in kinds or len(found) > 1)


def read_any_order(text: str, line: int) -> FileRow | None:
    """A row whose cells are not in the order of the columns: each recognised by its shape."""
    found: dict[str, str] = {}
    if len(text) > cells.LONGEST_ROW:
        return None
    for word in cells.clean(text).split():
        kind = next(
            (kind for kind, pattern in _TELLING if kind not in found and pattern.fullmatch(word)), None
        )
        if kind is None:
            return None
        found[kind] = word
    return _row(found, line) if len(found) > 1 else None


def read_words(text: str, line: int) -> FileRow | None:
    """A file described in words: `User.exe version 4.00.951 dated 10/26/95 9:51am 461,984 bytes`."""
    words = re.sub(r"(?i)\b(?:version|dated?|size|bytes)\b|,(?=\s)", " ", text)
    return read_any_order(words, line)


def guess(texts: Sequence[str]) -> Columns | None:
    """The columns of a table without a header: a name, and what is recognised by its shape."""
    kinds = [next((kind for kind, pattern in _TELLING if pattern.fullmatch(text)), "") for text in texts]
    return tuple(kinds) if "name" in kinds and len(set(kinds)) == len(kinds) > 1 and "" not in kinds else None


def read_cells(texts: Sequence[str], columns: Columns, line: int) -> FileRow | None:
    """Cells between bars as a row; None where they name no file."""
    return _row(dict(zip(columns, texts, strict=False)), line, framed=True)


_NO_NAME = re.compile(r"v?[0-9]+(?:[.,:][0-9A-Za-z]+){2,}", re.IGNORECASE)
"""A version, perhaps misprinted, in the place of a name."""
_MOST_OTHER_WORDS = 2
_IS_FILE = re.compile(rf"(?![0-9.,]+$){cells.NAME}")
_TELLING = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("date", cells.DATE),
        ("time", cells.TIME),
        ("name", rf"(?![0-9.,]+$){cells.NAME}"),
        ("version", cells.VERSION),
        ("size", cells.SIZE),
        ("platform", cells.PLATFORM),
    )
)


@lru_cache(maxsize=256)
def _pattern(columns: Columns, manner: str) -> re.Pattern[str]:
    """Cells in the order of the columns; any may be missing except the name."""
    patterns = _MANNERS[manner]
    end = r"(?=\s|$)" if manner.startswith("flowing") else ""
    return re.compile("".join(_cells(columns, patterns)) + end, re.IGNORECASE)


def _cells(columns: Columns, patterns: dict[str, str]) -> Iterator[str]:
    for place, kind in enumerate(columns):
        group = f"?P<{kind}>" if kind not in columns[:place] else "?:"
        start, end = r"(?:\s+|^|(?<=\s))", r"(?=\s|$)"
        if kind == "name":
            yield rf"{start}({group}(?!(?:{cells.DATE}|{cells.VERSION})(?:\s|$)){patterns[kind]}){end}"
        else:
            yield rf"(?:{start}({group}{patterns[kind]}|{cells.NOTHING}){end})?"


def _row(found: Mapping[str, str | None], line: int, *, framed: bool = False) -> FileRow | None:
    name = cells.value(found.get("name"))
    if name is None or _NO_NAME.fullmatch(name) or (framed and not _is_name(name)):
        return None
    others = {kind: cells.value(found.get(kind)) for kind in ("version", "date", "time", "size", "language")}
    return FileRow(name=name, line=line, platform=cells.platform(found.get("platform")), **others)


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[^\s|<>:\"?*]+(?: [^\s|<>:\"?*]+){0,3}", text) is not None
