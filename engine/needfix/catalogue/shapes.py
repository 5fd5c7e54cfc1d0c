"""Shapes: what a YAML node must look like, defined once for reading and for JSON Schema.

Reading returns None for a wrong node and adds the reason to `problems`; it does not stop at the
first mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from needfix.catalogue.almost import without_quotes
from needfix.catalogue.hints import Accepts, describe, flow, hint_of_closest, wrong
from needfix.catalogue.nodes import Mapping, Node, Scalar, Sequence
from needfix.errors import Position, Problem

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
Schema = dict[str, object]

_WHOLE = re.compile("[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{0,18})?")


class Shape(Protocol[T_co]):
    """What a node must look like."""

    @property
    def what(self) -> str:
        """What is expected, as a noun with its article."""

    def read(self, node: Node, problems: list[Problem]) -> T_co | None:
        """The value of the node, or None and at least one problem."""

    def schema(self) -> Schema:
        """The same as JSON Schema 2020-12."""


@dataclass(slots=True)
class Located(Generic[T]):
    """A value and the place where it stands."""

    value: T
    at: Position


class TextShape(NamedTuple):
    """Text. A number, boolean or time that YAML read instead of text is an error with a hint.

    `accepts` says which texts a hint may suggest; left out, any.
    """

    what: str = "text"
    accepts: Accepts | None = None

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The text, without white space around it."""
        if isinstance(node, Scalar) and node.kind == "text" and node.text.strip():
            return Located(node.text.strip(), node.at)
        problems.append(wrong(node, self.what, accepts=self.accepts))
        return None

    def schema(self) -> Schema:
        """A string that is not empty."""
        return {"type": "string", "pattern": "\\S"}


class OneOf(NamedTuple):
    """One of some words; `called` describes them where they are too many to list."""

    values: tuple[str, ...]
    called: str = ""

    @property
    def what(self) -> str:
        """The words, listed."""
        return self.called or f"one of {', '.join(self.values)}"

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The word."""
        if isinstance(node, Scalar) and node.text in self.values:
            return Located(node.text, node.at)
        hint = self._hint(node) or ("" if self.called else "write one of them")
        problems.append(wrong(node, self.what, hint, "unknown-word"))
        return None

    def _hint(self, node: Node) -> str:
        word = node.items[0] if isinstance(node, Sequence) and len(node.items) == 1 else node
        if not isinstance(word, Scalar):
            return ""
        plain = without_quotes(word.text) or word.text
        if plain in self.values and (word is not node or plain != word.text):
            return f"write {plain}, without {'typographic quotes' if word is node else 'the list'}"
        return hint_of_closest(plain, self.values)

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.values)}


class TruthShape(NamedTuple):
    """True or false."""

    what: str = "true or false"

    def read(self, node: Node, problems: list[Problem]) -> Located[bool] | None:
        """The truth."""
        if isinstance(node, Scalar) and node.kind == "boolean":
            return Located(plain(node) is True, node.at)
        problems.append(wrong(node, self.what, "write true or false, without quotes"))
        return None

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


class NumberShape(NamedTuple):
    """A number; `whole` allows only integers, `least` is the minimum."""

    what: str = "a number"
    whole: bool = False
    least: int | None = None

    def read(self, node: Node, problems: list[Problem]) -> Located[float] | None:
        """The number."""
        if isinstance(node, Scalar) and node.kind == "number" and self._is_number(node.text):
            return Located(int(node.text) if self.whole else float(node.text), node.at)
        problems.append(wrong(node, self.what, self._hint(node)))
        return None

    def _hint(self, node: Node) -> str:
        if isinstance(node, Scalar) and self._is_number(node.text):
            return f"write {node.text}, without quotes"
        if self.least is not None:
            return f"write a {'whole ' * self.whole}number of at least {self.least}, without quotes"
        return "write digits, without quotes" if self.whole else "write a number, without quotes"

    def _is_number(self, text: str) -> bool:
        if not (_WHOLE if self.whole else _DECIMAL).fullmatch(text):
            return False
        return self.least is None or float(text) >= self.least

    def schema(self) -> Schema:
        """A number or an integer."""
        least: Schema = {} if self.least is None else {"minimum": self.least}
        return {"type": "integer" if self.whole else "number", **least}


class ListOf(NamedTuple, Generic[T]):
    """A list of things of one shape."""

    item: Shape[T]
    what: str = "a list"
    least: int = 0
    too_few: str = ""
    """The hint where there are items, and not enough of them."""

    def read(self, node: Node, problems: list[Problem]) -> Located[tuple[T, ...]] | None:
        """The valid items."""
        if not isinstance(node, Sequence):
            problems.append(wrong(node, self.what, self._hint(node)))
            return None
        if len(node.items) < self.least:
            found = "this list has too few items" if node.items else describe(node)
            hint = self.too_few if node.items else f"add {self.item.what}"
            problems.append(Problem(node.at, found, self.what, hint, "wrong-value"))
            return None
        read = [self.item.read(item, problems) for item in node.items]
        return Located(tuple(item for item in read if item is not None), node.at)

    def _hint(self, node: Node) -> str:
        match node:
            case Scalar(kind="null"):
                return ""
            case Scalar():
                return self._hint_for_one(node)
            case _:
                return "put it in brackets, or a hyphen and a space before it, to make it a list item"

    def _hint_for_one(self, node: Scalar) -> str:
        """A single value in brackets, if it is an item; otherwise what is wrong with it as an item."""
        found: list[Problem] = []
        self.item.read(Scalar(node.text, "text", node.at), found)
        in_list = f"write [{flow(node)}]"
        return f"put it in brackets, as a list; {found[0].hint}" if found and found[0].hint else in_list

    def schema(self) -> Schema:
        """An array."""
        least: Schema = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.item.schema(), **least}


class PlainShape(NamedTuple):
    """Any data; values keep their text as written, except booleans and null."""

    what: str = "any data"

    def read(self, node: Node, problems: list[Problem]) -> Located[object]:
        """The data as Python lists, dicts, texts, booleans and None."""
        del problems
        return Located(plain(node), node.at)

    def schema(self) -> Schema:
        """No constraint."""
        return {}


def plain(node: Node) -> object:
    """A node as Python data."""
    match node:
        case Scalar(kind="null"):
            return None
        case Scalar(kind="boolean"):
            return node.text.casefold() in ("true", "yes", "on", "y")
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries}
