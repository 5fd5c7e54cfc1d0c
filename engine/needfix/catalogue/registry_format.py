"""Values of the registry in rules: their shapes, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from needfix.catalogue.hints import wrong
from needfix.catalogue.nodes import Node, Scalar
from needfix.catalogue.records import Field, Fields, MapOf, Record
from needfix.catalogue.shapes import Located, Schema, TruthShape
from needfix.catalogue.values import VersionShape, WrittenVersion
from needfix.errors import Position, Problem
from needfix.intake.known_names import REGISTRY_ROOTS
from needfix.intake.registry_names import registry_key, registry_text, registry_view
from needfix.model.minimum import Minimum
from needfix.model.registry import REGISTRY_VIEWS, RegistryAsked, RegistryView
from needfix.printable import in_quotes


class ValueShape(NamedTuple):
    """The text of a value, or a whole number."""

    what: str = 'a value such as "1"'

    def read(self, node: Node, problems: list[Problem]) -> Located[str] | None:
        """The text."""
        if isinstance(node, Scalar) and node.text.strip() and self._is_exact(node):
            text = node.text.strip()
            if registry_text(text) is not None:
                return Located(text, node.at)
            what = f"{in_quotes(text)} says nothing, so that no value of a server is taken for it"
            hint = "write {present: true} where any value will do, {present: false} where there must be none"
            problems.append(Problem(node.at, what, self.what, hint, "wrong-value"))
            return None
        hint = f'write "{node.text}", in quotes' if isinstance(node, Scalar) and node.text.strip() else ""
        problems.append(wrong(node, self.what, hint))
        return None

    @staticmethod
    def _is_exact(node: Scalar) -> bool:
        """Whether YAML leaves the value as it is written."""
        return node.kind == "text" or (node.kind == "number" and node.text.isdecimal())

    def schema(self) -> Schema:
        """A string that is not empty, or an integer."""
        return {"anyOf": [{"type": "string", "pattern": "\\S"}, {"type": "integer", "minimum": 0}]}


class ViewShape(NamedTuple):
    """A view of the registry."""

    what: str = "32 or 64"

    def read(self, node: Node, problems: list[Problem]) -> Located[RegistryView] | None:
        """The view."""
        view = registry_view(node.text) if isinstance(node, Scalar) and node.text.strip() else None
        if view is None or not isinstance(node, Scalar) or node.text not in REGISTRY_VIEWS:
            problems.append(wrong(node, self.what, f"write {view}" if view else "write 32 or 64"))
            return None
        return Located(view, node.at)

    def schema(self) -> Schema:
        """One of two numbers."""
        return {"enum": [*map(int, REGISTRY_VIEWS), *REGISTRY_VIEWS]}


REGISTRY_VALUE = Record(
    'what a value must be, such as {equals: "1"}',
    {
        "equals": Field(ValueShape(), "the value, compared without case; a number in decimal"),
        "version": Field(VersionShape(is_minimum=True), "the version that the value must reach"),
        "present": Field(
            TruthShape("true or false, such as true"), "whether there must be a value at all, whatever it is"
        ),
        "view": Field(ViewShape(), "the only view that counts; left out: both"),
    },
    short_for=("equals",),
    any_of=("equals", "version", "present"),
    called={
        **dict.fromkeys(("value", "is", "data", "equal"), "equals"),
        **dict.fromkeys(("min", "minimum", "at_least"), "version"),
        **dict.fromkeys(("exists", "there"), "present"),
    },
)
REGISTRY = MapOf(REGISTRY_VALUE, r"""values such as {'HKLM\SOFTWARE\Vendor\Name': {equals: "1"}}""", least=1)


def registry_values(found: Mapping[str, Located[Fields]], problems: list[Problem]) -> tuple[Minimum, ...]:
    """What a rule asks of values of the registry, in its order."""
    read = [_value(text, entry, problems) for text, entry in found.items()]
    known = [(one, entry.at) for one, entry in zip(read, found.values(), strict=True) if one is not None]
    seen: dict[tuple[object, ...], Position] = {}
    for one, at in known:
        asked = one.registry
        key = (asked.key, asked.name, asked.view) if asked is not None else ()
        first = seen.setdefault(key, at)
        if first is not at:
            what = f"'{one.name}' is the same value as the one in line {first.line}"
            problems.append(Problem(at, what, "each value once", "remove one of the two", "duplicate-key"))
    return tuple(one for one, _ in known)


def _value(text: str, entry: Located[Fields], problems: list[Problem]) -> Minimum | None:
    fields = entry.value
    path, _, name = text.strip().replace("/", "\\").rpartition("\\")
    key = registry_key(path)
    if key is None or not name.strip():
        problems.append(_no_value(text, path, name, entry.at))
        return None
    conditions = [one for one in ("equals", "version", "present") if one in fields]
    if len(conditions) > 1:
        what = f"the value has both {conditions[0]!r} and {conditions[1]!r}"
        problems.append(Problem(fields[conditions[1]].at, what, "one of them", "remove one of the two"))
    if not conditions:
        return None
    written: WrittenVersion | None = fields.value("version")
    equals: str | None = fields.value("equals")
    present: bool | None = fields.value("present")
    view: RegistryView | None = key.view or fields.value("view")
    return Minimum(
        name=text.strip(),
        version=written.version if written is not None else None,
        text=written.text if written is not None else equals or ("present" if present else "absent"),
        registry=RegistryAsked(
            key.compared,
            name.strip().casefold(),
            view,
            None if equals is None else registry_text(equals),
            present,
        ),
    )


def _no_value(text: str, path: str, name: str, at: Position) -> Problem:
    """Why a text names no value: it has no known root, or no key between root and name."""
    expected = r"a root, a key and a name such as 'HKLM\SOFTWARE\Vendor\Name'"
    if registry_key(path) is not None:
        what = f"'{text.strip()}' is a key, and names no value in it"
        return Problem(at, what, expected, "add the name of the value behind the key", "wrong-value")
    if registry_key(text) is not None:
        what = f"'{text.strip()}' has no key between its root and the name of the value"
        return Problem(at, what, expected, "add the key that holds the value", "wrong-value")
    if registry_key(f"{name}\\x") is not None:
        what = f"'{text.strip()}' is a root, and names no value"
        return Problem(at, what, expected, "add the key and the name of the value", "wrong-value")
    root = (path or text).strip().split("\\")[0]
    what = f"'{root}' is no root of the registry"
    roots = ", ".join(REGISTRY_ROOTS)
    return Problem(at, what, f"one of {roots}", "write it in full, in single quotes", "wrong-value")
