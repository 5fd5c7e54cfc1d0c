"""The parts of a knowledge-base article: its head, what it applies to, its sections, its foot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from needfix.importing.kb.lines import ArticleLine, numbered

_HEAD = re.compile(r"(DOCUMENT|TITLE|PRODUCT|PROD/VER|OPER/SYS|KEYWORDS)\s*:(.*)")
_FOOT = re.compile(
    r"(Additional query words|Keywords|Component|Technology|Version|Hardware|Issue type|Solution Type)"
    r"\s*:(.*)"
)  # one pattern
_ID = re.compile(r"\s*((?:Q|KB)?[0-9]{4,7})(?=\s|$)", re.IGNORECASE)
_REVISED = re.compile(r"\b([0-9]{1,2}-[A-Z]{3}-[0-9]{4})\b", re.IGNORECASE)
_APPLIES_TO = re.compile(r"\s*The information in this article applies to:?\s*", re.IGNORECASE)
_NAME = re.compile(r"\s*[A-Z][A-Z0-9/()&-]*(?: [A-Z0-9/()&-]+){0,4}\s*")
_RULE = re.compile(r"\s*={3,}\s*")
_FOOT_RULE = re.compile(r"={20,}")
_DASHES = re.compile(r"\s*-{20,}\s*")
_LEGAL = "THE INFORMATION PROVIDED IN THE MICROSOFT KNOWLEDGE BASE"


@dataclass(frozen=True, slots=True)
class Section:
    """A section such as RESOLUTION, and its lines without the heading."""

    name: str
    lines: tuple[ArticleLine, ...]

    @property
    def flat(self) -> str:
        """The text of the section on one line."""
        return " ".join(" ".join(line.text for line in self.lines).split())


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """An article. `head` and `foot` are its fields, such as PROD/VER and Hardware.

    `joined` is the first line whose lost breaks were put back.
    """

    id: str
    title: str
    revised: str | None
    head: Mapping[str, ArticleLine]
    foot: Mapping[str, ArticleLine]
    applies_to: tuple[ArticleLine, ...]
    sections: tuple[Section, ...]
    joined: ArticleLine | None = None

    def section(self, name: str) -> Section | None:
        """The first section of that name."""
        return next((section for section in self.sections if section.name == name), None)

    def keywords(self) -> frozenset[str]:
        """The keywords of head and foot, in small letters."""
        found = (self.head.get("KEYWORDS"), self.foot.get("Keywords"))
        return frozenset(word.casefold() for line in found if line for word in line.text.split())


def read_article(text: str, first_line: int = 1) -> Article:
    """The article that a text holds. Parts that it lacks are empty; `id` is then "", too."""
    lines = numbered(text, first_line)
    head, end = _fields(lines, _HEAD, _first_section(lines))
    body = _body(lines[end:])
    foot, _ = _fields(lines[end + len(body) :], _FOOT, len(lines))
    document = head.get("DOCUMENT", ArticleLine(1, "")).text
    number = _ID.match(document)
    revised = _REVISED.search(document)
    bullets, sections = _parts(body)
    return Article(
        id=_normal_id(number[1]) if number else "",
        title=head.get("TITLE", ArticleLine(1, "")).text,
        revised=_iso(revised[1]) if revised else None,
        head=head,
        foot=foot,
        applies_to=bullets,
        sections=sections,
        joined=_joined(lines),
    )


def _joined(lines: Sequence[ArticleLine]) -> ArticleLine | None:
    number = next((one.number for one, after in pairwise(lines) if one.number == after.number), None)
    return next((line for line in lines if line.number == number and line.text.strip()), None)


def _normal_id(text: str) -> str:
    return text.upper() if text[0].isalpha() else f"Q{text}"


def _iso(text: str) -> str | None:
    try:
        return datetime.strptime(text.title(), "%d-%b-%Y").date().isoformat()  # noqa: DTZ007  # a date only
    except ValueError:
        return None


def _first_section(lines: Sequence[ArticleLine]) -> int:
    for index, line in enumerate(lines):
        if _APPLIES_TO.fullmatch(line.text) or _starts_section(lines, index):
            return index
    return len(lines)


def _starts_section(lines: Sequence[ArticleLine], index: int) -> bool:
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    return bool(_NAME.fullmatch(lines[index].text) and _RULE.fullmatch(following))


def _fields(
    lines: Sequence[ArticleLine], pattern: re.Pattern[str], end: int
) -> tuple[dict[str, ArticleLine], int]:
    """Fields `NAME: value`, whose values may run over several lines, and where they end."""
    found: dict[str, ArticleLine] = {}
    name = None
    for line in lines[:end]:
        match = pattern.match(line.text)
        if match:
            name = match[1]
            found.setdefault(name, ArticleLine(line.number, match[2].strip()))
        elif _RULE.fullmatch(line.text) or _DASHES.fullmatch(line.text) or line.text.startswith(_LEGAL):
            name = None
        elif name and line.text.strip():
            before = found[name]
            found[name] = ArticleLine(before.number, f"{before.text} {line.text.strip()}")
    return found, end


def _body(lines: Sequence[ArticleLine]) -> Sequence[ArticleLine]:
    """The lines before the rule over the keywords, or before the legal notice."""
    for index, line in enumerate(lines):
        following = "".join(later.text for later in lines[index + 1 : index + 4])
        if line.text.startswith("Additional query words:") or line.text.startswith(_LEGAL):
            return lines[:index]
        if _FOOT_RULE.fullmatch(line.text.strip()) and re.match(r"\s*Keywords\s*:", following):
            return lines[:index]
    return lines


def _parts(lines: Sequence[ArticleLine]) -> tuple[tuple[ArticleLine, ...], tuple[Section, ...]]:
    starts = [index for index in range(len(lines)) if _starts_section(lines, index)]
    first = starts[0] if starts else len(lines)
    sections = tuple(
        Section(lines[start].text.strip(), tuple(lines[start + 2 : end]))
        for start, end in pairwise([*starts, len(lines)])
    )
    return _bullets(lines[:first]), sections


def _bullets(lines: Sequence[ArticleLine]) -> tuple[ArticleLine, ...]:
    """The lines between "applies to:" and the rule below; notes behind the rule do not count."""
    start = next((i for i, line in enumerate(lines) if _APPLIES_TO.fullmatch(line.text)), None)
    if start is None:
        return ()
    listed = lines[start + 1 :]
    end = next((i for i, line in enumerate(listed) if _DASHES.fullmatch(line.text)), len(listed))
    return tuple(line for line in listed[:end] if line.text.strip())
