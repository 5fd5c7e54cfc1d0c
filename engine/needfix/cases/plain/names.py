"""Names of products, compared word by word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from needfix.cases.plain.builds import level_stated, versions_begun
from needfix.cases.plain.level_names import level_name, name_of, numbers_of, trimmed_name
from needfix.cases.plain.words import platform
from needfix.intake.known_names import LANGUAGES
from needfix.model.product import ProductDefinition

_MAKERS = ("microsoft", "ms", "r", "tm", "version", "v")
_IN_MANY_NAMES = ("server", "edition", "for", "the", "and", "system", "systems", "service", "services")
_DIGITS_OF_A_PACK = 2


class NamedProduct(NamedTuple):
    """The product that a name means, and the level and edition in the name."""

    product: ProductDefinition
    level: str | None = None
    edition: str | None = None


def named_product(products: Iterable[ProductDefinition], name: str) -> NamedProduct | None:
    """The product that has the name, else the first that has a name within it."""
    every = list(products)
    said = _words(name)
    for product in every:
        if said in _names(product):
            return _exactly(product, said)
    others = [product for product in every if not _is_other(product, said)]
    for product in others:
        for own in _own_names(every, product):
            found = _with_more_words(product, own, said)
            if found is not None:
                return found
    for product in others:
        for pattern in _patterns(product.aliases):
            for behind in _stood_for(pattern, said):
                found = _of_stood_for(product, behind)
                if found is not None:
                    return found
    unknown = {
        product.product: found
        for product in reversed(others)
        for own in reversed(_own_names(every, product))
        if (found := _with_more_words(product, own, said, is_defined=False)) is not None
    }
    return next(iter(unknown.values())) if len(unknown) == 1 else None


def resembled(products: Iterable[ProductDefinition], name: str) -> set[str]:
    """The products that a name may mean which is the name of none."""
    every = list(products)
    said = _words(name)
    distinctive = _distinctive(said)
    letters = _letters(name)
    return {
        product.product
        for product in every
        for own in _own_names(every, product)
        if not _is_other(product, said)
        if _is_run_together(own, letters)
        or _all_among([word for word in own if word not in _IN_MANY_NAMES], said)
        or _all_among(distinctive, [*own, *_versions(product)])
    }


def _letters(name: str) -> str:
    """A name as letters and digits that follow each other, without its maker."""
    text = "".join(filter(str.isalnum, name.casefold()))
    maker = next((one for one in ("microsoft", "ms") if text.startswith(one)), "")
    return text.removeprefix(maker)


def _is_run_together(own: list[str], letters: str) -> bool:
    """Whether letters are a name of a product, and behind it nothing but a level."""
    known = _letters("".join(word for word in own if word not in _IN_MANY_NAMES))
    if not known or not letters.startswith(known):
        return False
    behind = letters.removeprefix(known).removeprefix("server")
    shape = r"(v(ersion)?)?\d*(r\d)?((sp|cu)\d+[a-z]?)?"
    return re.fullmatch(shape, behind, re.ASCII) is not None


def _names(product: ProductDefinition) -> list[list[str]]:
    whole = [name for name in product.aliases if "*" not in name]
    return [_words(name) for name in (product.product, product.name, *whole)]


def _patterns(names: Iterable[str]) -> list[list[str]]:
    """Names in which * stands for words, word by word."""
    return [
        [word for part in name.split("*") for word in ["*", *_words(part)]][1:]
        for name in names
        if "*" in name
    ]


def _stood_for(pattern: list[str], said: list[str]) -> list[list[str]]:
    """The words that * can stand for in a name, where the others are those of a pattern."""
    if not pattern:
        return [] if said else [[]]
    if pattern[0] != "*":
        return _stood_for(pattern[1:], said[1:]) if said[:1] == pattern[:1] else []
    return [
        said[:count] + rest
        for count in range(len(said) + 1)
        for rest in _stood_for(pattern[1:], said[count:])
    ]


def _of_stood_for(product: ProductDefinition, behind: list[str]) -> NamedProduct | None:
    """What * stands for, where all of it reads as level, edition, platform or language."""
    for known in (*product.editions, None):
        bare = [word for word in _words(known or "") if word != "edition"]
        without = [*_less(behind, [*bare, "edition"], 0), *_less(behind, bare, 0)] if known else [behind]
        for words in without:
            for level in _without_platform_and_language(words):
                if not level or level_stated(product, " ".join(level)) is not None:
                    return NamedProduct(product, " ".join(level) or None, known)
    return None


def _without_platform_and_language(words: list[str]) -> list[list[str]]:
    return [
        left
        for own in _with_and_without(words, _is_platform)
        for left in _with_and_without(own, _is_language)
    ]


def _is_platform(text: str) -> bool:
    """Whether words are a platform; a number by itself is of a level."""
    return not text.replace(" ", "").isdigit() and platform(text) is not None


def _is_language(text: str) -> bool:
    """Whether words are a language by its name; a code may be anything, such as SE."""
    return text in _language_names()


@cache
def _language_names() -> frozenset[str]:
    return frozenset(" ".join(_words(name)) for name in LANGUAGES)


def _with_and_without(words: list[str], is_meant: Callable[[str], object]) -> list[list[str]]:
    """The words, and without a few that follow each other and mean something together."""
    runs = [(start, start + size) for size in (1, 2, 3) for start in range(len(words) - size + 1)]
    return [
        words,
        *(words[:start] + words[end:] for start, end in runs if is_meant(" ".join(words[start:end]))),
    ]


def _is_other(product: ProductDefinition, said: list[str]) -> bool:
    """Whether a name is one of those that look like the product's and are not."""
    return any(_fits(" ".join(said), name) for name in product.other_names)


def _fits(said: str, name: str) -> bool:
    parts = [" ".join(_words(part)) for part in name.split("*")]
    patterns = ["*".join(parts), " * ".join(parts).strip(), " ".join(filter(None, parts))]
    return any(fnmatchcase(said, pattern) for pattern in (patterns if "*" in name else patterns[-1:]))


def _own_names(products: list[ProductDefinition], product: ProductDefinition) -> list[list[str]]:
    """The names of a product that no product before it has."""
    before = [name for other in products[: products.index(product)] for name in _names(other)]
    return [name for name in _names(product) if name not in before]


def _words(name: str) -> list[str]:
    text = "".join(sign if sign.isalnum() or sign == "." else " " for sign in name.casefold())
    while ".." in text:
        text = text.replace("..", " ")
    words = [word.strip(".") for word in text.split()]
    return [word for word in words if word and word not in _MAKERS]


def _exactly(product: ProductDefinition, said: list[str]) -> NamedProduct:
    """A name to the letter; a number in it states a level where it is one of the product's versions."""
    levels = [word for word in _of_levels(said) if _is_version(product, word)]
    return NamedProduct(product, " ".join(levels) or None)


def _with_more_words(
    product: ProductDefinition, own: list[str], said: list[str], *, is_defined: bool = True
) -> NamedProduct | None:
    """What a longer name says beyond one of the product's own names; None where it is another name.

    Its version is one that is defined, or is not.
    """
    of_levels = _of_levels(said)
    fixed = [word for word in _of_levels(own) if not (is_defined and _is_version(product, word))]
    level = [word for word in of_levels if word not in fixed]
    numbers = [word for word in level if word[0].isdigit()]
    if not set(_of_levels(own)) <= set(of_levels):
        return None
    if is_defined and numbers and not (_is_version(product, numbers[0]) or _is_level(product, level)):
        return None
    said_level = None if is_defined else level_name(" ".join(level))
    if not is_defined and (said_level is None or said_level.version is None):
        return None
    rest, own_rest = _not_of_levels(said), _not_of_levels(own)
    if rest == own_rest:
        return NamedProduct(product, " ".join(level) or None)
    for known in product.editions:
        bare = [word for word in _words(known) if word != "edition"]
        if any(own_rest == shorter for shorter in [*_less(rest, [*bare, "edition"]), *_less(rest, bare)]):
            return NamedProduct(product, " ".join(level) or None, known)
    return None


def _less(words: list[str], some: list[str], least: int = 1) -> list[list[str]]:
    """The words without some that follow each other, after the first one or from `least` on."""
    places = [place for place in range(least, len(words)) if words[place : place + len(some)] == some]
    return [words[:place] + words[place + len(some) :] for place in places]


def _is_of_level(words: list[str], place: int) -> bool:
    """Whether a word belongs to a level: a number, `sp3`, `service pack`, `cumulative update 14`, `r2`."""
    word, before = words[place], words[place - 1] if place > 0 else ""
    behind = words[place + 1] if place + 1 < len(words) else ""
    if word[0].isdigit() or before in ("pack", "sp") or word in ("pack", "rtm", "gdr"):
        return True
    if re.fullmatch(r"(sp|cu|ru|ur|u)[0-9]+[a-z]?|r[0-9]", word, re.ASCII):
        return True
    if word == "service" and behind == "pack":
        return True
    others = list(words[place:])
    while others and others[0] in ("cumulative", "update", "rollup", "cu", "ru", "ur", "u"):
        others.pop(0)
    return len(others) < len(words) - place and bool(others) and others[0][0].isdigit()


def _of_levels(words: list[str]) -> list[str]:
    return [word for place, word in enumerate(words) if _is_of_level(words, place)]


def _not_of_levels(words: list[str]) -> list[str]:
    return [word for place, word in enumerate(words) if not _is_of_level(words, place)]


def _distinctive(said: list[str]) -> list[str]:
    """The words that distinguish one product from others: none in many names, no service pack."""
    rest = _not_of_levels(said)
    if all(word in _IN_MANY_NAMES for word in rest):
        return []
    is_year = [word.isdigit() and len(word) > _DIGITS_OF_A_PACK for word in said]
    return [
        word
        for word, year in zip(said, is_year, strict=True)
        if word not in _IN_MANY_NAMES and (word in rest or "." in word or year)
    ]


def _all_among(words: list[str], others: list[str]) -> bool:
    return bool(words) and all(word in others for word in words)


def _is_version(product: ProductDefinition, word: str) -> bool:
    """Whether a word says one of the product's versions."""
    name = level_name(word)
    if name is None or name.version is None:
        return False
    is_known = trimmed_name(name.version) in [numbers_of(entry.level) for entry in product.levels]
    return is_known or bool(versions_begun(product, name.version, name.label))


def _is_level(product: ProductDefinition, words: list[str]) -> bool:
    """Whether words say a level of one of the product's versions."""
    said = level_stated(product, " ".join(words))
    versions = [numbers_of(entry.level) for entry in product.levels]
    return said is not None and said.version is not None and trimmed_name(said.version) in versions


def _versions(product: ProductDefinition) -> list[str]:
    return [".".join(map(str, name_of(entry.level.text).version or ())) for entry in product.levels]
