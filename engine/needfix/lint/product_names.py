"""Names of products that servers can take for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from needfix.catalogue import Catalogue
from needfix.errors import Position
from needfix.intake.near import nearest
from needfix.lint.check import Check, Detection
from needfix.model.product import ProductDefinition

_WORD = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*|\*")
_LONG = 5
_MAKERS = frozenset({"microsoft", "ms", "r", "tm"})
_VARIANTS = frozenset(
    {
        "all", "cal", "cluster", "core", "datacenter", "developer", "edition", "editions", "enterprise",
        "essentials", "evaluation", "express", "home", "professional", "pro", "release", "server",
        "standard", "ultimate", "version", "web", "workstation",
    }
)  # fmt: skip
"""Words, beside numbers, by which names of one product differ."""


class _Name(NamedTuple):
    """A name of a product, its words, and where it stands."""

    product: ProductDefinition
    text: str
    words: tuple[str, ...]
    at: Position


def _overlapping(catalogue: Catalogue) -> Iterator[Detection]:
    own = [name for product in catalogue.defined for name in _names(catalogue.products[product])]
    every = list(chain.from_iterable(map(_names, catalogue.products.values())))
    reported: set[tuple[str, str]] = set()
    for name in own:
        for other in every:
            pair = name.product.product, other.product.product
            if pair[0] != pair[1] and pair not in reported and (what := _relation(name, other)):
                reported |= {pair, pair[::-1]}
                yield Detection(name.product, name.at, f"the name {name.text!r} {what}", _hint(name, other))


def _names(product: ProductDefinition) -> Iterator[_Name]:
    nowhere = product.at or Position("<rules>", 1)
    yield _name(product, product.name, product.places.get(("name",), nowhere))
    for number, alias in enumerate(product.aliases):
        yield _name(product, alias, product.places.get(("aliases", number), nowhere))


def _name(product: ProductDefinition, text: str, at: Position) -> _Name:
    words = (word for word in _WORD.findall(text.casefold()) if word not in _MAKERS)
    return _Name(product, text, tuple(words), at)


def _relation(name: _Name, other: _Name) -> str:
    """How a name can be taken for another one; empty where it cannot."""
    if not name.words or not other.words or name.words == other.words:
        return ""
    owner = f"{other.text!r} of {other.product.product}"
    if _is_variant(other, name):
        return f"is that of another product, {owner}, with more words"
    if _is_variant(name, other):
        return f"is a part of {owner}"
    return f"resembles {owner}" if _is_alike(name.words, other.words) else ""


def _is_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names differ in one long word that is spelled nearly the same, or only in blanks."""
    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(differing) != 1 or min(map(len, differing[0])) < _LONG or any(map(_has_digit, differing[0])):
        return False
    return nearest(differing[0][0], [differing[0][1]]) is not None


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _is_variant(short: _Name, long: _Name) -> bool:
    """Whether a name is another one with a version or an edition behind it."""
    size = len(short.words)
    more = long.words[size:]
    if not more or long.words[:size] != short.words or "*" in long.words:
        return False
    is_named = any(_matches(pattern, long.words) for pattern in short.product.other_names)
    return not is_named and all(word in _VARIANTS or _has_digit(word) for word in more)


def _matches(pattern: str, words: tuple[str, ...]) -> bool:
    """Whether one of the names that look alike is meant; `*` stands for any words."""
    wanted = [word for word in _WORD.findall(pattern.casefold()) if word not in _MAKERS]
    parts = ("(?: [^ ]+)*" if word == "*" else f" {re.escape(word)}" for word in wanted)
    return re.fullmatch("".join(parts), "".join(f" {word}" for word in words)) is not None


def _hint(name: _Name, other: _Name) -> str:
    short, long = sorted((name, other), key=lambda one: len(one.words))
    if short.words == long.words[: len(short.words)]:
        return (
            f"define one product with levels for both, or add {long.text!r} "
            f"to 'other_names' of {short.product.product}"
        )
    return "correct the name, or remove it from one of the two"


OVERLAPPING = Check(
    "NF704",
    "warning",
    "the name of a product is part of another product's name, or resembles it",
    "servers often state only a part of a name, and it is then taken for the other product",
    _overlapping,
)
