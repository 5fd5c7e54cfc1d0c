"""Levels as people write them: `5.5`, `5.5 SP3`, `4.0 SP6a`, `SP3`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from packaging.version import Version

from needfix.versions.file_version import LONGEST_TEXT, parse_build
from needfix.versions.level import Level

_BUILD_FIRST = re.compile(
    r"(?P<build>[0-9]{1,9}(?:\.[0-9]{1,9}){2,3})\s*[(\[](?P<level>[^()\[\]]+)[)\]]", re.ASCII
)
"""A build with its level behind it, in brackets: 15.2.397.2 (2019 SP2)."""

_LEVEL = re.compile(
    r"""[\s(]*
    (?:versions?\b|ver\b\.?|v\.?(?=\s*[0-9]))?\s*
    (?:(?P<base>[0-9]{1,9}(?:[.,][0-9]{1,9}){0,5})(?P<revision>[a-z](?![a-z0-9]))?)?
    (?:[\s,(:;-]*build\s*[:\s]\s*(?P<build>[0-9]{1,9}(?:[.,][0-9]{1,9}){0,5}))?
    (?:[\s,(:;-]*(?P<original>rtm|ga|gold|(?:no|without)\s+service\s+pack|original\s+release)\b)?
    (?:[\s,(:;-]*(?:service[\s-]?pack|sp)\s*-?\s*(?P<pack>[0-9]{1,4})(?P<letter>[a-z])?
        (?:\s+(?:(?:hotfix|security)\s+rollup\s+package\s*)?\(?(?P<rollup>hrp|srp)\)?)?
    )?
    (?:[\s,(:;-]*build\s*[:\s]\s*(?P<late_build>[0-9]{1,9}(?:[.,][0-9]{1,9}){0,5}))?
    (?:(?<=[\w)])[\s,(\[:;-]+(?P<numbers>[0-9]{1,9}(?:[.,][0-9]{1,9}){2,5}))?
    [\s)\]]*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class LevelText(NamedTuple):
    """What a text states about a level; `version` is None for a bare service pack such as `SP3`.

    `letter` belongs to the service pack, or to the version where there is none: SP6a, 3.2a.
    `rollup` is a package of fixes upon the service pack: SP4 HRP, SP6a SRP. `written` is the
    version where people write it with more digits than its number has: 8.03 for 8.3. `is_original`:
    the text says that there is no service pack, as in 2022 RTM. `builds` are all that the text states.
    """

    version: str | None
    service_pack: int = 0
    letter: str = ""
    build: str | None = None
    rollup: str = ""
    written: str | None = None
    is_original: bool = False
    builds: tuple[str, ...] = ()

    @property
    def is_version_alone(self) -> bool:
        """Whether the text states a version, and neither a service pack nor that there is none."""
        return not (self.service_pack or self.letter or self.rollup or self.is_original)

    def of_version(self, version: str) -> Level:
        """The level; a bare service pack belongs to `version`."""
        numbers = self.version or version
        pack = f" SP{self.service_pack}" if self.service_pack else ""
        rollup = f" {self.rollup}" if self.rollup else ""
        original = " RTM" if self.is_original and not pack else ""
        text = f"{self.written or numbers}{pack}{self.letter}{rollup}{original}"
        behind = ".".join(filter(None, (self.letter, self.rollup.lower())))
        return Level(_key(numbers, self.service_pack, behind), text)

    def level(self) -> Level | None:
        """The level, or None for a bare service pack."""
        return None if self.version is None else self.of_version(self.version)


@lru_cache(maxsize=1 << 14)
def _key(version: str, service_pack: int, behind: str) -> Version:
    # A service pack is a post-release. PEP 440 orders a local version just behind its public
    # one, which is where SP6a and SP4 HRP lie: after SP6 and before SP7. So lies 3.2a between 3.2
    # and its SP1.
    post = f".post{service_pack}" if service_pack else ""
    return Version(f"{version}{post}{'+' + behind if behind else ''}")


@lru_cache(maxsize=1 << 14)
def read_level(text: str) -> LevelText | None:
    """What `text` states about a level, or None if it cannot be read as one."""
    match = _LEVEL.fullmatch(" ".join(text.split())) if len(text) <= LONGEST_TEXT else None
    if match is None:
        return _with_build_first(text)
    if match["base"] is None and match["pack"] is None:
        return None
    letter = (match["letter"] or match["revision"] or "").lower()
    pack = int(match["pack"] or 0)
    if (match["letter"] and not pack) or (match["revision"] and match["pack"]):
        return None
    in_text = (_numbers(match[name]) for name in ("build", "late_build", "numbers"))
    builds = tuple(dict.fromkeys(filter(None, in_text)))
    if match["numbers"] and parse_build(match["numbers"]) is None:
        return None  # a date
    version, rollup = _numbers(match["base"]), (match["rollup"] or "").upper()
    written = _written(match["base"], version)
    is_original = match["original"] is not None
    return LevelText(version, pack, letter, next(iter(builds), None), rollup, written, is_original, builds)


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
