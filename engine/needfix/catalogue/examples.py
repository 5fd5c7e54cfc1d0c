"""Examples in messages: those of the product at hand, where it is known, in place of those of the format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from packaging.version import Version

from needfix.catalogue.hints import flow, hint_of_closest
from needfix.catalogue.level_finding import levels_meant
from needfix.catalogue.nodes import Mapping as MappingNode
from needfix.catalogue.nodes import Node, Scalar, Sequence
from needfix.errors import NOWHERE, Problem
from needfix.model.product import ProductDefinition
from needfix.versions import parse_version, read_any_level

_NUMBERS_OF_FILE = 4
_FIRST_YEAR_OF_KB = 2003
"""Since then the ids of Microsoft's articles begin with KB."""

_LEVEL_WHAT = "a level such as "
_QUOTED = re.compile('write "(.+)", in quotes')


class Examples(NamedTuple):
    """The levels with their builds, and the id and the key file that a product has.

    Without a definition they are those of one that has mistakes.
    """

    levels: tuple[tuple[str, Version | None], ...]
    product: str = ""
    file: str | None = None
    definition: ProductDefinition | None = None

    @property
    def version(self) -> str | None:
        """The build of its last level that has one; for a rule a version above it."""
        built = [build for _, build in self.levels if build is not None]
        if not built:
            return None
        if self.definition is None:
            return str(built[-1])
        numbers = built[-1].release
        more = (*numbers, 1) if len(numbers) < _NUMBERS_OF_FILE else (*numbers[:-1], numbers[-1] + 1)
        return ".".join(map(str, more))


def examples_of(product: ProductDefinition) -> Examples:
    """The examples that a product definition has."""
    levels = tuple((entry.level.text, entry.build) for entry in product.levels)
    return Examples(levels, product.product, next(reversed(product.key_files), None), product)


def examples_in(node: Node) -> Examples | None:
    """The examples in a product definition that has mistakes; None where no level can be read."""
    if not isinstance(node, MappingNode):
        return None
    listed = node.get("levels")
    entries = listed.items if isinstance(listed, Sequence) else ()
    levels = tuple(
        (text, parse_version(_text(entry, "build")))
        for entry in entries
        if isinstance(entry, MappingNode) and _is_full_level(text := _text(entry, "level"))
    )
    return Examples(levels) if levels else None


def _text(node: MappingNode, key: str) -> str:
    found = node.get(key)
    return found.text.strip() if isinstance(found, Scalar) and found.kind == "text" else ""


def _is_full_level(text: str) -> bool:
    parsed = read_any_level(text) if text else None
    return parsed is not None and parsed.version is not None


def fitted(problem: Problem, own: Examples) -> Problem:
    """The problem with examples of the product, unless it has the levels of the format's own examples."""
    if "5.5 SP3" in {text for text, _ in own.levels}:
        return problem
    words = _words(own)
    is_of_format = problem.hint.startswith(("write it as ", "write {from: ", "add "))
    expected = _with(words, problem.expected)
    hint = _with(words, problem.hint) if is_of_format else problem.hint
    if problem.expected.startswith(_LEVEL_WHAT):
        hint = _hint_for_level(problem, own) or hint
    return problem._replace(expected=expected, hint=hint)


def _words(own: Examples) -> Mapping[str, str]:
    """The examples of the format, with those that stand for them."""
    levels = [_flow(text) for text, _ in own.levels]
    last = levels[-1]
    one, other = _range(own)
    words = {
        '"5.5 SP3", or SP3': last,
        '["5.5", SP3, SP4]': f"[{', '.join(levels[-3:])}]",
        '["5.5", SP3]': f"[{', '.join(levels[-2:])}]",
        '{from: "5.5", to: SP4}': f"{{from: {one}, to: {other}}}",
        '"5.5", 5.5 SP3, SP3, 2019 CU14 or SE RTM': last,
        "{level: 5.5 SP4,": f"{{level: {last},",
        "levels: [SP3]": f"levels: [{last}]",
        '"5.5 SP3"': last,
        '"5.5 SP1"': one,
    }
    if own.version is not None:
        words |= {f'"{text}"': f'"{own.version}"' for text in _VERSIONS}
    if own.file is not None:
        words["Store.exe"] = own.file
    if own.product:
        words["exchange-server"] = own.product
    if any(text[:4].isdecimal() and int(text[:4]) >= _FIRST_YEAR_OF_KB for text, _ in own.levels):
        words["Q279798"] = "KB5036386"
    return words


def _range(own: Examples) -> tuple[str, str]:
    """The last two levels of one version, or the last two."""
    pairs = list(pairwise(text for text, _ in own.levels))
    of_one_version = [pair for pair in pairs if pair[0].split()[0] == pair[1].split()[0]]
    last = own.levels[-1][0]
    one, other = (of_one_version or pairs or [(last, last)])[-1]
    return _flow(one), _flow(other)


_VERSIONS = ("5.5.2654.29", "5.5.2653.23", "15.2.1258.32", "5.5.2650", "5.5.2653", "5.5.2232")


def _with(words: Mapping[str, str], text: str) -> str:
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(pattern, lambda found: words[found[0]], text)


def _flow(text: str) -> str:
    return flow(Scalar(text, "text", NOWHERE))


def _hint_for_level(problem: Problem, own: Examples) -> str:
    """What to write for a number that is no level of the product."""
    quoted = _QUOTED.fullmatch(problem.hint)
    parsed = read_any_level(quoted[1]) if quoted else None
    if quoted is None or own.definition is None or parsed is None or levels_meant(own.definition, parsed):
        return ""
    texts = [text for text, _ in own.levels]
    begun = [text for text in texts if text.split()[0] == quoted[1]]
    if begun:
        return f"write a level in full, such as {_flow(begun[-1])}"
    return hint_of_closest(quoted[1], texts) or f"write {_flow(texts[-1])}"
