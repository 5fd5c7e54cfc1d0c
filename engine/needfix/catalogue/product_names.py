"""Product names as people write them, matched to product definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from needfix.catalogue.level_finding import is_version_of, level_stated, versions_begun
from needfix.catalogue.name_words import (
    LANGUAGE_PHRASES,
    Words,
    any_words,
    edition_words,
    parted,
    platform_phrases,
    without_edition,
    words_of,
)
from needfix.model.product import ProductDefinition
from needfix.versions import read_level

_GENERIC = frozenset({"server", "edition", "for", "the", "and", "system", "systems", "service", "services"})


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """The product that a name means, with the level and edition that the name itself contains."""

    product: str
    level: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class _KnownName:
    """A name of a product; `numbers` are its words that state a level, such as the 2000 of Windows 2000."""

    product: ProductDefinition
    words: Words
    numbers: Words

    @classmethod
    def of(cls, product: ProductDefinition, words: Words) -> _KnownName:
        return cls(product, *parted(words))

    def level(self, stated: Words) -> Words | None:
        """The level words of a longer name that this one does not have; None where it is another name."""
        if any(number not in stated for number in self.numbers):
            return None
        own = [number for number in self.numbers if not _is_version(self.product, number)]
        level = tuple(word for word in stated if word not in own)
        return level if _is_level_of(self.product, level) else None

    def other_level(self, stated: Words) -> Words | None:
        """The level words of a longer name that state a version of no definition; None for another name."""
        if any(number not in stated for number in self.numbers):
            return None
        level = tuple(word for word in stated if word not in self.numbers)
        parsed = read_level(" ".join(level))
        return level if parsed is not None and parsed.version is not None else None


@dataclass(frozen=True, slots=True)
class _NamePattern:
    """An alias with a `*`, which stands for a level, an edition, a platform and a language, or for less."""

    product: ProductDefinition
    begin: Words
    end: Words

    @classmethod
    def of(cls, product: ProductDefinition, alias: str) -> _NamePattern:
        begin, _, end = alias.partition("*")
        return cls(product, words_of(begin), words_of(end.replace("*", " ")))

    def read(self, words: Words) -> NamedProduct | None:
        """What a name states; None where `*` would stand for anything else."""
        size = len(words) - len(self.end)
        if words[: len(self.begin)] != self.begin or size < len(self.begin) or words[size:] != self.end:
            return None
        return _read_beside(self.product, words[len(self.begin) : size])


def _read_beside(product: ProductDefinition, words: Words) -> NamedProduct | None:
    """Words beside a name that are a level, an edition, a platform and a language, each at most once."""
    left = words
    found: dict[str, str] = {}
    for key, phrases in (
        ("edition", [(own, edition_words(own)) for own in product.editions]),
        ("platform", platform_phrases(words)),
        ("language", LANGUAGE_PHRASES),
    ):
        place = _first_phrase(left, phrases)
        if place is not None:
            start, phrase, size = place
            found[key], left = phrase, left[:start] + left[start + size :]
    level = " ".join(left) or None
    if level is not None and level_stated(product, level) is None:
        return None
    return NamedProduct(product.product, level, found.get("edition"))


_Phrases = Iterable[tuple[str, Iterable[Words]]]


def _first_phrase(words: Words, phrases: _Phrases) -> tuple[int, str, int] | None:
    """The longest phrase in some words: where it begins, what it means and how many words it has."""
    found = [
        (len(phrase), -start, meaning)
        for meaning, ways in phrases
        for phrase in ways
        for start in range(len(words) - len(phrase) + 1)
        if phrase and words[start : start + len(phrase)] == phrase
    ]
    if not found:
        return None
    size, start, meaning = max(found)
    return -start, meaning, size


@dataclass(frozen=True, slots=True)
class ProductNames:
    """Finds the product that a name means."""

    _exact: dict[Words, _KnownName] = field(default_factory=dict)
    _by_first_word: dict[str, tuple[_KnownName, ...]] = field(default_factory=dict)
    _patterns: tuple[_NamePattern, ...] = ()
    _others: tuple[tuple[str, re.Pattern[str]], ...] = ()

    @classmethod
    def of(cls, products: Iterable[ProductDefinition]) -> ProductNames:
        """The names, aliases and ids of the products; if two share one, it means the first."""
        exact: dict[Words, _KnownName] = {}
        patterns: list[_NamePattern] = []
        others: list[tuple[str, re.Pattern[str]]] = []
        for product in products:
            patterns += (_NamePattern.of(product, alias) for alias in product.aliases if "*" in alias)
            others += ((product.product, any_words(name)) for name in product.other_names)
            for name in (product.product, product.name, *_plain(product.aliases)):
                words = words_of(name)
                exact.setdefault(words, _KnownName.of(product, words))
        by_first_word: dict[str, tuple[_KnownName, ...]] = {}
        for known in exact.values():
            first = known.words[0] if known.words else ""
            by_first_word[first] = (*by_first_word.get(first, ()), known)
        return cls(exact, by_first_word, tuple(patterns), tuple(others))

    def find(self, name: str) -> NamedProduct | None:
        """The product that a name means, or None where no definition has it.

        `Microsoft Exchange Server 5.5 SP4` names a product and its level, as `Windows 2000 Server
        SP2` does, and an edition may stand in the name, too.
        """
        words = words_of(name)
        known = self._exact.get(words)
        if known is not None:
            level = tuple(number for number in known.numbers if _is_version(known.product, number))
            return NamedProduct(known.product.product, " ".join(level) or None)
        others = self._in_other_names(words)
        return (
            self._with_hints(words, others)
            or self._by_pattern(words, others)
            or self._of_other_version(words, others)
        )

    def is_other(self, name: str) -> bool:
        """Whether a definition says that a name is that of another product."""
        return bool(self._in_other_names(words_of(name)))

    def _in_other_names(self, words: Words) -> frozenset[str]:
        """The products that surely are not meant."""
        text = "".join(f" {word}" for word in words)
        return frozenset(product for product, pattern in self._others if pattern.fullmatch(text))

    def _by_pattern(self, words: Words, others: frozenset[str]) -> NamedProduct | None:
        own = (pattern for pattern in self._patterns if pattern.product.product not in others)
        return next((found for pattern in own if (found := pattern.read(words)) is not None), None)

    def resembling(self, name: str) -> frozenset[str]:
        """Products that a name without a definition may mean.

        Either all significant words of the product are in the name, or all significant words of the name
        are in the product's, as in `Windows NT 4.0`, which may be a server or a workstation. So may a name
        whose words are written together or with dots, as in `ExchangeServer5.5`.
        """
        if self.is_other(name):
            return frozenset()
        words = set(words_of(name))
        rest, _ = parted(words_of(name))
        significant = _without_pack(words - _GENERIC, rest) if set(rest) - _GENERIC else set()
        together = _together(name)
        return frozenset(
            known.product.product
            for exact, known in self._exact.items()
            if _is_written_together(exact, together)
            or _stand_in(set(exact) - _GENERIC, words)
            or _stand_in(significant, {*exact, *map(str.casefold, known.product.versions)})
        )

    def _of_other_version(self, words: Words, others: frozenset[str]) -> NamedProduct | None:
        """The only product that has a name, followed by a version that its definition does not have."""
        rest, stated = parted(words)
        found: dict[str, NamedProduct] = {}
        for known in self._by_first_word.get(rest[0] if rest else "", ()):
            level, product = known.other_level(stated), known.product
            if level is None or product.product in others:
                continue
            for edition in (None, *product.editions):
                if known.words in without_edition(rest, edition):
                    found.setdefault(product.product, NamedProduct(product.product, " ".join(level), edition))
        return next(iter(found.values())) if len(found) == 1 else None

    def _with_hints(self, words: Words, others: frozenset[str]) -> NamedProduct | None:
        rest, stated = parted(words)
        for known in self._by_first_word.get(rest[0] if rest else "", ()):
            level = known.level(stated)
            if level is None or known.product.product in others:
                continue
            for edition in (None, *known.product.editions):
                if known.words in without_edition(rest, edition):
                    return NamedProduct(known.product.product, " ".join(level) or None, edition)
        return None


_NO_SIGN = re.compile(r"[\W_]+")
_MAKER = re.compile("(?:microsoft|ms)?")
_LEVEL = re.compile("(?:server)?(?:v|version)?[0-9]*(?:r[0-9])?(?:(?:sp|cu)[0-9]+[a-z]?)?")


def _together(name: str) -> str:
    """A name without blanks and signs, and without the maker's name."""
    plain = _NO_SIGN.sub("", name.casefold())
    return plain[_MAKER.match(plain).end() :]  # type: ignore[union-attr]  # it matches every text


def _is_written_together(exact: Words, together: str) -> bool:
    """Whether a name that is written together is a known one, with or without a level behind it."""
    own = _together("".join(word for word in exact if word not in _GENERIC))
    return bool(own) and together.startswith(own) and _LEVEL.fullmatch(together, len(own)) is not None


def _without_pack(words: set[str], rest: Words) -> set[str]:
    """Words without those of a service pack, which any product can have."""
    return {word for word in words if word in rest or "." in word or (word.isdigit() and len(word) > 2)}  # noqa: PLR2004  # a year, no pack


def shared_names(
    products: Iterable[ProductDefinition],
) -> Iterator[tuple[str, ProductDefinition, ProductDefinition]]:
    """Names that two products have, each with the product that has it first and the other."""
    owners: dict[Words, ProductDefinition] = {}
    for product in products:
        for name in (product.product, product.name, *_plain(product.aliases)):
            first = owners.setdefault(words_of(name), product)
            if first is not product:
                yield name, first, product


def _plain(aliases: Iterable[str]) -> Iterator[str]:
    return (alias for alias in aliases if "*" not in alias)


def _stand_in(words: set[str], others: set[str]) -> bool:
    return bool(words) and words <= others


def _is_level_of(product: ProductDefinition, level: Words) -> bool:
    """Whether numbers in a name are of one of the product's versions, not part of another name."""
    numbers = [word for word in level if word[0].isdigit()]
    if not numbers or _is_version(product, numbers[0]):
        return True
    read = level_stated(product, " ".join(level))
    return read is not None and read.version is not None and is_version_of(product, read.version)


def _is_version(product: ProductDefinition, word: str) -> bool:
    parsed = read_level(word)
    version = parsed.version if parsed else None
    if version is None:
        return False
    return is_version_of(product, version) or bool(versions_begun(product, version))
