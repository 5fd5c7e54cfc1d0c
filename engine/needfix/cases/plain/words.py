"""Words of closed vocabularies: editions, platforms, languages, states of services; None is no such word."""

from __future__ import annotations

import re
from functools import lru_cache

from needfix.intake.known_names import (
    CODES_OF_LANGUAGES,
    ENDINGS_OF_PLATFORMS,
    FOLDERS_OF_OLD_FILES,
    KNOWN_PLATFORMS,
    LANGUAGE_CODES,
    LANGUAGES,
    LANGUAGES_BY_NUMBER,
    PLACEHOLDER,
    PLATFORMS,
    SAYS_NOTHING,
    TYPES_OF_DOTNET,
)
from needfix.model.product import ProductDefinition

_MOST_REMEMBERED = 1 << 14
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
    """`x86` for `Intel`, `i386`, `Windows 32-bit` and `32-Bit-Version (Intel)`."""
    plain = _plain(name or "")
    plain = re.sub("^(microsoft )?win(dows)?( nt)?[ /-]+(?=[(a-z]|[0-9]+[ -]?bit)", "", plain)
    parts = plain[:-1].split("(", 1) if plain.endswith(")") and "(" in plain else [plain]
    found = {_one_platform(part.strip()) for part in parts if part.strip()}
    return found.pop() if len(found) == 1 else None


def _one_platform(plain: str) -> str | None:
    """A platform without what is written behind one: `-based PC`, `-bit version`."""
    own = re.split("[ -](?:version|edition)$", plain)[0]
    shorter = [own, *(own.removesuffix(end) for end in ENDINGS_OF_PLATFORMS if own.endswith(end))]
    found = [PLATFORMS.get(one, one) for one in shorter if one in PLATFORMS or one in KNOWN_PLATFORMS]
    return found[0] if found else None


@lru_cache(_MOST_REMEMBERED)
def language(name: str | None) -> str | None:
    """`en` for `en-US` and for `English (United States)`."""
    plain, *places = ((name or "").casefold()).split("(", 1)
    first, *region = re.split("[-_]", plain, maxsplit=1)
    names = LANGUAGES | CODES_OF_LANGUAGES
    code: str | None = LANGUAGES.get(plain.strip()) or names.get(first.strip(), first.strip())
    code = code if code in LANGUAGE_CODES else _by_number(plain.strip())
    if any(re.search("[,;/|+&]", own) or own.replace("_", "-").strip() in LANGUAGES for own in region):
        return None
    if any(re.search(r"\)\s*[^\s)]", own) for own in places):
        return None
    inside = [LANGUAGES.get(own.strip(") "), code) for own in places]
    return code if inside in ([], [code]) else None


def _by_number(text: str) -> str | None:
    """`de` for Windows' number of German, 1031, 0407 or 0x407."""
    if re.fullmatch("0x0?[0-9a-f]{3,4}|0[0-9a-f]{3}", text, re.ASCII):
        return LANGUAGES_BY_NUMBER.get(int(text, 16) % 1024)
    is_number = re.fullmatch("[1-9][0-9]{3,4}", text, re.ASCII)
    return LANGUAGES_BY_NUMBER.get(int(text) % 1024) if is_number else None


def is_remark(text: str) -> bool:
    """Whether a text says a platform or a language, and no more."""
    return platform(text) is not None or text.strip().casefold() in {*LANGUAGES, *LANGUAGES.values()}


@lru_cache(_MOST_REMEMBERED)
def plain_edition(name: str) -> str:
    """`enterprise` for `Enterprise Edition`."""
    plain = _plain(name.replace(",", " "))
    parts = re.fullmatch(r"(.*?) ?[(\[]([^()\[\]]+)[)\]]", plain)
    parts = parts or re.fullmatch(r"(.*?[ _-]edition)[ -]+([^()\[\]]+)", plain)
    if parts and is_remark(parts[2]):
        plain = parts[1]
    return re.sub("[ _-]+edition$", "", re.sub(" ?:[^:()]*licensing$", "", plain))


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
