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


def is_platform(name: str) -> bool:
    """Whether a name is one of a platform that needfix knows."""
    return platform(name) in platform_names()


def platform_names() -> frozenset[str]:
    """Every name of a platform, without case."""
    return _KNOWN_PLATFORMS | _PLATFORMS.keys()


def is_language(name: str) -> bool:
    """Whether a name is one of a language that needfix knows, or a code of ISO 639."""
    return language(name) in _CODES


def language_names() -> frozenset[str]:
    """Every name of a language that is written out, without case."""
    return frozenset(LANGUAGES)


_KNOWN_PLATFORMS = frozenset({
    "x86", "alpha", "x64", "ia64", "arm", "mips", "powerpc", "ppc", "pc-98", "nec98", "macintosh",
})  # fmt: skip
_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz "
    "ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi "
    "pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti "
    "tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
"""The codes of ISO 639."""

_CODES = frozenset(_TWO_LETTERS.split())
