"""Names of languages, platforms and editions, as people and tools write them."""

from __future__ import annotations

LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "italian": "it", "spanish": "es", "japanese": "ja",
    "korean": "ko", "chinese": "zh", "dutch": "nl", "portuguese": "pt", "brazilian": "pt", "swedish": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "russian": "ru", "polish": "pl", "czech": "cs",
    "enu": "en", "eng": "en", "deu": "de", "fra": "fr", "ita": "it", "esn": "es", "jpn": "ja", "kor": "ko",
    "hungarian": "hu", "turkish": "tr", "greek": "el", "hebrew": "he", "arabic": "ar", "thai": "th",
    "slovenian": "sl", "slovak": "sk", "chs": "zh", "cht": "zh", "romanian": "ro",
}  # fmt: skip
_PLATFORMS = {
    "i386": "x86", "i486": "x86", "i586": "x86", "i686": "x86", "ix86": "x86", "intel": "x86",
    "x86-32": "x86", "axp": "alpha", "dec alpha": "alpha", "amd64": "x64", "x86_64": "x64", "x86-64": "x64",
    "itanium": "ia64",
}  # fmt: skip


def language(name: str) -> str:
    """The ISO 639 code of a language: `en` for `en-US` and for `English`."""
    folded = name.partition("(")[0].strip().casefold()
    return LANGUAGES.get(folded) or folded.replace("_", "-").partition("-")[0].strip()


def platform(name: str) -> str:
    """One name for each platform: `x86` for `Intel` and `i386`."""
    folded = " ".join(name.casefold().split())
    return _PLATFORMS.get(folded, folded)


def edition(name: str) -> str:
    """An edition without case, and without the word `edition` behind it."""
    folded = " ".join(name.replace(",", " ").casefold().split())
    return folded.removesuffix(" edition")


def same_edition(one: str, other: str) -> bool:
    """Whether two names mean the same edition."""
    return edition(one) == edition(other)
