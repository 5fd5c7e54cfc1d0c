"""Objects as other programs write them: names of properties in any case, values in their own forms."""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType
from typing import NamedTuple

from needfix.errors import Position
from needfix.intake.kinds import quoted
from needfix.intake.other_names import folded
from needfix.intake.other_values import as_whole
from needfix.intake.written_times import iso_time

TEXT = ""
"""The name under which an object has its own text, which no property has."""

Value = object
"""A text, a number, true or false, nothing, a list of values or an object of properties."""


class Written(NamedTuple):
    """An object that a program wrote: its properties by their folded names, and its place."""

    values: Mapping[str, Value]
    at: Position
    names: Mapping[str, str] = MappingProxyType({})
    """How the properties are written, by their folded names."""
    disputed: Mapping[str, str] = MappingProxyType({})
    """Of properties whose names fold alike and whose values differ: both, as text."""

    @classmethod
    def of(cls, values: Mapping[object, object], at: Position) -> Written:
        """An object with its properties under folded names.

        Of several that fold alike the first that states something counts.
        """
        names = _kept(*values) if are_short(values) else _by_folded_name(values)
        if len(names) == len(values):
            return cls(dict(zip(names, values.values(), strict=True)), at, names)
        found: dict[str, Value] = {}
        disputed: dict[str, str] = {}
        for name, value in values.items():
            own = folded(name)
            known = found.setdefault(own, value)
            if known in _NOTHING:
                found[own] = value
            elif value not in _NOTHING and value != known:
                disputed.setdefault(own, f"{names[own]} is {_shown(known)} and {_shown(value)}")
        return cls(found, at, names, disputed)

    def without_zeros(self) -> Written:
        """The same, where columns of views of a database are also there without the 0 behind their names."""
        if not any(name.endswith("0") for name in self.values):
            return self
        plain = {without_zero(name): value for name, value in dict(self.values).items()}
        return self._replace(values={**plain, **self.values})

    def traced(self) -> tuple[Written, set[str]]:
        """The same, with the names of the properties that are read from now on."""
        values = _Traced(self.values)
        return self._replace(values=values), values.read

    def value(self, *names: str) -> Value:
        """The value of the first of these properties that states one."""
        return next((value for name in names if (value := self.values.get(name)) not in _NOTHING), None)

    def text(self, *names: str) -> str | None:
        """The first of these properties that is a text or a number, as text without blanks around it."""
        for name in names:
            text = as_text(self.values.get(name))
            if text:
                return text
        return None

    def inner(self, name: str) -> Written | None:
        """A property that is an object itself."""
        value = self.values.get(name)
        return Written.of(value, self.at) if isinstance(value, Mapping) else None

    def entries(self, name: str) -> Iterator[Value]:
        """The elements of a property that is a list; the value itself where it is none."""
        value = unlisted(self.values.get(name))
        yield from value if isinstance(value, list) else () if value in _NOTHING else (value,)


_NOTHING: tuple[Value, ...] = (None, "")


def _shown(value: Value) -> str:
    return quoted(as_text(value) or str(value))


class _Traced(dict[str, Value]):
    """Properties that keep in mind which of them are read."""

    __slots__ = ("read",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Value = None) -> Value:
        self.read.add(name)
        return super().get(name, default)

    def items(self) -> ItemsView[str, Value]:  # type: ignore[override] # as read as all of them
        self.read.update(self)
        return super().items()


def _by_folded_name(names: Iterable[object]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(folded(name), str(name))
    return MappingProxyType(found)


@lru_cache(maxsize=1 << 10)
def _kept(*names: object) -> Mapping[str, str]:
    """The same for the properties of objects that are alike."""
    return _by_folded_name(names)


def are_short(names: Collection[object]) -> bool:
    """Whether the names of an object's properties are few and short, so that they may be kept in memory."""
    return len(names) <= _MOST_KEPT and all(type(name) is str and len(name) <= _MOST_KEPT for name in names)


_MOST_KEPT = 64


def without_zero(name: str) -> str:
    """The name of a column without the 0 that views of a database put behind it."""
    return name[:-1] if name.endswith("0") and name[:-1].isalpha() else name


def unlisted(value: Value) -> Value:
    """The list in what Windows PowerShell writes for a list that has properties: `{value, Count}`."""
    if isinstance(value, Mapping) and {folded(name) for name in value} == {"value", "count"}:
        return next(own for name, own in value.items() if folded(name) == "value")
    return value


def as_text(value: Value) -> str | None:
    """A value as text; None for what states nothing and for lists. Of an object its own text counts."""
    if type(value) is str:
        return value.strip() or None
    if isinstance(value, Mapping):
        value = value.get(TEXT)
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return None
    return str(value).strip() or None


def as_truth(value: Value) -> bool | None:
    """True or false, also as text; None for anything else."""
    if isinstance(value, bool):
        return value
    return _TRUTHS.get(value.strip().casefold()) if isinstance(value, str) else None


_TRUTHS = {"true": True, "false": False}


def as_version(value: Value) -> str | None:
    """A version, also one that is written as an object of its parts."""
    if isinstance(value, Mapping):
        parts = Written.of(value, _NOWHERE)
        return joined_version(parts.values.get(name) for name in _PARTS) or as_text(value)
    return as_text(value)


def joined_version(values: Iterable[Value]) -> str | None:
    """A version of its parts up to the first that is not stated, which .NET writes as -1; two at least."""
    numbers = list(takewhile(lambda number: number is not None, map(as_whole, values)))
    return ".".join(map(str, numbers)) if len(numbers) > 1 else None


_NOWHERE = Position("", 0)
_PARTS = ("major", "minor", "build", "revision")


def as_time(value: Value) -> str | None:
    """A time in ISO 8601 from the forms of JSON in Windows PowerShell and of WMI; others as they are."""
    if isinstance(value, Mapping):
        own = Written.of(value, _NOWHERE)
        return as_time(own.value("value", "datetime", TEXT))
    text = as_text(value)
    if text is None:
        return None
    return iso_time(text)
