"""Words of closed vocabularies: editions, platforms, languages, states of services; None is no such word."""

from __future__ import annotations

import re
from functools import lru_cache

from needfix.intake.known_names import (
    FOLDERS_OF_OLD_FILES,
    KNOWN_PLATFORMS,
    LANGUAGE_CODES,
    LANGUAGES,
    PLACEHOLDER,
    PLATFORMS,
    SAYS_NOTHING,
    TYPES_OF_DOTNET,
)
from needfix.model.product import ProductDefinition

_MOST_REMEMBERED = 1 << 14
_PLATFORMS = PLATFORMS | {
    "32-bit": "x86", "32 bit": "x86", "32bit": "x86", "win32": "x86", "x86-based pc": "x86",
    "64-bit": "x64", "64 bit": "x64", "64bit": "x64", "win64": "x64", "x64-based pc": "x64",
    "aarch64": "arm64", "arm64-based pc": "arm64",
}  # fmt: skip
_STATES = {
    "1": "stopped", "2": "starting", "3": "stopping", "4": "running", "5": "resuming", "6": "pausing",
    "7": "paused", "startpending": "starting", "stoppending": "stopping", "continuepending": "resuming",
    "pausepending": "pausing", "continuing": "resuming", "started": "running",
}  # fmt: skip
_STATE_NAMES = frozenset(_STATES.values())


@lru_cache(_MOST_REMEMBERED)
def says_nothing(text: str | None) -> bool:
    """Whether a value stands for one that its producer did not have."""
    plain = _plain(text or "").strip("<>()[]{}\"'` ")
    if plain in SAYS_NOTHING or not re.search(r"[^\W_]", plain):
        return True
    if re.fullmatch(PLACEHOLDER, _plain(text or "")):
        return True
    name = re.split(r"[\[<#]", plain, maxsplit=1)[0]
    is_name = re.fullmatch(r"[\w.+`]+", name) is not None
    return is_name and name.startswith(TYPES_OF_DOTNET)


def stated(text: str | None) -> str | None:
    """A value, unless it says nothing."""
    return None if says_nothing(text) else text


@lru_cache(_MOST_REMEMBERED)
def platform(name: str | None) -> str | None:
    """`x86` for `Intel` and `i386`."""
    plain = _plain(name or "")
    known = _PLATFORMS.get(plain, plain)
    return known if known in KNOWN_PLATFORMS or known in _PLATFORMS.values() else None


@lru_cache(_MOST_REMEMBERED)
def language(name: str | None) -> str | None:
    """`en` for `en-US` and for `English (United States)`."""
    plain = (name or "").casefold().split("(")[0].strip()
    code = LANGUAGES.get(plain) or plain.replace("_", "-").split("-")[0].strip()
    return code if code in LANGUAGE_CODES else None


@lru_cache(_MOST_REMEMBERED)
def plain_edition(name: str) -> str:
    """`enterprise` for `Enterprise Edition`."""
    words = name.casefold().replace(",", " ").split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] == "edition" else words)


def edition(product: ProductDefinition, name: str | None) -> str | None:
    """An edition of a product, as the definition lists it."""
    known = {plain_edition(one) for one in (*product.editions, *product.separate_editions)}
    plain = plain_edition(name or "")
    return plain if plain in known else None


def is_separate(product: ProductDefinition, plain: str | None) -> bool:
    """Whether an edition has files of its own."""
    return plain is not None and plain in [plain_edition(own) for own in product.separate_editions]


def service_state(name: str) -> str | None:
    """`stopping` for `Stop Pending` and `STOP_PENDING`."""
    plain = re.sub("[ _-]", "", name.casefold().removeprefix("service_"))
    known = _STATES.get(plain, plain)
    return known if known in _STATE_NAMES else None


@lru_cache(_MOST_REMEMBERED)
def keeps_old_files(path: str | None) -> bool:
    """Whether a path lies in a folder where Windows keeps files that do not run."""
    folders = re.split(r"[\\/:]", (path or "").casefold())
    return any(_OLD_FILES.fullmatch(folder.strip(" \"'").rstrip(" .\"'")) for folder in folders)


def _shape(pattern: str) -> str:
    """A pattern of a folder's name with * and [0-9] as a regular expression."""
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\[0\-9\]", "[0-9]")


_OLD_FILES = re.compile("|".join(map(_shape, FOLDERS_OF_OLD_FILES)))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
