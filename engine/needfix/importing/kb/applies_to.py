"""The bullets under "applies to": which products, at which levels, in which edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from needfix.importing.kb.lines import ArticleLine
from needfix.versions import read_level

_BULLET = re.compile(r"(?P<indent>\s*)[-*o\u2022\u00b7]\s+(?P<text>\S.*)")
_OWN_LEVEL = re.compile(
    r"(?P<name>.*\D)\s+(?P<level>[0-9]+\.[0-9]+[a-z]?(?:\s+(?:SP|Service Pack)\s*[0-9]+[a-z]?)?)",
    re.IGNORECASE,
)
"""A name that ends in a level, without the word "version"."""
_DIGIT = re.compile(r"[0-9]")
_RANGE = re.compile(
    r"\bSP\s?[0-9]|\bService Pack|\b(?:later|above|earlier|higher|through|up to)\b", re.IGNORECASE
)
_SEPARATOR = re.compile(r",|\s+and\s+(?=[0-9]|SP)")
_JOINED = re.compile(r"(?<=\S)\s+(?=- (?:Microsoft|the (?:operating system|hardware))\b)")
_DEEPER = 3
"""Bullets indented this much deeper say where the product above them runs."""
_SETTING = re.compile(r"the (?:operating system|hardware):\s*", re.IGNORECASE)
_SETTINGS = re.compile(r",?\s*(?:on platform\(s\)|used with|included with):.*$", re.IGNORECASE)
_VERSIONS = re.compile(r",?\s*\bversions?(?::\s*|\s+)(?=\S)", re.IGNORECASE)
_EDITION = re.compile(r"[^,]*\b(?:Edition|Editions)\b(?:\s+for\s+\w+)?", re.IGNORECASE)
_PACKS = re.compile(
    r"(?P<base>(?<!\S)\S+)\s+Service\s+Packs?\s+(?P<packs>[0-9]\w*)(?P<more>(?:\s*,\s*(?:and\s+)?[0-9]\w?(?![\w.]))*)",
    re.IGNORECASE,
)  # one pattern
_LEVEL_START = re.compile(
    r"(?:SP\s?[0-9]+[a-z]?|Service\s+(?:Pack|Release).*|Build\s+\S+|[0-9]\w*(?:[.][\w]+)*)(?=\s|$)",
    re.IGNORECASE,
)  # one pattern
_LEVEL_AND_REST = re.compile(
    r"(?P<level>[0-9][\w.]*(?:\s*SP\s?-?[0-9]+[a-z]?|\s+Service\s+Pack\s+[0-9]+[a-z]?)?"
    r"|SP\s?[0-9]+[a-z]?|\S.*)(?:\s+(?P<rest>(?:for )?[A-Z(].*))?$"
)


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """One bullet. `levels` are as listed, a bare service pack completed by the version before it."""

    product: str
    levels: tuple[str, ...]
    edition: str | None
    line: ArticleLine
    is_setting: bool = False
    """Whether the bullet says what the product runs on, not what has the problem."""
    unread: str | None = None
    """A range of levels, such as `SP1 and later`, whose first level only was read."""


def read_applies_to(lines: Sequence[ArticleLine]) -> tuple[AppliesTo, ...]:
    """The bullets, in order. Nested ones that only say what a product runs on are left out."""
    return tuple(_entry(line) for line in _bullets(lines))


def _bullets(lines: Iterable[ArticleLine]) -> Iterator[ArticleLine]:
    """Each bullet that names a product, with the lines that it runs on to."""
    found: ArticleLine | None = None
    outer = None
    skipped = False
    for line in _single(lines):
        match = _BULLET.match(line.text)
        if match is None:
            if found is not None and not skipped:
                found = ArticleLine(found.number, f"{found.text} {line.text.strip()}")
            continue
        depth = len(match["indent"])
        outer = depth if outer is None else outer
        announced = _SETTINGS.search(found.text) if found is not None else None
        skipped = _is_below(match["text"], announced, deeper=depth >= outer + _DEEPER)
        if skipped:
            continue
        if found is not None:
            yield found
        found = ArticleLine(line.number, " ".join(match["text"].split()))
    if found is not None:
        yield found


def _single(lines: Iterable[ArticleLine]) -> Iterator[ArticleLine]:
    """The lines, each with one bullet at most. Where none has one, lines with a version are bullets."""
    parts = [ArticleLine(line.number, part) for line in lines for part in _JOINED.split(line.text)]
    bare = not any(_BULLET.match(part.text) for part in parts)
    for part in parts:
        is_bullet = bare and _DIGIT.search(part.text)
        yield ArticleLine(part.number, f"- {part.text.strip()}") if is_bullet else part


def _is_below(text: str, announced: re.Match[str] | None, *, deeper: bool) -> bool:
    """Whether a bullet says what the product above it runs on.

    Below "on platform(s):" all do, below "used with:" those that name a system or hardware.
    """
    if announced is None:
        return deeper and _SETTING.match(text) is not None
    return _SETTING.match(text) is not None or (deeper and "platform" in announced[0])


def _entry(line: ArticleLine) -> AppliesTo:
    text = _SETTINGS.sub("", line.text).strip().rstrip(".,")
    bare = _SETTING.sub("", text)
    is_setting = bare != text
    name, _, listed = _divided(bare)
    levels, rest = _levels(listed)
    unread = rest if _RANGE.search(rest) else None
    rest = "" if unread else rest
    name, edition = _name_and_edition(name, rest)
    if not levels and (own := _OWN_LEVEL.fullmatch(name)):
        name, levels = own["name"], _levels(own["level"])[0]
    return AppliesTo(name, levels, edition, line, is_setting, unread)


def _divided(text: str) -> tuple[str, str, str]:
    """The name before `version(s)`, the word itself and the list behind it."""
    found = None
    for found in _VERSIONS.finditer(text):
        if re.match(r"[0-9]|SP|Service|Build", text[found.end() :], re.IGNORECASE):
            return text[: found.start()].strip(" ,"), found[0], text[found.end() :]
    return text, "", ""


def _levels(listed: str) -> tuple[tuple[str, ...], str]:
    """The levels of a list such as `4.0, 4.0 SP4, Terminal Server Edition`, and what is left over."""
    levels: list[str] = []
    left: list[str] = []
    version = ""
    parts = _SEPARATOR.split(_spelled(listed))
    for part in filter(None, (re.sub(r"^(?:and|versions?)\s+", "", part.strip()) for part in parts)):
        if not _LEVEL_START.match(part):
            left.append(part)
            continue
        match = _LEVEL_AND_REST.match(part)
        level, rest = (match["level"], match["rest"]) if match else (part, None)
        if rest:
            left.append(rest)
        label = _label(level, version)
        read = read_level(label)
        version = read.version or version if read else version
        levels.append(label)
    return tuple(dict.fromkeys(levels)), ", ".join(dict.fromkeys(left))


def _spelled(listed: str) -> str:
    """`5.5 Service Packs 1, 2` written out as `5.5 SP1, 5.5 SP2`."""

    def each(found: re.Match[str]) -> str:
        packs = re.findall(r"[0-9]+[a-z]?", f"{found['packs']}{found['more']}")
        return ", ".join(f"{found['base']} SP{pack}" for pack in packs)

    return _PACKS.sub(each, listed)


def _label(level: str, version: str) -> str:
    read = read_level(level)
    if read is None:
        return level
    if read.version is None:
        return str(read.of_version(version)) if version else level
    if not read.service_pack:
        return level
    return f"{level[: re.search(r'[sS]', level).start()].strip()} SP{read.service_pack}{read.letter}"  # type: ignore[union-attr]  # a pack was read


def _name_and_edition(name: str, rest: str) -> tuple[str, str | None]:
    """A trailing edition taken off the name, or the words after the list of levels."""
    head, _, tail = name.rpartition(", ")
    if head and _EDITION.fullmatch(tail):
        return head, tail
    inner = re.fullmatch(r"(.+?) ((?:\w+) Edition)( for Windows)?", name)
    if inner and not rest:
        return inner[1], inner[2]
    return name, rest or None
