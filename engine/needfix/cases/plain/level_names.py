"""Levels read from text, step by step: versions, service packs, updates and words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from needfix.cases.plain.reading import Numbers, Text, build, trimmed
from needfix.versions.level import Level

VersionName = tuple[int | str, ...]
"""The version of a level: its numbers, R2 behind them, or one word where it has no number."""

Label = tuple[VersionName, int, str]
"""The version of a level, its service pack, and what follows, in small letters with single blanks."""

_MOST_REMEMBERED = 1 << 14
_MOST_OF_LEVEL = 200
_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS, _MOST_PACK_DIGITS = 6, 9, 4
_WHOLE_VERSION = 3


class LevelName(NamedTuple):
    """What a text says of a level. `version` is None for a service pack or an update by itself.

    `is_first`: the text says that it is the version as released, by RTM or Gold. `rest` is what
    follows the service pack.
    """

    version: VersionName | None
    pack: int = 0
    rest: str = ""
    builds: tuple[Numbers, ...] = ()
    is_first: bool = False

    @property
    def label(self) -> Label:
        """What two names of one level have in common."""
        return trimmed_name(self.version or ()), self.pack, self.rest

    @property
    def is_version_only(self) -> bool:
        """Whether it says nothing behind the version."""
        return not (self.pack or self.rest or self.is_first)


def trimmed_name(name: VersionName) -> VersionName:
    """A version of a level without zeros at the end."""
    return (*trimmed(numbers_in(name)), *(one for one in name if isinstance(one, str)))


def numbers_in(name: VersionName) -> Numbers:
    """The numbers of a version."""
    return tuple(one for one in name if isinstance(one, int))


@lru_cache(_MOST_REMEMBERED)
def level_name(written: str) -> LevelName | None:
    """A level: 5.5, SP3, 4.0 SP6a, 2012 R2, 2019 CU14, Version 5.5 (Build 2653.23: Service Pack 4)."""
    if len(written) > _MOST_OF_LEVEL:
        return None
    behind_build = re.fullmatch(
        r"\s*([0-9]{1,9}(?:\.[0-9]{1,9}){2,3})\s*[(\[]([^()\[\]]+)[)\]]\s*", written, re.ASCII
    )
    found = _level_name(written)
    if found is not None or behind_build is None:
        return found
    inner, numbers = _level_name(behind_build[2]), build(behind_build[1])
    if inner is None or numbers is None or inner.builds or len(inner.version or ()) >= _WHOLE_VERSION:
        return None
    return inner._replace(builds=(numbers,))


def _level_name(written: str) -> LevelName | None:
    text = Text(written)
    text.take(r"[ (]+")
    text.take(r"versions?\b|ver\b\.?|v\.?(?= ?[0-9])")
    text.take(" ")
    version, revision = _numbered(text)
    found = _behind(text)
    text.take(r"[ )\]]*")
    if text.rest or found is None or (version is None and not found.says_stage):
        return None
    if revision and found.says_stage:
        return None
    rest = " ".join(filter(None, (revision, found.rest)))
    return LevelName(version, found.pack, rest, found.builds, found.is_first)


def _numbered(text: Text) -> tuple[VersionName | None, str]:
    """The number of a version with R2 behind it, or with a letter."""
    numbers = text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS)
    if numbers is None:
        return None, ""
    release = text.take("[ -]?r[0-9](?![a-z0-9])")
    revision = None if release else text.take("[a-z](?![a-z0-9])")
    return (*numbers, *([release[-2:].lower()] if release else [])), (revision or "").lower()


@lru_cache(_MOST_REMEMBERED)
def any_level_name(written: str) -> LevelName | None:
    """A level of a definition, which may have words of its own: SE RTM, 2022 Azure Edition, 9.5p1."""
    usual = level_name(written)
    if usual is not None or not any(map(str.isalnum, written)) or len(written) > _MOST_OF_LEVEL:
        return usual
    text = Text(written)
    begin = text.take(r"(version |v\.? ?)?[0-9]{1,9}(\.[0-9]{1,9}){0,5}(?![0-9h])")
    if begin is not None:
        numbers = map(int, re.findall("[0-9]+", begin))
        release = text.take("[ -]?r[0-9](?![a-z0-9])")
        version: VersionName = (*numbers, *([release[-2:].lower()] if release else []))
        return _with_words(version, text)
    words = text.rest.split(" ")
    for size in range(1, len(words)):
        behind = Text(" ".join(["", *words[size:]]), is_raw=True)
        found = _behind(behind)
        behind.take(r"[ )\]]*")
        if found is not None and not behind.rest:
            word = " ".join(words[:size]).casefold()
            return LevelName((word,), found.pack, found.rest, found.builds, found.is_first)
    return LevelName((text.rest.casefold(),))


def _with_words(version: VersionName, text: Text) -> LevelName | None:
    """A version, what usually follows one, and any other words."""
    before = text.rest
    found = _behind(text)
    taken = before[: len(before) - len(text.rest)]
    goes_on = text.rest[:1].isalnum() or re.match("[.,][0-9]", text.rest) is not None
    is_cut = taken[-1:].isalnum() and goes_on
    if found is None or is_cut:
        found, text.rest = _Behind(), before
    rest = " ".join(filter(None, (found.rest, in_words(text.rest))))
    return LevelName(version, found.pack, rest, found.builds, found.is_first)


def in_words(text: str) -> str:
    """Words and numbers in small letters, with one blank between them; a letter stays at its number."""
    return " ".join(re.findall(r"[0-9]+[a-z]?(?![a-z0-9])|[^\W\d_]+|[0-9]+", text.casefold()))


class _Behind(NamedTuple):
    """What follows a version: whether it was released so, a service pack, an update, builds."""

    pack: int = 0
    rest: str = ""
    builds: tuple[Numbers, ...] = ()
    is_first: bool = False
    says_stage: bool = False


def _behind(text: Text) -> _Behind | None:
    early_build = _build(text)
    first = text.take(r"[ ,(:;-]*(rtm|gold|ga|(no|without) service pack|original release)\b")
    pack, letter, rollup = _pack(text)
    update = _update(text)
    line = text.take(r"[ ,(:;-]*gdr ?[0-9]{0,3}(?![a-z0-9])") or ""
    late_build = _build(text)
    own_build = _bare_build(text)
    if letter and not pack:
        return None
    rest = " ".join(filter(None, (letter.lower(), rollup.lower(), update, in_words(line))))
    builds = tuple(one for one in (early_build, late_build, own_build) if one is not None)
    is_stage = pack is not None or bool(update)
    return _Behind(pack or 0, rest, builds, first is not None, is_stage)


def _update(text: Text) -> str:
    """An update by its number: CU14, Update Rollup 3, Update 3k."""
    kinds = {
        "cu": "cumulative[ -]?update|cu",
        "ru": "update[ -]?rollup|rollup|ru|ur",
        "u": "update|u",
    }
    for kind, words in kinds.items():
        if text.take(rf"[ ,(:;-]*({words}) ?-? ?(?=[0-9]{{1,4}})"):
            number = text.take("[0-9]{1,4}") or "0"
            return f"{kind} {int(number)}{(text.take('[a-z](?=gdr|build|[^a-z0-9]|$)') or '').lower()}"
    return ""


def _bare_build(text: Text) -> Numbers | None:
    """A build without the word, of three numbers or more, that are no date: 5.5 SP4 (5.5.2653.23)."""
    row = re.match(r"[ ,([:;-]+([0-9]+([.,][0-9]+){2,})(?![0-9.,])", text.rest)
    if row is None or build(row[1]) is None:
        return None
    text.take(r"[ ,([:;-]+")
    return text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS)


def _build(text: Text) -> Numbers | None:
    if text.take("[ ,(:;-]*build ?[: ] ?(?=[0-9])") is None:
        return None
    return text.numbers(_MOST_LEVEL_NUMBERS, _MOST_LEVEL_DIGITS)


def _pack(text: Text) -> tuple[int | None, str, str]:
    """A service pack with its letter and a rollup upon it: SP6a, Service Pack 4 HRP."""
    if text.take("[ ,(:;-]*(service[ -]?pack|sp) ?-? ?(?=[0-9])") is None:
        return None, "", ""
    number = text.take(f"[0-9]{{1,{_MOST_PACK_DIGITS}}}") or "0"
    letter = text.take("[a-z](?=build|[^a-z0-9]|$)") or ""
    rollup = text.take(r" ((hotfix|security) rollup package ?)?\(?(hrp|srp)\)?") or ""
    return int(number), letter, rollup.rstrip(")")[-3:].upper()


@lru_cache(_MOST_REMEMBERED)
def name_of(written: str) -> LevelName:
    """A level of a definition by its text."""
    return any_level_name(written) or LevelName((written.casefold(),))


def label(level: Level) -> Label:
    """What a level is known by."""
    return _label_of(level.text)


@lru_cache(_MOST_REMEMBERED)
def _label_of(written: str) -> Label:
    return name_of(written).label


def numbers_of(level: Level) -> VersionName:
    """The version that a level belongs to."""
    return label(level)[0]
