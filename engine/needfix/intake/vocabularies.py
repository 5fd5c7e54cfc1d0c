"""Vocabularies: languages, platforms, editions, service states, hotfixes, by the names that people write."""

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
    MESSAGES_NOT_FOUND,
    OTHERS,
    PLACEHOLDER,
    PLATFORMS,
    SAYS_NOTHING,
    SERVICE_STATES,
    TYPES_OF_DOTNET,
)
from needfix.model.product import ProductDefinition


@lru_cache(maxsize=1 << 12)
def language(name: str) -> str | None:
    """The ISO 639-1 code of a language: `en` for `en-US`, `eng`, `English` and 1033.

    None for no known language, and for two of them.
    """
    folded, bracket, region = (part.strip() for part in name.casefold().partition("("))
    written = LANGUAGES.get(folded) or _code_of_language(folded)
    code = written if written in LANGUAGE_CODES else _numbered_language(folded)
    is_other = LANGUAGES.get(region.rstrip(") "), code) != code or _BEHIND_BRACKET.search(region)
    return None if bracket and is_other else code


def _code_of_language(folded: str) -> str:
    """The code in `de-DE`, `deu` and `de_DE.UTF-8`."""
    code, _, region = folded.replace("_", "-").partition("-")
    code = code.strip()
    if _SEVERAL.search(region) or region.strip() in LANGUAGES:
        return ""
    return CODES_OF_LANGUAGES.get(code, LANGUAGES.get(code, code))


_SEVERAL = re.compile("[,;/|+&]")
_BEHIND_BRACKET = re.compile(r"\)\s*[^\s)]")


def _numbered_language(text: str) -> str | None:
    """The language of one of Windows' numbers, written as 1033, 0409 or 0x0409."""
    if not _NUMBER.fullmatch(text):
        return None
    is_hexadecimal = text.startswith("0")
    return LANGUAGES_BY_NUMBER.get(int(text, 16 if is_hexadecimal else 10) & _PRIMARY)


_NUMBER = re.compile(r"0x0?[0-9a-f]{3,4}|0[0-9a-f]{3}|[1-9][0-9]{3,4}", re.ASCII)
_PRIMARY = 0x3FF


@lru_cache(maxsize=1 << 12)
def platform(name: str) -> str | None:
    """One name for each platform: `x86` for `Intel` and `32-bit`; None for a word that is not understood.

    Two names with the same meaning may stand together: `x64 (AMD64)`. So may that of Windows: `Windows x64`.
    """
    folded = _OF_WINDOWS.sub("", " ".join(name.casefold().split()))
    before, bracket, within = folded.removesuffix(")").partition("(")
    if bracket and folded.endswith(")"):
        names = {_platform(part.strip()) for part in (before, within) if part}
        return names.pop() if len(names) == 1 else None
    return _platform(folded)


_OF_WINDOWS = re.compile(r"^(?:microsoft )?win(?:dows)?(?: nt)?[ /-]+(?=\(|[a-z]|[0-9]+[ -]?bit)")


def _platform(text: str) -> str | None:
    folded = _ITS_EDITION.sub("", text)
    for ending in ("", *ENDINGS_OF_PLATFORMS):
        if ending and not folded.endswith(ending):
            continue
        own = folded.removesuffix(ending)
        if found := PLATFORMS.get(own, own if own in KNOWN_PLATFORMS else None):
            return found
    return None


_ITS_EDITION = re.compile(r"[ -](?:version|edition)$")


def folded_language(name: str) -> str:
    """The code of a language, or the name itself where a rule names one that is not known."""
    return language(name) or name.strip().casefold()


def folded_platform(name: str) -> str:
    """The one name of a platform, or the name itself where a rule names one that is not known."""
    return platform(name) or " ".join(name.casefold().split())


def edition(name: str) -> str:
    """An edition casefolded, without the word `edition` at the end, a platform or a way of licensing."""
    folded = " ".join(name.replace(",", " ").casefold().split())
    found = _REMARK.fullmatch(folded)
    if found is not None and is_remark(found["remark"] or found["behind"]):
        folded = found["edition"]
    return _WORD_EDITION.sub("", _LICENSING.sub("", folded))


_REMARK = re.compile(
    r"(?P<edition>.*?) ?(?:[(\[](?P<remark>[^()\[\]]+)[)\]]|(?<=[ _-]edition)[ -]+(?P<behind>[^()\[\]]+))"
)
_LICENSING = re.compile(r" ?:[^:()]*licensing$")
_WORD_EDITION = re.compile(r"[ _-]+edition$")


def own_edition(product: ProductDefinition, stated: str) -> str | None:
    """The edition of a product that a text means; None where its definition does not list it."""
    return next((own for own in product.editions if same_edition(own, stated)), None)


def same_edition(one: str, other: str) -> bool:
    """Whether two names mean the same edition."""
    return edition(one) == edition(other)


def is_separate(product: ProductDefinition, stated: str | None) -> bool:
    """Whether a product's edition has files of its own."""
    return stated is not None and any(same_edition(stated, own) for own in product.separate_editions)


def is_remark(text: str) -> bool:
    """Whether a text beside an edition or a level is that of a platform or a language, and says no more."""
    return platform(text) is not None or text.strip().casefold() in _REMARKS_OF_LANGUAGE


_REMARKS_OF_LANGUAGE = LANGUAGES.keys() | frozenset(LANGUAGES.values())


def is_platform(name: str) -> bool:
    """Whether a name is that of a platform that needfix knows."""
    return platform(name) is not None


def platform_names() -> frozenset[str]:
    """Every name of a platform, casefolded."""
    return KNOWN_PLATFORMS | PLATFORMS.keys()


def is_language(name: str) -> bool:
    """Whether a name is that of a language that needfix knows, or an ISO 639-1 code."""
    return language(name) is not None


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


@lru_cache(maxsize=1 << 14)
def is_short_name(name: str) -> bool:
    """Whether a service or counter has such a name as programs use, and not one for people to read.

    `MSExchangeIS` is one; `Microsoft Exchange Information Store`, `% Processor Time` and `Unknown` are none.
    """
    return _SHORT_NAME.fullmatch(name) is not None and not is_lacking(name)


_SHORT_NAME = re.compile(r"[A-Za-z0-9._$#@&+!%~-]+")


def says_nothing(text: str) -> bool:
    """Whether a value stands for one that its producer did not have: `Unknown`, `N/A`, `System.Object[]`."""
    whole = " ".join(text.casefold().split())
    folded = whole.strip(_AROUND)
    if folded in SAYS_NOTHING or not any(map(str.isalnum, folded)):
        return True
    if whole[0] in _BEGINS_PLACEHOLDERS and _PLACEHOLDER.fullmatch(whole):
        return True
    return folded.startswith(TYPES_OF_DOTNET) and _TYPE_OF_DOTNET.fullmatch(folded) is not None


def is_lacking(text: str) -> bool:
    """Whether a text is not there, or stands for one that its producer did not have; long ones do not."""
    return len(text) <= LONGEST_NOTHING and says_nothing(text)


def lacks_message(message: str) -> bool:
    """Whether the message of an event is not there: it says nothing, or that Windows did not find it."""
    text = " ".join(message.casefold().split())
    return text.startswith(MESSAGES_NOT_FOUND) or is_lacking(text)


LONGEST_NOTHING = 64
"""Texts are not looked at for saying nothing where they are longer."""

_BEGINS_PLACEHOLDERS = frozenset("%$@{<")
_PLACEHOLDER = re.compile(PLACEHOLDER)
_AROUND = "<>()[]{}\"'` "
_TYPE_OF_DOTNET = re.compile(r"[\w.+`]+(?:[\[<#].*)?", re.DOTALL)


def _shape(pattern: str) -> str:
    """A pattern of a folder's name as a regular expression."""
    return re.escape(pattern).replace(r"\*", r"[^\\/]*").replace(r"\[0\-9\]", "[0-9]")


def stands_for_others(name: str) -> bool:
    """Whether a product's name stands for products that are not listed, so that the list is not whole."""
    return name.strip() in _OTHERS


_OTHERS = (OTHERS, "…")


OLD_FILES = (
    rf"""(?:^|[\\/:])[ "']*(?P<folder>{"|".join(map(_shape, FOLDERS_OF_OLD_FILES))})[ ."']*(?:[\\/]|$)"""
)
"""What a path holds, casefolded, that lies in a folder of old files; the group is its name.

Windows ignores blanks and dots at the end of a name; quotes are none of a name's.
"""

_OLD_FILES = re.compile(OLD_FILES)


@lru_cache(maxsize=1 << 16)
def keeps_old_files(path: str) -> bool:
    """Whether a path lies in a folder where Windows keeps files that do not run: `$NtUninstall*$`."""
    return _OLD_FILES.search(path.casefold()) is not None


def old_folder(path: str) -> str:
    """The name of the folder of old files in which a path lies, casefolded."""
    found = _OLD_FILES.search(path.casefold())
    return found["folder"] if found else ""


@lru_cache(maxsize=1 << 16)
def normal_id(name: str) -> str:
    """A hotfix id in lower case; the number where it names an article (`Q279798`, `KB 279798`)."""
    match = _ARTICLE.search(name.strip())
    return match[1] if match else name.strip().casefold()


_ARTICLE = re.compile(r"(?:^|\b(?:q|kb) ?)([0-9]{5,8})(?![0-9])", re.IGNORECASE | re.ASCII)
