"""The text of an article as numbered lines, whatever its encoding and with lost breaks put back."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

COLUMN_NAME = (
    r"(?i:File\s?Name|Filename|Name|File\s+Version|File\s+Size|Version\#?"
    r"|Date|Time|Size|Platform|Language|Locale)"
)

_HEADER_FIELD = r"(?:DOCUMENT|TITLE|PRODUCT|PROD/VER|OPER/SYS|KEYWORDS)\s*:"
_FOOTER_FIELD = (
    r"(?:Additional query words|Keywords|Component|Technology|Version|Hardware|Issue type|Solution Type)\s+:"
)
_SECTION = r"(?:[A-Z][A-Z/]{1,30}(?: [A-Z/]{1,30}){0,3}) ?"
_LOST = re.compile(
    rf"\b{_SECTION}\s*={{4,}}(?!=)"
    rf"|{_HEADER_FIELD}.{{0,400}}\s{_HEADER_FIELD}"
    r"|\+-[-+]{0,300}\+\s*\|.{0,2000}\|\s*\+-"
    r"|[^\s|+-]\s+-{7,}(?:\s|$)|^\s*-{7,}\s+\S"
)
"""What belongs on lines of its own, on a line with something else."""
_HEADER = rf"(?:{COLUMN_NAME}\s+){{1,9}}{COLUMN_NAME}"
_BREAKS = (
    (re.compile(rf"\s+(?={_HEADER_FIELD})"), "\n"),
    (re.compile(r"\s*(={20,}|(?<!\S)-{60,}(?!\S))\s*"), r"\n\1\n"),
    (re.compile(rf"\s+({_SECTION}?)\s*(={{4,}})(?=\s|$)\s*"), r"\n\1\n\2\n"),
    (re.compile(r"\s*(The information in this article applies to:)\s*"), r"\n\1\n"),
    (re.compile(r"\s*(\+-[-+]{0,300}\+)\s*"), r"\n\1\n"),
    (re.compile(rf"\s+({_HEADER})\s+(-{{3,}})\s+"), r"\n\1\n\2\n"),
    (re.compile(rf"\s+({_HEADER})\s+(?=[0-9]|[\w-]{{1,40}}\.\w{{3}}\s)"), r"\n\1\n"),
    (re.compile(r"\s+(?=Component: )"), "\n"),
    (re.compile(r"(?<=[^\s|])\s+(\|[^|\n]{1,80}(?:\|[^|\n]{0,200}){2,60}\|)(?=\s|$)"), r"\n\1\n"),
)
_BULLETS = re.compile(r"(?<=applies to:\n)[^\n]+")
_BULLET = re.compile(r"(?:^|\s+)- (?=\S)")
_FOOTER = re.compile(rf"\s+(?={_FOOTER_FIELD})")
_SPACES = re.compile(r"\s{2,}")
_NAMED_SECTION = re.compile(
    r"\s(SYMPTOMS|CAUSE|RESOLUTION|WORKAROUND|STATUS|MORE INFORMATION|REFERENCES|SUMMARY)\s+(?=[A-Z])"
)
"""Sections whose underlines are lost, too."""
_WIDEST_GAP = 200
"""Blanks between two columns of the widest table, with room to spare."""
_GAP = re.compile(rf"(?<!\s)\s{{{_WIDEST_GAP + 1},}}")
_LINE_TAG = re.compile(r"</?(?:BR|P)\s*/?>", re.IGNORECASE)
_RULE = re.compile(r"\s(-{3,})\s")
_HEADING = re.compile(r"[A-Z0-9]")
_UNDERLINED = re.compile(r"(?<=\s)(-{3,})(?=\s)")


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A line of text and its number in the file, counted from 1."""

    number: int
    text: str


def is_utf16(data: bytes) -> bool:
    """Whether a text says by its first bytes that it is UTF-16."""
    return data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 where it says so, else Windows' Latin-1, which reads every byte."""
    if is_utf16(data):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def numbered(text: str, first_line: int = 1) -> tuple[ArticleLine, ...]:
    """The lines of a text. One that holds what should be several lines is broken up again."""
    return tuple(
        ArticleLine(number, part)
        for number, line in enumerate(_split(text), start=first_line)
        for part in (_restored(f" {line}") if _LOST.search(line) else (line,))
    )


def _split(text: str) -> list[str]:
    return [_narrow(_narrow(line.rstrip()).expandtabs()) for line in re.split(r"\r\n|\r|\n", text)]


def _narrow(line: str) -> str:
    """A line without gaps that no page has room for: patterns look for blanks at each place of a gap."""
    return _GAP.sub(lambda found: found[0][:_WIDEST_GAP], line) if len(line) > _WIDEST_GAP else line


def _restored(line: str) -> Iterable[str]:
    line = _SPACES.sub(" ", _LINE_TAG.sub(" ", line))
    if "====" not in line:
        line = _NAMED_SECTION.sub(r"\n\1\n====\n", line)
    for pattern, broken in _BREAKS:
        line = pattern.sub(broken, line)
    line = _BULLETS.sub(lambda found: _bulleted(found[0]), line)
    return (part for piece in line.split("\n") for part in _headings(piece))


def _bulleted(text: str) -> str:
    """The bullets of a line, and a rule below them where dashes end them."""
    listed, rule, rest = _RULE.split(f"{text} ", maxsplit=1) if _RULE.search(f"{text} ") else (text, "", "")
    bullets = _BULLET.sub("\n - ", listed)
    return f"{bullets}\n{'-' * 79}\n{rest.strip()}" if rule else bullets


def _headings(piece: str) -> Iterator[str]:
    """A heading is about as long as the dashes behind it; the text before it is a line of its own."""
    rest = piece
    while found := _UNDERLINED.search(rest):
        before, rule = rest[: found.start()].rstrip(), found[1]
        start = _heading_start(before, len(rule))
        yield from (before[:start].rstrip(), "", before[start:], rule) if start is not None else (before, "")
        rest = rest[found.end() :].lstrip()
    yield from _FOOTER.sub("\n", rest).split("\n")


def _heading_start(text: str, length: int) -> int | None:
    """Where a heading of about that length starts at the end of a text."""
    for off in (0, 1, -1, 2, -2):
        start = len(text) - length - off
        if start == 0 or (start > 0 and text[start - 1].isspace() and _HEADING.match(text, start)):
            return start
    return None
