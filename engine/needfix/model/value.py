"""What all values of the model have in common: an order by their fields, and a form for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from functools import total_ordering
from typing import Any

_Key = tuple[Any, ...]


@total_ordering
class Value:
    """A frozen dataclass that is ordered by the fields that it is compared by, in their order.

    None comes before everything else; values of one field that have different types are ordered by type.
    """

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return _of_value(self) < _of_value(other)

    def as_dict(self) -> dict[str, Any]:
        """The value for JSON: its fields without positions, and without those that are None."""
        pairs = ((name, getattr(self, name)) for name in _compared(type(self)))
        return {name: plain(value) for name, value in pairs if value is not None}


def _compared(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    """The fields that values of a class are compared by."""
    return tuple(own.name for own in fields(kind) if own.compare)


def _of_value(value: Value) -> _Key:
    return tuple(sort_key(getattr(value, name)) for name in _compared(type(value)))


def sort_key(value: object) -> _Key:
    """A key by which any two values of the model can be ordered."""
    match value:
        case None:
            return (0,)
        case bool() | int() | float():
            return 1, "number", value
        case Value():
            key = _of_value(value)
        case Mapping():
            key = tuple((str(name), sort_key(value[name])) for name in sorted(value, key=str))
        case AbstractSet():
            key = tuple(sorted(map(sort_key, value)))
        case tuple() | list():
            key = tuple(map(sort_key, value))
        case _:
            return 1, type(value).__name__, value
    return 1, type(value).__name__, key


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON holds
    """A value of the model as JSON can hold it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Value):
        return value.as_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(own) for key, own in value.items()}
    if isinstance(value, AbstractSet):
        return [plain(own) for own in sorted(value, key=sort_key)]
    if hasattr(value, "_asdict"):
        return {name: plain(own) for name, own in value._asdict().items() if own is not None}
    return [plain(own) for own in value] if isinstance(value, tuple | list) else str(value)


def stated(**values: object) -> dict[str, Any]:
    """The values that are not None."""
    return {key: value for key, value in values.items() if value is not None}


class ReadOnlyDict(dict[Any, Any]):
    """A dictionary that cannot be changed, but can be pickled; hashable where its values are."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - never returns
        raise TypeError("this mapping cannot be changed; make a new one with dict(…)")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a dictionary has none because it can change
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[ReadOnlyDict], tuple[dict[Any, Any]]]:
        return ReadOnlyDict, (dict(self),)
