"""Key files in product definitions: by name, or with the levels that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from needfix.catalogue.records import Either, Field, Fields, Record
from needfix.catalogue.shapes import ListOf, Located, Shape, TextShape
from needfix.catalogue.values import LevelShape, WrittenLevel
from needfix.errors import Problem
from needfix.model.product import LevelDefinition
from needfix.model.value import ReadOnlyDict
from needfix.versions import Level

_NAME = TextShape("a file name")
_LEVEL = LevelShape('a level of the definition such as "5.5 SP3"')
_FILE = Record(
    'a file such as {name: Store.exe, to: "5.5 SP4"}',
    {
        "name": Field(_NAME, "the name of the file", required=True),
        "from": Field(_LEVEL, "the first level that has it; left out: the first of all"),
        "to": Field(_LEVEL, "the last level that has it; left out: the last of all"),
    },
    called={"file": "name"},
)
_KEY_FILE: Shape[object] = Either(_NAME.what, scalar=_NAME, mappings=(_FILE,))
KEY_FILES = ListOf(_KEY_FILE, "a list of file names")


class KeyFiles(NamedTuple):
    """The names of key files, and the levels of those that not every level has, by their names casefolded."""

    names: tuple[str, ...]
    levels: Mapping[str, frozenset[Level]]


def read_key_files(
    listed: Sequence[Fields | Located[str]], levels: Sequence[LevelDefinition], problems: list[Problem]
) -> KeyFiles:
    """The key files that a definition lists, with those that only its levels name, each once."""
    names: dict[str, str] = {}
    limited: dict[str, frozenset[Level]] = {}
    for one in listed:
        name: str | None = one.value if isinstance(one, Located) else one.value("name")
        if name is None:
            continue
        names.setdefault(name.casefold(), name)
        if not isinstance(one, Located) and ("from" in one or "to" in one):
            limited[name.casefold()] = _between(one, [entry.level for entry in levels], problems)
    for entry in levels:
        for name in entry.files:
            names.setdefault(name.casefold(), name)
    return KeyFiles(tuple(names.values()), ReadOnlyDict(limited))


def _between(one: Fields, levels: Sequence[Level], problems: list[Problem]) -> frozenset[Level]:
    """The levels from one to another, in the order of the definition."""
    first, last = (_place(one.get(key), levels, problems) for key in ("from", "to"))
    if first is not None and last is not None and first > last:
        what = f"{levels[first]} comes after {levels[last]}"
        expected = "the earlier level as 'from', and the later one as 'to'"
        problems.append(Problem(one["from"].at, what, expected, "exchange the two"))
    return frozenset(levels[first or 0 : None if last is None else last + 1])


def _place(
    written: Located[WrittenLevel] | None, levels: Sequence[Level], problems: list[Problem]
) -> int | None:
    """The place of a level among those of the definition; None where none is written, or it is not there."""
    if written is None:
        return None
    level = written.value.parsed.level()
    names = [known.name for known in levels]
    if level is not None and level.name in names:
        return names.index(level.name)
    what = f"the definition has no level {written.value.text}"
    hint = "write a level of the list 'levels', with its version"
    problems.append(Problem(written.at, what, "a level of the definition", hint))
    return None
