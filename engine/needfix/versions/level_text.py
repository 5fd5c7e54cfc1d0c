"""Levels as people write them: `5.5`, `5.5 SP3`, `SP3`, `2019 Cumulative Update 14`, `2012 R2`, `SE RTM`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from needfix.versions.file_version import LONGEST_TEXT, parse_build
from needfix.versions.level import Level, LevelName, version_name

_BUILD_FIRST = re.compile(
    r"(?P<build>[0-9]{1,9}(?:\.[0-9]{1,9}){2,3})\s*[(\[](?P<level>[^()\[\]]+)[)\]]", re.ASCII
)
"""A build with its level behind it, in brackets: 15.2.397.2 (2019 SP2)."""

_BETWEEN = r"[\s,(:;-]*"
_VERSION = r"""[\s(]*
    (?:versions?\b|ver\b\.?|v\.?(?=\s*[0-9]))?\s*
    (?:(?P<base>[0-9]{1,9}(?:[.,][0-9]{1,9}){0,5})
        (?:(?P<revision>[a-z](?![a-z0-9]))|[\s-]?(?P<release>r[0-9])(?![a-z0-9]))?)?"""
_STAGES = rf"""
    (?:{_BETWEEN}build\s*[:\s]\s*(?P<build>[0-9]{{1,9}}(?:[.,][0-9]{{1,9}}){{0,5}}))?
    (?:{_BETWEEN}(?P<original>rtm|ga|gold|(?:no|without)\s+service\s+pack|original\s+release)\b)?
    (?:{_BETWEEN}(?:service[\s-]?pack|sp)\s*-?\s*(?P<pack>[0-9]{{1,4}})
        (?P<letter>[a-z](?=build|[^a-z0-9]|$))?
        (?:\s+(?:(?:hotfix|security)\s+rollup\s+package\s*)?\(?(?P<rollup>hrp|srp)\)?)?
    )?
    (?:{_BETWEEN}(?P<update>cumulative[\s-]?update|cu|update[\s-]?rollup|rollup|ru|ur|update|u)
        \s*-?\s*(?P<number>[0-9]{{1,4}})(?P<sub>[a-z](?=gdr|build|[^a-z0-9]|$))?)?
    (?:{_BETWEEN}gdr\s?(?P<gdr>[0-9]{{0,3}})(?![a-z0-9]))?
    (?:{_BETWEEN}build\s*[:\s]\s*(?P<late_build>[0-9]{{1,9}}(?:[.,][0-9]{{1,9}}){{0,5}}))?
    (?:(?<=[\w)])[\s,(\[:;-]+(?P<numbers>[0-9]{{1,9}}(?:[.,][0-9]{{1,9}}){{2,5}}))?
    [\s)\]]*"""
_SIGNS = re.VERBOSE | re.IGNORECASE | re.ASCII
_LEVEL = re.compile(_VERSION + _STAGES, _SIGNS)
_BEHIND_WORDS = re.compile(_STAGES, _SIGNS)

_UPDATES = {"c": "CU", "u": "U", "r": "RU"}
_ROLLUPS = frozenset({"ur", "ru", "rollup"})


class LevelText(NamedTuple):
    """What a text states about a level; `version` is None for a short form such as `SP3` or `CU14`.

    `letter` belongs to the service pack, or to the version where there is none: SP6a, 3.2a.
    `rollup` is a package of fixes upon the service pack: SP4 HRP, SP6a SRP. `written` is the
    version where people write it with more digits than its number has: 8.03 for 8.3. `is_original`:
    the text says that there is no service pack, as in 2022 RTM. `builds` are all that the text states.
    `update` is an update behind the service pack: CU14, RU3, U3k. `words` are others, as they follow it.
    """

    version: str | None
    service_pack: int = 0
    letter: str = ""
    build: str | None = None
    rollup: str = ""
    written: str | None = None
    is_original: bool = False
    builds: tuple[str, ...] = ()
    update: str = ""
    words: str = ""

    @property
    def is_version_alone(self) -> bool:
        """Whether the text states a version, and neither anything behind it nor that there is nothing."""
        return not (self._is_behind or self.is_original)

    @property
    def _is_behind(self) -> bool:
        return bool(self.service_pack or self.letter or self.rollup or self.update or self.words)

    def of_version(self, version: str) -> Level:
        """The level; a short form belongs to `version`."""
        own = self.version or version
        pack = f" SP{self.service_pack}" if self.service_pack else ""
        rollup, update = (f" {one}" if one else "" for one in (self.rollup, self.update))
        original = " RTM" if self.is_original and not pack and not update else ""
        text = f"{self.written or own}{pack}{self.letter}{rollup}{original}{update}{self.words}"
        return Level(self.name_of(version), text, own)

    def name_of(self, version: str) -> LevelName:
        """What the level is known by; a short form belongs to `version`."""
        every = (self.letter, self.rollup, spaced(self.update), spaced(self.words))
        behind = " ".join(filter(None, every)).casefold()
        return LevelName(version_name(self.version or version), self.service_pack, behind)

    def level(self) -> Level | None:
        """The level, or None for a short form."""
        return None if self.version is None else self.of_version(self.version)


@lru_cache(maxsize=1 << 14)
def read_level(text: str) -> LevelText | None:
    """What `text` states about a level, or None if it cannot be read as one.

    It has a number as its version, or none. Other words are levels only where a definition has them.
    """
    match = _LEVEL.fullmatch(" ".join(text.split())) if len(text) <= LONGEST_TEXT else None
    if match is None:
        return _with_build_first(text)
    if match["base"] is None and not _states_more(match):
        return None
    if match["base"] is not None and match["release"]:
        version = f"{_numbers(match['base'])} {match['release'].upper()}"
        return _stated(match, version, None, "")
    version_text = _numbers(match["base"])
    return _stated(match, version_text, _written(match["base"], version_text), match["revision"] or "")


@lru_cache(maxsize=1 << 14)
def read_any_level(text: str) -> LevelText | None:
    """What a text of a definition or a rule states: a level with words of its own, too.

    `SE RTM` has the version SE, `2022 Azure Edition` the version 2022. None for a text without a letter
    or digit.
    """
    plain = " ".join(text.split())
    known = read_level(plain)
    if known is not None or len(text) > LONGEST_TEXT or not any(map(str.isalnum, plain)):
        return known
    begin = _BEGIN.match(plain)
    if begin is None:
        return _of_words(plain)
    version, rest = _numbers(begin["base"]), plain[begin.end() :]
    release = _RELEASE.match(rest)
    if release is not None:
        version, rest = f"{version} {release[1].upper()}", rest[release.end() :]
    taken = _usual_words(rest)
    read = _behind(taken, version)
    if read is None:
        return LevelText(version, words=rest.rstrip())
    return read._replace(words=read.words + rest[len(taken.rstrip()) :].rstrip())


_BEGIN = re.compile(r"(?:version\s+|v\.?\s?)?(?P<base>[0-9]{1,9}(?:\.[0-9]{1,9}){0,5})(?![0-9h])", _SIGNS)
_RELEASE = re.compile(r"[\s-]?(r[0-9])(?![a-z0-9])", _SIGNS)


def _of_words(text: str) -> LevelText | None:
    """A level whose version is a word; the rest is what usually follows a version."""
    words = text.split(" ")
    for size in range(1, len(words)):
        behind = " " + " ".join(words[size:])
        read = _behind(behind, " ".join(words[:size])) if _usual_words(behind) == behind else None
        if read is not None:
            return read
    return LevelText(text)


def _behind(text: str, version: str | None) -> LevelText | None:
    """A version with what usually follows one; None where the text has anything else."""
    stages = _BEHIND_WORDS.fullmatch(_VERSION_BEFORE + text, len(_VERSION_BEFORE))
    return None if stages is None else _stated(stages, version, None, "")


_SEPARATORS = " ,([:;-"
_VERSION_BEFORE = "0"
"""Stands for the version before the words that follow it."""


def _usual_words(rest: str) -> str:
    """The words behind a version that usually follow one, none where they would end within a word."""
    match = _BEHIND_WORDS.match(_VERSION_BEFORE + rest, len(_VERSION_BEFORE))
    taken = "" if match is None else match[0]
    if match is not None and match["numbers"] and parse_build(match["numbers"]) is None:
        taken = rest[: match.start("numbers") - len(_VERSION_BEFORE)].rstrip(_SEPARATORS)
    is_cut = taken[-1:].isalnum() and _GOES_ON.match(rest, len(taken)) is not None
    return "" if is_cut else taken


_GOES_ON = re.compile(r"[^\W_]|[.,][0-9]")


def _states_more(match: re.Match[str]) -> bool:
    return any(match[part] is not None for part in ("pack", "number"))


def _stated(
    match: re.Match[str], version: str | None, written: str | None, revision: str
) -> LevelText | None:
    letter = (match["letter"] or revision).lower()
    pack = int(match["pack"] or 0)
    if (match["letter"] and not pack) or (revision and (match["pack"] or match["number"])):
        return None
    in_text = (_numbers(match[name]) for name in ("build", "late_build", "numbers"))
    builds = tuple(dict.fromkeys(filter(None, in_text)))
    if match["numbers"] and parse_build(match["numbers"]) is None:
        return None  # a date
    return LevelText(
        version,
        pack,
        letter,
        next(iter(builds), None),
        (match["rollup"] or "").upper(),
        written,
        match["original"] is not None,
        builds,
        _update(match),
        "" if match["gdr"] is None else " ".join(filter(None, (" GDR", match["gdr"]))),
    )


def _update(match: re.Match[str]) -> str:
    if match["number"] is None:
        return ""
    kind = match["update"].lower()
    is_rollup = kind in _ROLLUPS or kind.endswith("rollup")
    return f"{_UPDATES['r' if is_rollup else kind[0]]}{int(match['number'])}{(match['sub'] or '').lower()}"


_PARTS = re.compile(r"[0-9]+[a-z]?(?![a-z0-9])|[^\W\d_]+|[0-9]+")


def spaced(words: str) -> str:
    """Words and numbers in small letters with one blank between them: `cu 14`, `mar 24 su`, `u 3k`."""
    return " ".join(_PARTS.findall(words.casefold()))


def _with_build_first(text: str) -> LevelText | None:
    match = _BUILD_FIRST.fullmatch(text.strip()) if len(text) <= LONGEST_TEXT else None
    found = read_level(match["level"]) if match is not None else None
    if match is None or found is None or parse_build(match["build"]) is None:
        return None
    if len((found.version or "").split(".")) > _NUMBERS_OF_VERSION or found.builds:
        return None  # another build
    build = _numbers(match["build"])
    return found._replace(build=build, builds=() if build is None else (build,))


_NUMBERS_OF_VERSION = 2


def _numbers(text: str | None) -> str | None:
    return ".".join(str(int(part)) for part in re.split("[.,]", text)) if text else None


def _written(text: str | None, version: str | None) -> str | None:
    plain = (text or "").replace(",", ".")
    is_padded = plain.startswith("0")
    return plain if version is not None and plain != version and not is_padded else None


def parse_level(text: str) -> Level | None:
    """The level that `text` states with its version, or None (a bare `SP3` is not enough)."""
    parsed = read_level(text)
    return None if parsed is None else parsed.level()
