"""Shapes of mappings: records with known keys, and names of the author's choice."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from needfix.catalogue.hints import as_example, describe, example, flow, wrong
from needfix.catalogue.nodes import Mapping, Node, Scalar, Sequence
from needfix.catalogue.shapes import Located, Schema, Shape
from needfix.errors import Position, Problem
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.record import pointer_to
from needfix.printable import in_quotes

T = TypeVar("T")


class Field(NamedTuple):
    """A key of a record: the shape behind it, and what it means."""

    shape: Shape[object]
    meaning: str
    required: bool = False


class Fields(dict[str, Any]):
    """The values of a record by key, and its place. Keys that are wrong or omitted are missing.

    `given` has all keys in the file, right or wrong. The shape of the record defines the type of each
    value, so the values are Any here.
    """

    def __init__(self, at: Position, given: AbstractSet[str] = frozenset()) -> None:
        super().__init__()
        self.at = at
        self.given = given

    def value(self, key: str, default: Any = None) -> Any:
        """The bare value of a key."""
        return self[key].value if key in self else default

    def listed(self, key: str) -> Any:
        """The items of a key that holds a list; none where it is missing."""
        return self.value(key, ())


class Record(NamedTuple):
    """A mapping with known keys. Hints take a bare value for one of the keys `short_for`.

    `called` are other words for keys, which are not known, with the key that each most likely means, or
    with the hint itself where it means none of this record.
    `any_of` are keys of which one at least is required; a message names the first.
    """

    what: str
    fields: AnyMapping[str, Field]
    short_for: tuple[str, ...] = ()
    called: AnyMapping[str, str] = MappingProxyType({})
    any_of: tuple[str, ...] = ()

    def read(self, node: Node, problems: list[Problem]) -> Fields | None:
        """The valid fields; a missing required key is a problem.

        A misspelled key counts as the one that was most likely meant, so that this is not reported as
        missing, too; what it holds is not read, since another one may have been meant.
        """
        if not isinstance(node, Mapping):
            problems.append(wrong(node, self.what, self._hint(node)))
            return None
        given = {key.text for key, _ in node.entries}
        values = Fields(node.at, given)
        for key, value in node.entries:
            if key.text not in self.fields:
                given.update(self._meant(key, given, problems))
            elif (read := self.fields[key.text].shape.read(value, problems)) is not None:
                values[key.text] = read
        if not node.cut:
            problems.extend(self._missing(node, given))
        return values

    def _missing(self, node: Mapping, given: AbstractSet[str]) -> list[Problem]:
        return [
            Problem(
                node.at,
                f"the key {key!r} is missing",
                field.meaning,
                self._hint_of_missing(key, field.shape.what),
                "missing-key",
                pointer=pointer_to("", key),
            )
            for key, field in self.fields.items()
            if key not in given
            and (field.required or (key in self.any_of[:1] and given.isdisjoint(self.any_of)))
        ]

    def _hint_of_missing(self, key: str, what: str) -> str:
        shown = example(what)
        instead = (f"{one}: {example(self.fields[one].shape.what)}" for one in self.any_of if one != key)
        others = "".join(f", or {one}" for one in instead) if key in self.any_of else ""
        return f"add {key}: {shown}{others}" if shown else f"add the key {key!r}{others}"

    def _hint(self, node: Node) -> str:
        match node:
            case Sequence(items=(Scalar() as value,)) | (Scalar() as value) if value.kind != "null":
                return self._in_full(value)
            case Sequence():
                return as_example(self.what)
            case _:
                return ""

    def _in_full(self, node: Scalar) -> str:
        text = Scalar(node.text, "text", node.at)
        for key in self.short_for:
            if self.fields[key].shape.read(text, []) is not None:
                return f'write {{{key}: "{node.text}"}}'
        return as_example(self.what)

    def _meant(self, key: Scalar, given: AbstractSet[str], problems: list[Problem]) -> list[str]:
        """The key that an unknown key most likely means, unless it is already there."""
        called = self.called.get(key.text.casefold())
        if called is not None and called not in self.fields:
            known = f"one of {', '.join(self.fields)}"
            problems.append(
                Problem(key.at, f"unknown key {in_quotes(key.text)}", known, called, "unknown-key")
            )
            return []
        left = [name for name in self.fields if name not in given]
        meant = called if called in left else None if called else suggestion(key.text, left)
        double = None if meant else called or suggestion(key.text, self.fields)
        hint = did_you_mean(meant, "remove it", quoted=True)
        if double:
            hint = f"remove it; the key {double!r} is already there"
        problems.append(
            Problem(
                key.at,
                f"unknown key {in_quotes(key.text)}",
                f"one of {', '.join(self.fields)}",
                hint,
                "unknown-key",
            )
        )
        return [meant] if meant else []

    def schema(self) -> Schema:
        """A closed object."""
        required = [key for key, field in self.fields.items() if field.required]
        properties = {
            key: {"description": field.meaning, **field.shape.schema()} for key, field in self.fields.items()
        }
        closed: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        choice: Schema = {"anyOf": [{"required": [key]} for key in self.any_of]} if self.any_of else {}
        return {**closed, **({"required": required} if required else {}), **choice}


class MapOf(NamedTuple, Generic[T]):
    """A mapping from names of the author's choice to things of one shape."""

    value: Shape[T]
    what: str
    least: int = 0

    def read(self, node: Node, problems: list[Problem]) -> Located[dict[str, Located[T]]] | None:
        """The values by name. Names compare without case."""
        if not isinstance(node, Mapping):
            problems.append(wrong(node, self.what, self._hint(node)))
            return None
        if len(node.entries) < self.least and not node.cut:
            problems.append(Problem(node.at, describe(node), self.what, as_example(self.what), "wrong-value"))
            return None
        return Located(self._values(node, problems), node.at)

    def _values(self, node: Mapping, problems: list[Problem]) -> dict[str, Located[T]]:
        names: dict[str, Scalar] = {}
        values: dict[str, Located[T]] = {}
        for key, entry in node.entries:
            first = names.setdefault(key.text.casefold(), key)
            if first is not key:
                problems.append(_same_name(key, first))
            elif (read := self.value.read(entry, problems)) is not None:
                values[key.text] = Located(read, key.at)
        return values

    def _hint(self, node: Node) -> str:
        if isinstance(node, Sequence) and all(isinstance(item, Mapping) for item in node.items):
            return "write the names as keys, without hyphens before them"
        if isinstance(node, Scalar) and node.kind == "null":
            return ""
        return as_example(self.what)

    def schema(self) -> Schema:
        """An open object."""
        least: Schema = {"minProperties": self.least} if self.least else {}
        return {"type": "object", "additionalProperties": self.value.schema(), **least}


def _same_name(key: Scalar, first: Scalar) -> Problem:
    what = f"{in_quotes(key.text)} is the same name as {in_quotes(first.text)} in line {first.at.line}"
    hint = "remove one of the two"
    return Problem(key.at, what, "each name once (case is ignored)", hint, "duplicate-key")


class Either(NamedTuple, Generic[T]):
    """One of several shapes, chosen by the kind of node, and for mappings by their keys.

    A mapping goes to the first shape of `mappings` that knows one of its keys, or one that is close. `hints`
    are for keys that none of them knows.
    """

    what: str
    scalar: Shape[T] | None = None
    sequence: Shape[T] | None = None
    mappings: tuple[Shape[T], ...] = ()
    hints: AnyMapping[str, str] = MappingProxyType({})

    def read(self, node: Node, problems: list[Problem]) -> T | None:
        """What the shape for this node reads."""
        shape = self._shape(node)
        if shape is None:
            problems.append(self._unknown(node) or wrong(node, self.what, self._hint(node)))
            return None
        return shape.read(node, problems)

    def _unknown(self, node: Node) -> Problem | None:
        """The problem of a mapping in which no key is one of those that the shapes know."""
        known = dict.fromkeys(key for shape in self.mappings for key in _keys(shape))
        if not isinstance(node, Mapping) or not node.entries or not known:
            return None
        key, _ = node.entries[0]
        shown = dict.fromkeys(example(shape.what) for shape in self.mappings if example(shape.what))
        what = f"unknown key {in_quotes(key.text)}"
        hint = self.hints.get(key.text.casefold()) or f"write {' or '.join(shown)}"
        return Problem(key.at, what, f"one of {', '.join(known)}", hint, "unknown-key")

    def _shape(self, node: Node) -> Shape[T] | None:
        match node:
            case Scalar():
                return self.scalar
            case Sequence():
                return self.sequence
            case Mapping():
                return self._mapping(node)

    def _mapping(self, node: Mapping) -> Shape[T] | None:
        if len(self.mappings) == 1:
            return self.mappings[0]
        keys = {key.text for key, _ in node.entries}
        for shape in self.mappings:
            if keys & _keys(shape):
                return shape
        close = (shape for shape in self.mappings if any(suggestion(key, _keys(shape)) for key in keys))
        return next(close, None)

    def _hint(self, node: Node) -> str:
        if not isinstance(node, Scalar) or self.sequence is None or node.kind == "null":
            return ""
        found: list[Problem] = []
        self.sequence.read(Sequence((Scalar(node.text, "text", node.at),), node.at), found)
        in_list = f"write [{flow(node)}]"
        return f"put it in brackets, as a list; {found[0].hint}" if found and found[0].hint else in_list

    def schema(self) -> Schema:
        """Any of the shapes."""
        shapes = [self.scalar, self.sequence, *self.mappings]
        return {"anyOf": [shape.schema() for shape in shapes if shape is not None]}


class Without(NamedTuple, Generic[T]):
    """A shape that no mapping with a key is, which belongs to another place; `hint` says to which."""

    shape: Shape[T]
    key: str
    hint: str

    @property
    def what(self) -> str:
        """What the shape is."""
        return self.shape.what

    def read(self, node: Node, problems: list[Problem]) -> T | None:
        """What the shape reads."""
        if isinstance(node, Mapping):
            for key, _ in node.entries:
                if key.text == self.key:
                    what = f"{self.key!r} has no place here"
                    problems.append(Problem(key.at, what, self.what, self.hint, "unknown-key"))
                    return None
        return self.shape.read(node, problems)

    def schema(self) -> Schema:
        """The schema of the shape."""
        return self.shape.schema()


def _keys(shape: object) -> AbstractSet[str]:
    return shape.fields.keys() if isinstance(shape, Record) else frozenset()
