"""Columns of tables under the names that other programs and people have for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from needfix.errors import Position, Problem, UsageError
from needfix.intake.columns import ALIASES, COLUMNS
from needfix.intake.kinds import quoted
from needfix.intake.near import did_you_mean, nearest, suggestion
from needfix.intake.notes import Occurrence
from needfix.intake.other_names import NAMES_OF_COLUMNS, folded
from needfix.intake.record import pointer_to
from needfix.model.note import COLUMN_DOUBLED, READ_AS
from needfix.model.whole_lists import ProductRows


class OtherName(NamedTuple):
    """The column that a name means, and its place among the names of that column."""

    column: str
    rank: int


OTHER_COLUMNS: Mapping[str, OtherName] = MappingProxyType(
    {
        **{own: OtherName(column, 0) for column in COLUMNS if (own := folded(column)) not in ALIASES},
        **{
            name: OtherName(column, rank)
            for column, names in NAMES_OF_COLUMNS.items()
            for rank, name in enumerate(names, start=1)
        },
    }
)
"""By its folded name; needfix's own names of several words, such as `Registry Path`, have rank 0."""


def other_name(name: str) -> OtherName | None:
    """The column that a name means which is none of needfix's own; views of a database end theirs with 0."""
    own = folded(name)
    return OTHER_COLUMNS.get(own) or OTHER_COLUMNS.get(own.removesuffix("0"))


def is_known(name: str) -> bool:
    """Whether a name is that of a column, or another name for one."""
    return name.strip().casefold() in ALIASES or other_name(name) is not None


def column_meant(name: str) -> str:
    """The column that a name means; empty where it means none."""
    other = other_name(name)
    return ALIASES.get(name.strip().casefold()) or (other.column if other else "")


def columns_meant(stated: Mapping[str, str]) -> dict[str, str]:
    """The columns that names mean by what the user states, by the folded names.

    Raises UsageError where a name is none, or there is no such column.
    """
    found: dict[str, str] = {}
    for name, column in stated.items():
        meant = ALIASES.get(column.strip().casefold())
        if not folded(name):
            raise UsageError(f"{name!r} is not the name of a column\n    hint: write it as the table has it")
        if meant is None:
            hint = did_you_mean(suggestion(column, COLUMNS)) or f"write one of {', '.join(COLUMNS)}"
            raise UsageError(f"{column!r} is not a column of needfix\n    hint: {hint}")
        found[folded(name)] = meant
    return found


def is_of_system(name: str) -> bool:
    """Whether a column has the name of the operating system."""
    return folded(name).removesuffix("0") in _OF_SYSTEMS


_OF_SYSTEMS = ("osname", "operatingsystem")


class ReadColumns(NamedTuple):
    """The columns of a table: by column the place, and what was understood otherwise than it is written.

    `understood` are pairs of a name and its column, `doubled` pairs of a name that is not read and the one
    that is, for the same fact; `unknown` are names of no column.
    """

    places: dict[str, int]
    understood: tuple[tuple[str, str], ...]
    doubled: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def occurrences(self) -> Iterator[Occurrence]:
        """What is to be noted: how names are understood, and what is not read."""
        yield from (Occurrence(READ_AS, f"{name} = {column}") for name, column in self.understood)
        yield from (Occurrence(COLUMN_DOUBLED, f"{name}, as {read}") for name, read in self.doubled)
        yield from (Occurrence("unknown-column", name.strip()) for name in self.unknown)

    @property
    def products(self) -> ProductRows:
        """What the products are: those in a column of another program are not all of a server."""
        name = next((name for name, column in self.understood if column == "product"), None)
        return "own" if name is None else "some" if is_of_system(name) else "list"


def read_columns(names: Sequence[str], at: Position, stated: Mapping[str, str]) -> ReadColumns:
    """The columns that names mean; `stated` are those that the user states for names, folded.

    Two columns with names of needfix's own for one fact are a problem, and so is a name that is nearly one.
    """
    places: dict[str, int] = {}
    ranks: dict[str, int] = {}
    understood: dict[str, str] = {}
    doubled: list[tuple[str, str]] = []
    unknown: list[str] = []
    problems: list[Problem] = []
    for place, name in enumerate(names):
        found = _meant(name, stated)
        if found is None:
            unknown += _unknown(name, at, problems)
            continue
        column, rank = found
        first = places.get(column)
        if first is None or rank < ranks[column]:
            if first is not None:
                doubled.append((names[first], name))
                understood.pop(names[first], None)
            places[column], ranks[column] = place, rank
            if rank:
                understood[name] = column
        elif rank == 0:
            what = f"two columns are {column}: {names[first]} and {name}"
            hint = "remove or rename one of them"
            problems.append(Problem(at, what, "one column", hint, "duplicate-key", pointer=f"/{column}"))
        else:
            doubled.append((name, names[first]))
    if is_program_list(places, understood.values()):
        places["build"] = places.pop("version")
        understood[names[places["build"]]] = "build"
    return ReadColumns(places, tuple(understood.items()), tuple(doubled), tuple(unknown), tuple(problems))


def is_program_list(columns: Collection[str], understood: Iterable[str]) -> bool:
    """Whether the versions in a table are those of another program's products: it has no files."""
    has = set(columns)
    return "product" in understood and "version" in has and has.isdisjoint(("file", "path", "build"))


def _meant(name: str, stated: Mapping[str, str]) -> OtherName | None:
    """The column of a name: as the user states it, as needfix calls it (rank 0), or as others do."""
    if column := stated.get(folded(name)):
        return OtherName(column, 0)
    if column := ALIASES.get(name.strip().casefold()):
        return OtherName(column, 0)
    return other_name(name)


def _unknown(name: str, at: Position, problems: list[Problem]) -> Iterable[str]:
    """The name if it is that of no column; a problem where it is nearly one."""
    if not name.strip():
        return ()
    near = nearest(name, COLUMNS)
    if near is None:
        return (name,)
    what = f"{quoted(name)} is not a known column"
    pointer = pointer_to("", name)
    problems.append(Problem(at, what, "", did_you_mean(near), "unknown-key", pointer=pointer))
    return ()
