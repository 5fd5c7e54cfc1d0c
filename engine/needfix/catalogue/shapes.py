"""Shapes: what a YAML node must look like, said once for reading it and for its JSON Schema.

Reading returns None where the node is wrong, and says why in `problems`; it never stops at the
first mistake.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, Protocol, TypeVar

from needfix.catalogue.nodes import Mapping, Node, Scalar, Sequence
from needfix.errors import Position, Problem

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
Schema = dict[str, object]


class Shape(Protocol[T_co]):
    """What a node must look like."""

    @property
    def what(self) -> str:
        """What is expected, as a noun with its article."""

    def read(self, node: Node, problems: list[Problem]) -> T_co | None:
        """The value of the node, or None and at least one problem."""

    def schema(self) -> Schema:
        """The same as JSON Schema 2020-12."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and the place where it stands."""

    value: T
    at: Position


def describe(node: Node) -> str:
    """What a node is, for people: `the number 5.5`, `a list`."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(kind="null"):
            return "empty"
        case Scalar(kind="text"):
            return f"the text {node.text!r}"
        case _:
            return f"the {node.kind} {node.text}"


def wrong(node: Node, what: str, mend: str = "") -> Problem:
    """A problem of a node that is not what it should be."""
    return Problem(node.at, f"this is {describe(node)}", what, mend or _obvious_mend(node, what))


def _obvious_mend(node: Node, what: str) -> str:
    if isinstance(node, Scalar) and node.kind not in ("text", "null"):
        return f'write "{node.text}", in quotes'
    if isinstance(node, Scalar) and what.startswith("a list") and node.kind != "null":
        return f"write [{node.text}]"
    return f"write {what}"


def did_you_mean(word: str, known: AnyMapping[str, object] | tuple[str, ...]) -> str:
    """A mend that names the closest known word, or "" where none is close."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[close[0]]!r}?" if close else ""


@dataclass(frozen=True, slots=True)
class Text:
    """Text. A number, boolean or time that YAML read instead of text is an error with its mend."""

    what: str = "text"

    def read(self, node: Node, problems: list[Problem]) -> Found[str] | None:
        """The text, without blanks around it."""
        if isinstance(node, Scalar) and node.kind == "text" and node.text.strip():
            return Found(node.text.strip(), node.at)
        problems.append(wrong(node, self.what))
        return None

    def schema(self) -> Schema:
        """A string that is not empty."""
        return {"type": "string", "pattern": "\\S"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    values: tuple[str, ...]

    @property
    def what(self) -> str:
        """The words, listed."""
        return f"one of {', '.join(self.values)}"

    def read(self, node: Node, problems: list[Problem]) -> Found[str] | None:
        """The word."""
        if isinstance(node, Scalar) and node.text in self.values:
            return Found(node.text, node.at)
        close = did_you_mean(node.text, self.values) if isinstance(node, Scalar) else ""
        problems.append(wrong(node, self.what, close or "write one of them"))
        return None

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `whole` for integers only."""

    what: str = "a number"
    whole: bool = False

    def read(self, node: Node, problems: list[Problem]) -> Found[float] | None:
        """The number."""
        try:
            if isinstance(node, Scalar) and node.kind == "number":
                return Found(int(node.text) if self.whole else float(node.text), node.at)
        except ValueError:
            pass
        problems.append(wrong(node, self.what, f"write {self.what}, without quotes"))
        return None

    def schema(self) -> Schema:
        """A number or an integer."""
        return {"type": "integer" if self.whole else "number"}


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list of things of one shape."""

    item: Shape[T]
    what: str = "a list"
    least: int = 0

    def read(self, node: Node, problems: list[Problem]) -> Found[tuple[T, ...]] | None:
        """The items that are right."""
        if not isinstance(node, Sequence):
            problems.append(wrong(node, self.what))
            return None
        if len(node.items) < self.least:
            problems.append(Problem(node.at, "the list is empty", self.what, f"list {self.item.what}"))
            return None
        read = [self.item.read(item, problems) for item in node.items]
        return Found(tuple(item for item in read if item is not None), node.at)

    def schema(self) -> Schema:
        """An array."""
        least: Schema = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.item.schema(), **least}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a record: the shape behind it, and what it means."""

    shape: Shape[object]
    meaning: str
    required: bool = False


class Fields(dict[str, Any]):
    """What was read of a record, by key, and its place. Keys that are wrong or left out are missing.

    The shape of the record says what is behind each key, so the values are Any here.
    """

    def __init__(self, at: Position) -> None:
        super().__init__()
        self.at = at

    def value(self, key: str, default: Any = None) -> Any:
        """The bare value of a key."""
        return self[key].value if key in self else default

    def listed(self, key: str) -> Any:
        """The items of a key that holds a list; none where it is missing."""
        return self.value(key, ())


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    what: str
    fields: AnyMapping[str, Field]

    def read(self, node: Node, problems: list[Problem]) -> Fields | None:
        """The fields that are right; a key that is missing is a problem, and missing in the answer."""
        if not isinstance(node, Mapping):
            problems.append(wrong(node, self.what, self._mend(node)))
            return None
        values = Fields(node.at)
        for key, value in node.entries:
            field = self.fields.get(key.text)
            if field is None:
                problems.append(self._unknown(key))
            elif (read := field.shape.read(value, problems)) is not None:
                values[key.text] = read
        problems.extend(self._missing(node))
        return values

    def _missing(self, node: Mapping) -> list[Problem]:
        given = {key.text for key, _ in node.entries}
        return [
            Problem(node.at, f"the key {key!r} is missing", f"{key}: {field.meaning}", f"add the key {key!r}")
            for key, field in self.fields.items()
            if field.required and key not in given
        ]

    def _mend(self, node: Node) -> str:
        if isinstance(node, Scalar) and node.kind != "null" and self.fields:
            return f'write {{{next(iter(self.fields))}: "{node.text}"}}'
        return ""

    def _unknown(self, key: Scalar) -> Problem:
        known = ", ".join(self.fields)
        mend = did_you_mean(key.text, self.fields) or "remove it"
        return Problem(key.at, f"unknown key {key.text!r}", f"one of {known}", mend)

    def schema(self) -> Schema:
        """A closed object."""
        required = [key for key, field in self.fields.items() if field.required]
        properties = {
            key: {"description": field.meaning, **field.shape.schema()} for key, field in self.fields.items()
        }
        closed: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        return {**closed, "required": required} if required else closed


@dataclass(frozen=True, slots=True)
class MapOf(Generic[T]):
    """A mapping from names of the author's choice to things of one shape."""

    value: Shape[T]
    what: str
    least: int = 0

    def read(self, node: Node, problems: list[Problem]) -> Found[dict[str, Found[T]]] | None:
        """The values by name. Names compare without case."""
        if not isinstance(node, Mapping):
            problems.append(wrong(node, self.what))
            return None
        if len(node.entries) < self.least:
            problems.append(Problem(node.at, "the mapping is empty", self.what, f"add {self.value.what}"))
            return None
        names: dict[str, Scalar] = {}
        values: dict[str, Found[T]] = {}
        for key, entry in node.entries:
            first = names.setdefault(key.text.casefold(), key)
            if first is not key:
                problems.append(_same_name(key, first))
            elif (read := self.value.read(entry, problems)) is not None:
                values[key.text] = Found(read, key.at)
        return Found(values, node.at)

    def schema(self) -> Schema:
        """An open object."""
        least: Schema = {"minProperties": self.least} if self.least else {}
        return {"type": "object", "additionalProperties": self.value.schema(), **least}


def _same_name(key: Scalar, first: Scalar) -> Problem:
    what = f"{key.text!r} is the same name as {first.text!r} in line {first.at.line}"
    return Problem(key.at, what, "every name once, without regard to case", "remove one of the two")


@dataclass(frozen=True, slots=True)
class Either(Generic[T]):
    """One of several shapes, told apart by the kind of node, and mappings by their keys.

    A mapping goes to the first shape of `mappings` that knows one of its keys, else to the last.
    """

    what: str
    scalar: Shape[T] | None = None
    sequence: Shape[T] | None = None
    mappings: tuple[Shape[T], ...] = ()

    def read(self, node: Node, problems: list[Problem]) -> T | None:
        """What the shape for this node reads."""
        shape = self._shape(node)
        if shape is None:
            problems.append(wrong(node, self.what))
            return None
        return shape.read(node, problems)

    def _shape(self, node: Node) -> Shape[T] | None:
        match node:
            case Scalar():
                return self.scalar
            case Sequence():
                return self.sequence
            case Mapping():
                keys = {key.text for key, _ in node.entries}
                fits = (shape for shape in self.mappings if keys & _keys(shape))
                return next(fits, self.mappings[-1] if self.mappings else None)

    def schema(self) -> Schema:
        """Any of the shapes."""
        shapes = [self.scalar, self.sequence, *self.mappings]
        return {"anyOf": [shape.schema() for shape in shapes if shape is not None]}


def _keys(shape: object) -> AbstractSet[str]:
    return shape.fields.keys() if isinstance(shape, Record) else frozenset()


@dataclass(frozen=True, slots=True)
class Plain:
    """Any data at all; values keep their written text, except booleans and nothing."""

    what: str = "any data"

    def read(self, node: Node, problems: list[Problem]) -> Found[object]:
        """The data as Python lists, dicts, texts, booleans and None."""
        del problems
        return Found(plain(node), node.at)

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
