"""Levels that a sentence names, such as "Windows NT 4.0 Service Pack 6a", and the product of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_PACK = re.compile(
    r"(?:(?<![\w-])|(?<=\bpost-))(?:Service[ -]?Packs?\s*-?\s*|SP-?\s?)"
    r"(?P<pack>[0-9]+)(?:\.0)?(?P<letter>[a-z]?)(?![\w])"
    r"(?:\s*\((?:SP-?\s?[0-9]+[a-z]?|(?P<version>[0-9]+\.[0-9]+))\))?"
    r"(?P<rollup>(?:\s+(?:Hotfix|Security))?\s+Rollup(?:\s+Package)?(?:\s*\((?P<short>[A-Z]{2,4})\))?)?",
    re.IGNORECASE,
)
_NO_NAME = frozenset({"version", "versions", "for", "You", "The", "This", "Due", "Because", "Microsoft,"})
"""Words with a capital, or kept as part of a name, that no name begins with."""
_OR = re.compile(r"\s*,?\s*or\b(?! later)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_NAMING = re.compile(r"\(?[A-Z0-9][\w./+:-]*\)?,?|version|versions|for")
_KNOWN_EDITION = r"(?:Terminal Server|Enterprise)(?:\s+Edition)?"
_ANY_EDITION = r"(?:[A-Z][\w-]+\s+){1,3}Edition\b"
_AFTER = re.compile(rf"\s*,?\s*(?P<edition>(?i:{_KNOWN_EDITION})|{_ANY_EDITION})")
_FOR = re.compile(r"\s+(?:for|of|on)\s+(?P<name>(?:[A-Z0-9][\w./+-]*\s?){1,6})")
_NUMBER = re.compile(r"(?<![\w.])(?:[0-9]+\.[0-9]+|2000|2003|9[578])(?![\w]|\.[0-9])")
_EDITION = re.compile(rf",?\s*\b(?P<edition>(?i:{_KNOWN_EDITION}))\b,?|,\s*(?P<other>{_ANY_EDITION})")
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
    """Whether it is an alternative to the one before it: `Service Pack 4 or Service Pack 6a`."""

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
    before = Named("", None, None)
    end = 0
    for found in _PACK.finditer(text):
        between = text[end : found.start()]
        named = _named_beside(text, between, found)
        is_bare = not named.name and named.version is None
        alternative = bool(end) and (is_bare or _OR.match(between) is not None)
        named = before if end and is_bare else named
        after = _AFTER.match(text, found.end())
        edition = named.edition or (_edition(after["edition"]) if after else None)
        or_later = text[found.end() : found.end() + 24].casefold().lstrip(" ,").startswith("or later")
        yield Mention(named.name, named.version, _pack(found), edition, or_later, alternative)
        before = Named(named.name, named.version, edition)
        end = after.end() if after else found.end()


def _named_beside(text: str, between: str, found: re.Match[str]) -> Named:
    """The product of a service pack: named before it, or behind it as in `SP1 for SMS 2.0`."""
    named = named_in(_trailing_name(between))
    if found["version"] and named.version is None:
        named = replace(named, version=found["version"])
    later = None if named.name else _FOR.match(text, found.end())
    if later is None:
        return named
    other = named_in(later["name"])
    return Named(other.name, named.version or other.version, other.edition)


def named_in(phrase: str) -> Named:
    """A product name taken apart: `Windows NT Server 4.0, Terminal Server Edition`."""
    found = _EDITION.search(phrase)
    rest = _EDITION.sub(" ", phrase)
    number = _NUMBER.search(rest)
    name = _NOISE.sub(" ", rest[: number.start()] + " " + rest[number.end() :] if number else rest)
    return Named(
        " ".join(name.replace(",", " ").split()).strip(" .:-"),
        number[0] if number else None,
        _edition(found["edition"] or found["other"]) if found else None,
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
    while kept and kept[-1] in _NO_NAME:
        kept.pop()
    return " ".join(reversed(kept))
