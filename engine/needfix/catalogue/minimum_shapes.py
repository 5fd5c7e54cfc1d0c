"""Shapes of minima: one version, a modified time, the version to be above, or a list of lines."""

from __future__ import annotations

from typing import NamedTuple

from needfix.catalogue.nodes import Node, Scalar, Sequence
from needfix.catalogue.records import Either, Field, Fields, Record
from needfix.catalogue.shapes import ListOf, Located, Schema, Shape
from needfix.catalogue.values import MomentShape, PathShape, VersionShape
from needfix.errors import Problem

Lines = Located[tuple[Fields, ...]]

_ABOVE = Field(
    VersionShape('the last version without the fix, such as "2.4"'),
    "the version that it must be above, where the fixed one is not named; counts only without a version",
)
_PATH = Field(
    PathShape("a folder or a pattern for the path"),
    "narrows the copies that count: folders in a row; * and ? stay within a name",
)
MINIMUM = Record(
    'a minimum such as {version: "5.5.2654.29"}',
    {
        "version": Field(VersionShape(is_minimum=True), "the version that the file must reach"),
        "above": _ABOVE,
        "modified": Field(
            MomentShape(), "the modified time that it must reach; counts only where there is not a version"
        ),
        "path": _PATH,
    },
    short_for=("version", "modified"),
    called={
        **dict.fromkeys(("at_least", "min", "minimum"), "version"),
        **dict.fromkeys(("date", "time"), "modified"),
        **dict.fromkeys(("dir", "folder"), "path"),
    },
)
_LINE_WHAT = 'a line such as {from: "6.0.6001.22000", version: "6.0.6001.22176"}'
_LINE_FIELDS = {
    "from": Field(
        VersionShape(), "the first version of the line; not in the first line, which is the lowest"
    ),
    "version": Field(
        VersionShape(is_minimum=True), "the version that a file of the line must reach", required=True
    ),
}


class LinesShape(NamedTuple):
    """A list of lines. Where one is no line at all, the order of the others shows nothing."""

    line: Record
    what: str = "a list of lines, the lowest first"

    def read(self, node: Node, problems: list[Problem]) -> Lines | None:
        """The fields of each line."""
        read = self._list.read(node, problems)
        is_whole = read is not None and isinstance(node, Sequence) and len(read.value) == len(node.items)
        return read if is_whole else None

    def schema(self) -> Schema:
        """An array."""
        return self._list.schema()

    @property
    def _list(self) -> ListOf[Fields]:
        return ListOf(self.line, self.what, least=1)


_FILE_LINES = LinesShape(
    Record(
        _LINE_WHAT,
        {
            **_LINE_FIELDS,
            "path": _PATH._replace(meaning=f"{_PATH.meaning}; in the first line, for all of them"),
        },
        short_for=("version",),
    )
)


class FileMinimumShape(NamedTuple):
    """The minimum of a file: a mapping, or a list of lines."""

    what: str = MINIMUM.what

    def read(self, node: Node, problems: list[Problem]) -> Fields | Lines | None:
        """The fields of the minimum, or those of each line."""
        is_list = isinstance(node, Sequence) and not (
            len(node.items) == 1 and isinstance(node.items[0], Scalar)
        )
        return _FILE_LINES.read(node, problems) if is_list else MINIMUM.read(node, problems)

    def schema(self) -> Schema:
        """Any of the two."""
        return {"anyOf": [MINIMUM.schema(), _FILE_LINES.schema()]}


FILE_MINIMUM = FileMinimumShape()
BUILD_MINIMUM: Shape[object] = Either(
    'a build such as "15.2.1258.32"',
    scalar=VersionShape('a build such as "15.2.1258.32"', is_minimum=True),
    sequence=LinesShape(Record(_LINE_WHAT, _LINE_FIELDS, short_for=("version",))),
    mappings=(
        Record(
            'a build such as {above: "2.4"}',
            {
                "version": Field(VersionShape(is_minimum=True), "the build that the product must reach"),
                "above": _ABOVE,
            },
            any_of=("version", "above"),
        ),
    ),
)
