"""Vocabularies: languages, platforms, editions and service states, by the names that people write."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache

from needfix.intake.known_names import (
    FOLDERS_OF_OLD_FILES,
    KNOWN_PLATFORMS,
    LANGUAGE_CODES,
    LANGUAGES,
    PLATFORMS,
    SAYS_NOTHING,
    SERVICE_STATES,
)
from needfix.model.product import ProductDefinition


def language(name: str) -> str:
    """The ISO 639-1 code of a language: `en` for `en-US` and for `English`."""
    folded = name.partition("(")[0].strip().casefold()
    return LANGUAGES.get(folded) or folded.replace("_", "-").partition("-")[0].strip()


def platform(name: str) -> str:
    """One name for each platform: `x86` for `Intel` and `i386`."""
    folded = " ".join(name.casefold().split())
    return PLATFORMS.get(folded, folded)


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
    return platform(name) in platform_names()


def platform_names() -> frozenset[str]:
    """Every name of a platform, casefolded."""
    return KNOWN_PLATFORMS | PLATFORMS.keys()


def is_language(name: str) -> bool:
    """Whether a name is that of a language that needfix knows, or an ISO 639-1 code."""
    return language(name) in LANGUAGE_CODES


def language_names() -> frozenset[str]:
    """Every name of a language, without codes, casefolded."""
    return frozenset(LANGUAGES)


def service_state(text: str) -> str | None:
    """One name for each state of a service: `stopping` for `Stop Pending`, `STOP_PENDING` and `3`.

    None where the text is not a state.
    """
    found = _STATE.fullmatch(text.strip().casefold())
    if found is None:
        return None
    names = {SERVICE_STATES.get(re.sub(r"[\s_-]", "", part)) for part in found.groups() if part}
    return names.pop() if len(names) == 1 else None


_STATE = re.compile(r"(?:([0-9])(?:\.0+)?(?![0-9.]))?[\s:]*(?:service_)?([a-z][a-z\s_-]*)?")


def says_nothing(text: str) -> bool:
    """Whether a value stands for one that its producer did not have: `Unknown`, `N/A`, `System.Object[]`."""
    folded = " ".join(text.casefold().split()).strip("<>()[]\"'")
    return not folded or folded in SAYS_NOTHING or folded.startswith(("system.object", "system.string"))


@lru_cache(maxsize=1 << 16)
def keeps_old_files(path: str) -> bool:
    """Whether a path lies in a folder where Windows keeps files that do not run: `$NtUninstall*$`."""
    folders = path.replace("\\", "/").casefold().split("/")
    return any(fnmatchcase(folder, pattern) for folder in folders for pattern in FOLDERS_OF_OLD_FILES)
