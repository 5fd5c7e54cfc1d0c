"""Documents that a line of hyphens divides in two, although they are one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from needfix.catalogue.nodes import Mapping
from needfix.errors import Position, Problem

_NAMES = frozenset({"needfix", "id", "product", "name"})
_BEGINNING = re.compile(r"---(?:\s|$)")


def whole_documents(documents: Sequence[Mapping], text: str, problems: list[Problem]) -> list[Mapping]:
    """The documents of a text; one that names neither itself nor the format belongs to the one before it.

    Such a part is one problem, and what else is wrong is reported of the two together.
    """
    found: list[Mapping] = []
    for node in documents:
        keys = {key.text for key, _ in node.entries}
        if not found or not keys or keys & _NAMES:
            found.append(node)
            continue
        what = "this line begins a new document, which has no 'needfix' and no id"
        hint = "remove the line if the keys after it belong to the document before it"
        expected = "a document that begins with needfix: 1"
        problems.append(Problem(_beginning(node.at, text), what, expected, hint))
        before = found[-1]
        found[-1] = before._replace(entries=(*before.entries, *node.entries))
    return found


def _beginning(at: Position, text: str) -> Position:
    """The line of hyphens above a document."""
    above = text.splitlines()[: at.line]
    numbers = (number for number in range(len(above), 0, -1) if _BEGINNING.match(above[number - 1]))
    return Position(at.file, next(numbers, at.line), 1)
