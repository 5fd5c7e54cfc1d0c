"""Product names as people write them, matched to product definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from needfix.model.product import ProductDefinition
from needfix.versions import parse_version, read_level

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_MAKERS = frozenset({"microsoft", "ms", "r", "tm", "version", "v"})
_GENERIC = frozenset({"server", "edition", "for", "the", "and", "system", "systems", "service", "services"})

Words = tuple[str, ...]


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
        return cls(product, *_parted(words))

    def level(self, stated: Words) -> Words | None:
        """The level words of a longer name that this one does not have; None where it is another name."""
        if any(number not in stated for number in self.numbers):
            return None
        own = [number for number in self.numbers if not _is_version(self.product, number)]
        level = tuple(word for word in stated if word not in own)
        return level if _is_level_of(self.product, level) else None


@dataclass(frozen=True, slots=True)
class ProductNames:
    """Finds the product that a name means."""

    _exact: dict[Words, _KnownName] = field(default_factory=dict)
    _by_first_word: dict[str, tuple[_KnownName, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, products: Iterable[ProductDefinition]) -> ProductNames:
        """The names, aliases and ids of the products; if two share one, it means the first."""
        exact: dict[Words, _KnownName] = {}
        for product in products:
            for name in (product.product, product.name, *product.aliases):
                words = _words(name)
                exact.setdefault(words, _KnownName.of(product, words))
        by_first_word: dict[str, tuple[_KnownName, ...]] = {}
        for known in exact.values():
            first = known.words[0] if known.words else ""
            by_first_word[first] = (*by_first_word.get(first, ()), known)
        return cls(exact, by_first_word)

    def find(self, name: str) -> NamedProduct | None:
        """The product that a name means, or None where no definition has it.

        `Microsoft Exchange Server 5.5 SP4` names a product and its level, as `Windows 2000 Server
        SP2` does, and an edition may stand in the name, too.
        """
        words = _words(name)
        known = self._exact.get(words)
        if known is not None:
            level = tuple(number for number in known.numbers if _is_version(known.product, number))
            return NamedProduct(known.product.product, " ".join(level) or None)
        return self._with_hints(words)

    def resembling(self, name: str) -> frozenset[str]:
        """Products that a name without a definition may mean.

        Either all significant words of the product are in the name, or all significant words of the name
        are in the product's, as in `Windows NT 4.0`, which may be a server or a workstation.
        """
        words = set(_words(name))
        rest, _ = _parted(_words(name))
        significant = _without_pack(words - _GENERIC, rest) if set(rest) - _GENERIC else set()
        return frozenset(
            known.product.product
            for exact, known in self._exact.items()
            if _stand_in(set(exact) - _GENERIC, words)
            or _stand_in(significant, {*exact, *known.product.versions})
        )

    def _with_hints(self, words: Words) -> NamedProduct | None:
        rest, stated = _parted(words)
        for known in self._by_first_word.get(rest[0] if rest else "", ()):
            level = known.level(stated)
            if level is None:
                continue
            for edition in (None, *known.product.editions):
                if known.words in _without(rest, edition):
                    return NamedProduct(known.product.product, " ".join(level) or None, edition)
        return None


def _without_pack(words: set[str], rest: Words) -> set[str]:
    """Words without those of a service pack, which any product can have."""
    return {word for word in words if word in rest or "." in word or (word.isdigit() and len(word) > 2)}  # noqa: PLR2004  # a year, no pack


def shared_names(
    products: Iterable[ProductDefinition],
) -> Iterator[tuple[str, ProductDefinition, ProductDefinition]]:
    """Names that two products have, each with the product that has it first and the other."""
    owners: dict[Words, ProductDefinition] = {}
    for product in products:
        for name in (product.product, product.name, *product.aliases):
            first = owners.setdefault(_words(name), product)
            if first is not product:
                yield name, first, product


def _words(name: str) -> Words:
    return tuple(word for word in _WORD.findall(name.casefold()) if word not in _MAKERS)


def _states_level(words: Words, place: int) -> bool:
    word = words[place]
    before = words[place - 1] if place else ""
    return (
        word[0].isdigit()
        or re.fullmatch(r"sp[0-9]+[a-z]?", word) is not None
        or (word in ("service", "pack") and "pack" in words[place : place + 2])
        or before in ("pack", "sp")
    )


def _parted(words: Words) -> tuple[Words, Words]:
    """The words that do not state a level, and those that do."""
    states = [_states_level(words, place) for place in range(len(words))]
    rest = tuple(word for word, is_level in zip(words, states, strict=True) if not is_level)
    return rest, tuple(word for word, is_level in zip(words, states, strict=True) if is_level)


def _stand_in(words: set[str], others: set[str]) -> bool:
    return bool(words) and words <= others


def _is_level_of(product: ProductDefinition, level: Words) -> bool:
    """Whether numbers in a name are of one of the product's versions, not part of another name."""
    numbers = [word for word in level if word[0].isdigit()]
    return not numbers or _is_version(product, numbers[0])


def _is_version(product: ProductDefinition, word: str) -> bool:
    parsed = read_level(word)
    version = parsed.version if parsed else None
    return version is not None and parse_version(version) in map(parse_version, product.versions)


def _without(words: Words, edition: str | None) -> Iterator[Words]:
    """The words without an edition, wherever it stands, with or without the word `edition`."""
    if edition is None:
        yield words
        return
    bare = tuple(word for word in _words(edition) if word != "edition")
    for name in ((*bare, "edition"), bare):
        for start in range(1, len(words) - len(name) + 1):
            if words[start : start + len(name)] == name:
                yield words[:start] + words[start + len(name) :]
