"""Vocabularies: languages, platforms and editions by the names that people and tools write."""

from __future__ import annotations

import re
from functools import lru_cache

from needfix.intake.known_names import (
    ENDINGS_OF_PLATFORMS,
    FOLDERS_OF_OLD_FILES,
    KNOWN_PLATFORMS,
    LANGUAGE_CODES,
    LANGUAGES,
    PLATFORMS,
    SAYS_NOTHING,
)
from needfix.model.product import ProductDefinition


def language(name: str) -> str:
    """The ISO 639-1 code of a language: `en` for `en-US` and for `English`."""
    folded = name.partition("(")[0].strip().casefold()
    return LANGUAGES.get(folded) or folded.replace("_", "-").partition("-")[0].strip()


@lru_cache(maxsize=1 << 12)
def platform(name: str) -> str | None:
    """One name for each platform: `x86` for `Intel` and `32-bit`; None for a word that is not understood.

    Two names with the same meaning may stand together: `x64 (AMD64)`.
    """
    folded = " ".join(name.casefold().split())
    before, bracket, within = folded.removesuffix(")").partition("(")
    if bracket and folded.endswith(")"):
        names = {_platform(before.strip()), _platform(within.strip())}
        return names.pop() if len(names) == 1 else None
    return _platform(folded)


def _platform(folded: str) -> str | None:
    for ending in ("", *ENDINGS_OF_PLATFORMS):
        if ending and not folded.endswith(ending):
            continue
        own = folded.removesuffix(ending)
        if found := PLATFORMS.get(own, own if own in KNOWN_PLATFORMS else None):
            return found
    return None


def folded_platform(name: str) -> str:
    """The platform that a rule names; one that is not known is itself, and no server's."""
    return platform(name) or " ".join(name.casefold().split())


def edition(name: str) -> str:
    """An edition casefolded, without the word `edition` at the end."""
    folded = " ".join(name.replace(",", " ").casefold().split())
    return folded.removesuffix(" edition")


def same_edition(one: str, other: str) -> bool:
    """Whether two names mean the same edition."""
    return edition(one) == edition(other)


def is_separate(product: ProductDefinition, stated: str | None) -> bool:
    """Whether a product's edition has files of its own."""
    return stated is not None and any(same_edition(stated, own) for own in product.separate_editions)


def is_platform(name: str) -> bool:
    """Whether a name is that of a platform that needfix knows."""
    return platform(name) is not None


def platform_names() -> frozenset[str]:
    """Every name of a platform, casefolded."""
    return KNOWN_PLATFORMS | PLATFORMS.keys()


def is_language(name: str) -> bool:
    """Whether a name is that of a language that needfix knows, or an ISO 639-1 code."""
    return language(name) in LANGUAGE_CODES


def language_names() -> frozenset[str]:
    """Every name of a language, without codes, casefolded."""
    return frozenset(LANGUAGES)


def says_nothing(text: str) -> bool:
    """Whether a value stands for one that its producer did not have: `Unknown`, `N/A`, `System.Object[]`."""
    folded = " ".join(text.casefold().split()).strip("<>()[]\"'")
    return not folded or folded in SAYS_NOTHING or folded.startswith(("system.object", "system.string"))


def _shape(pattern: str) -> str:
    """A pattern of a folder's name as a regular expression."""
    return re.escape(pattern).replace(r"\*", r"[^\\/]*").replace(r"\[0\-9\]", "[0-9]")


OLD_FILES = rf"(?:^|[\\/])(?:{'|'.join(map(_shape, FOLDERS_OF_OLD_FILES))})(?:[\\/]|$)"
"""What a path holds, casefolded, that lies in a folder of old files."""

_OLD_FILES = re.compile(OLD_FILES)


@lru_cache(maxsize=1 << 16)
def keeps_old_files(path: str) -> bool:
    """Whether a path lies in a folder where Windows keeps files that do not run: `$NtUninstall*$`."""
    return _OLD_FILES.search(path.casefold()) is not None
