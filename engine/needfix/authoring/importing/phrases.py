"""Levels that a sentence names, such as "Windows NT 4.0 Service Pack 6a", and the product of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PACK = re.compile(
    r"(?<![\w-])(?:Service[ -]?Packs?\s*-?\s*|SP-?\s?)(?P<pack>[0-9]+)(?:\.0)?(?P<letter>[a-z]?)(?![\w])"
    r"(?:\s*\(SP-?\s?[0-9]+[a-z]?\))?"
    r"(?P<rollup>(?:\s+(?:Hotfix|Security))?\s+Rollup(?:\s+Package)?(?:\s*\((?P<short>[A-Z]{2,4})\))?)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_NAMING = re.compile(r"\(?[A-Z0-9][\w./+:-]*\)?,?|version|versions|for")
_AFTER = re.compile(r"\s*,?\s*(?P<edition>(?:Terminal Server|Enterprise)(?:\s+Edition)?)", re.IGNORECASE)
_FOR = re.compile(r"\s+(?:for|of|on)\s+(?P<name>(?:[A-Z0-9][\w./+-]*\s?){1,6})")
_NUMBER = re.compile(r"(?<![\w.])(?:[0-9]+\.[0-9]+|2000|2003|9[578])(?![\w]|\.[0-9])")
_EDITION = re.compile(r",?\s*\b(?P<edition>(?:Terminal Server|Enterprise)(?:\s+Edition)?)\b,?", re.IGNORECASE)
_NOISE = re.compile(r"\b(?:version|versions|the|latest|for)\b|\([^()]*\)|\bService\s+Pack\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A service pack that a sentence names. `name` is the product as written, perhaps empty."""

    name: str
    version: str | None
    pack: str
    edition: str | None
    or_later: bool
    alternative: bool
    """Whether it stands beside the one before it as another way: `Service Pack 4 or Service Pack 6a`."""

    def label(self, version: str) -> str:
        """The level: `4.0 SP6a`."""
        return f"{self.version or version} {self.pack}".strip()


@dataclass(frozen=True, slots=True)
class Named:
    """A product as a phrase writes it: name, version and edition apart."""

    name: str
    version: str | None
    edition: str | None


def mentions(text: str) -> Iterator[Mention]:
    """The service packs of a sentence, in order. One that names no product is of the product before it."""
    before: Named | None = None
    end = 0
    for found in _PACK.finditer(text):
        named = named_in(_trailing_name(text[end : found.start()]))
        alternative = bool(end) and not named.name and named.version is None
        later = _FOR.match(text, found.end())
        if not named.name and later:
            other = named_in(later["name"])
            named = Named(other.name, named.version or other.version, other.edition)
        if alternative and before:
            named = before
        after = _AFTER.match(text, found.end())
        edition = named.edition or (_edition(after["edition"]) if after else None)
        tail = text[found.end() : found.end() + 24].casefold()
        yield Mention(
            named.name,
            named.version,
            _pack(found),
            edition,
            tail.lstrip(" ,").startswith("or later"),
            alternative,
        )
        before = Named(named.name, named.version, edition)
        end = after.end() if after else found.end()


def named_in(phrase: str) -> Named:
    """A product name taken apart: `Windows NT Server 4.0, Terminal Server Edition`."""
    found = _EDITION.search(phrase)
    rest = _EDITION.sub(" ", phrase)
    number = _NUMBER.search(rest)
    name = _NOISE.sub(" ", rest[: number.start()] + " " + rest[number.end() :] if number else rest)
    return Named(
        " ".join(name.replace(",", " ").split()).strip(" .:-"),
        number[0] if number else None,
        _edition(found["edition"]) if found else None,
    )


def _edition(text: str) -> str:
    words = " ".join(text.split()).title()
    return words if words.endswith("Edition") else f"{words} Edition"


def _pack(found: re.Match[str]) -> str:
    rollup = f" {found['short'] or 'rollup'}" if found["rollup"] else ""
    return f"SP{int(found['pack'])}{found['letter'].lower()}{rollup}"


def _trailing_name(text: str) -> str:
    """The words at the end of a text that can be a name: they start with a capital or a number."""
    words = _WORD.findall(text)
    kept: list[str] = []
    for word in reversed(words):
        if not _NAMING.fullmatch(word):
            break
        kept.append(word)
    while kept and kept[-1] in (
        "version",
        "versions",
        "for",
        "You",
        "The",
        "This",
        "Due",
        "Because",
        "Microsoft,",
    ):
        kept.pop()
    return " ".join(reversed(kept))
