"""Values of records as PowerShell and .NET write them in JSON: in objects around them, or as their parts.

Windows PowerShell writes a list that has properties as `{"value": […], "Count": 2}`, a time as
`{"value": "/Date(…)/", "DateTime": …}` and a version as its numbers. What is not understood is left as it is.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from typing import Any

from needfix.intake.other_names import NAMES_OF_COLUMNS, folded
from needfix.intake.written_times import iso_time
from needfix.model.server import FactKind

_VALUE = "value"
_TEXT_MEMBERS = (
    "count length longlength rank syncroot isreadonly isfixedsize issynchronized capacity "
    "displayhint datetime pspath psparentpath pschildname psdrive psprovider psiscontainer readcount "
    "pscomputername runspaceid psshowcomputername"
)
_MEMBERS = frozenset(_TEXT_MEMBERS.split())
"""Folded names of what PowerShell adds to a list, a text, a number or a time."""
_BASES = ("baseobject", "immediatebaseobject")
_BESIDE_BASE = frozenset(("members", "properties", "methods", "typenames", *_BASES))
"""Those of the object in which PowerShell keeps any other, as other writers of JSON see it."""

_MOST_PROPERTIES = 80
_DEEPEST = 4
_NOTHING: tuple[object, ...] = (None, "")


def unwrapped_object(value: object) -> object:
    """What PowerShell has put an object around; the value itself where it is no such object."""
    for _ in range(_DEEPEST):
        inner = _within(value)
        if inner is value:
            break
        value = inner
    return value


def _within(value: object) -> object:
    if not isinstance(value, Mapping) or not 0 < len(value) <= _MOST_PROPERTIES:
        return value
    names = {folded(name) for name in value}
    if _VALUE in names and names - {_VALUE} <= _MEMBERS:
        own = [inner for name, inner in value.items() if folded(name) == _VALUE]
        return own[-1]  # of a named number, such as `{"value": 4, "Value": "Running"}`, the name
    base = next((name for name in _BASES if name in names), None)
    if base is not None and names <= _BESIDE_BASE:
        return next(inner for name, inner in value.items() if folded(name) == base)
    return value


def listed(value: object) -> object:
    """The list, or the one object, that PowerShell has put an object around; else the value itself.

    An object without any property is what it writes for the result of a command that returns nothing.
    """
    if not isinstance(value, Mapping):
        return value
    inner = unwrapped_object(value)
    if inner is value:
        return value or None
    return inner if inner is None or isinstance(inner, list | tuple | Mapping) else value


def plain_value(kind: FactKind, key: str, value: object) -> object:
    """A value in the form that its kind reads; None where an object says that there is none.

    The same value where it is in no other form, or is not understood.
    """
    if not isinstance(value, Mapping):
        return _plain_texts(key, value) if isinstance(value, list | tuple) else value
    inner = unwrapped_object(value)
    if not isinstance(inner, Mapping):
        return _plain_texts(key, inner) if isinstance(inner, list | tuple) else inner
    if not inner:
        return None
    found = _plain_object(kind, key, inner)
    return value if found is None else found or None


def _plain_object(kind: FactKind, key: str, value: Mapping[Any, object]) -> object:
    """An object as the text that it stands for, empty where it states none; None where it stands for none."""
    match kind:
        case "time":
            return time_of(value)
        case "version" | "level":
            return version_of(value)
        case "texts" if key == "hotfixes":
            name = hotfix_of(value)
            return None if name is None else [name]
    return None


def _plain_texts(key: str, values: Sequence[object]) -> object:
    """A list of which elements are objects with its elements as texts, where these are understood."""
    found = [_plain_text(key, own) if isinstance(own, Mapping) else own for own in values]
    return values if all(map(operator.is_, found, values)) else found


def _plain_text(key: str, value: Mapping[Any, object]) -> object:
    inner = unwrapped_object(value)
    if isinstance(inner, Mapping) and key == "hotfixes":
        name = hotfix_of(inner)
        return value if name is None else name
    return inner


def _properties(value: Mapping[Any, object]) -> dict[str, object]:
    """An object by the folded names of its properties; none where it has very many, or two fold alike."""
    if len(value) > _MOST_PROPERTIES:
        return {}
    found = {folded(name): inner for name, inner in value.items()}
    return found if len(found) == len(value) else {}


# Times.

_PARTS_OF_TIME = ("year", "month", "day", "hour", "minute", "second")
_TEXT_OF_TIME = (
    "millisecond microsecond nanosecond date dayofweek dayofyear kind ticks timeofday utcdatetime "
    "localdatetime offset totaloffsetminutes utcticks displayhint datetime"
)
_OF_TIME = frozenset((*_TEXT_OF_TIME.split(), *_PARTS_OF_TIME))
_IN_UTC = ("1", "utc")


def time_of(value: Mapping[Any, object]) -> str | None:
    """The time in an object with all properties of a time; None where it is no such object.

    Of its forms that in UTC counts first, then its numbers, then the text in the form of a country.
    """
    own = _properties(value)
    if not own or not own.keys() <= _OF_TIME:
        return None
    for name in ("utcdatetime", *(("datetime",) if "offset" not in own else ())):
        text = own.get(name)
        if isinstance(text, str) and iso_time(text) != text:
            return iso_time(text)
    numbers = [as_whole(own.get(name)) for name in _PARTS_OF_TIME]
    if "offset" not in own and all(number is not None for number in numbers):
        year, month, day, hour, minute, second = numbers
        zone = "Z" if str(own.get("kind")).casefold() in _IN_UTC else ""
        return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"
    text = own.get("datetime")
    return text if isinstance(text, str) else None


# Versions.

_PARTS = ("major", "minor", "build", "revision")
_OF_VERSION = frozenset((*_PARTS, "majorrevision", "minorrevision"))
_PARTS_OF_FILE = ("filemajorpart", "fileminorpart", "filebuildpart", "fileprivatepart")
_TEXTS_OF_FILE = ("fileversion", "fileversionstring")
_ABSENT = ("-1", -1, None)
_DIGITS = 19


def version_of(value: Mapping[Any, object]) -> str | None:
    """The version in an object of its numbers, or in version information of a file.

    Empty where that states none; None where the object is neither, or a number is none.
    """
    own = _properties(value)
    if {"major", "minor"} <= own.keys() <= _OF_VERSION:
        return _joined([own.get(name) for name in _PARTS])
    if own.keys().isdisjoint(("fileversionraw", *_PARTS_OF_FILE, *_TEXTS_OF_FILE)):
        text = own.get("productversion")
        return str(text) if "productversion" in own and _is_scalar(text) else None
    raw = own.get("fileversionraw")
    if raw not in _NOTHING:
        return version_of(raw) if isinstance(raw, Mapping) else str(raw) if _is_scalar(raw) else None
    if own.get(_PARTS_OF_FILE[0]) is not None:
        return _joined([own.get(name) for name in _PARTS_OF_FILE])
    text = next((text for name in _TEXTS_OF_FILE if (text := own.get(name)) not in _NOTHING), "")
    return str(text) if _is_scalar(text) else None


def version_in(text: str) -> str:
    """The version in version information as text, which is how PowerShell writes objects that lie too deep.

    Any other text as it is.
    """
    found = _LINE.search(text)
    return found[1].strip() if found else text


_LINE = re.compile(r"(?m)^FileVersion:[ \t]*(.*)$")


def _joined(numbers: Sequence[object]) -> str | None:
    """Numbers up to the first that is absent, which .NET writes as -1; None where one is no number."""
    count = next((place for place, own in enumerate(numbers) if own in _ABSENT), len(numbers))
    wholes = [as_whole(own) for own in numbers[:count]]
    rest = numbers[count:]
    is_whole = count > 1 and None not in wholes and all(own in _ABSENT for own in rest)
    return ".".join(map(str, wholes)) if is_whole else None


def as_whole(value: object) -> int | None:
    """A whole number of zero or more, also as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip() if isinstance(value, str) or value.bit_length() <= _BITS else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


_BITS = 64


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


# Hotfixes.

_TEXT_OUTCOMES = "result resultcode operation operationname status state installed isinstalled installstate"
_OUTCOMES = frozenset(_TEXT_OUTCOMES.split())
_TEXT_GOOD = "ok true 1 2 installed installation succeeded success present"
_GOOD = frozenset(_TEXT_GOOD.split())
"""What is beside an installed hotfix; 2 is the code of Windows Update for success."""


def hotfix_of(value: Mapping[Any, object]) -> str | None:
    """The id of a hotfix that an object describes, empty where it is not surely installed.

    WMI of Windows 2000 to 2003 has some as `File 1`, and their ids beside. None where it names no hotfix.
    """
    own = _properties(value)
    name = next((own[key] for key in NAMES_OF_COLUMNS["hotfixes"] if key in own), False)
    if isinstance(name, str) and name.strip().casefold().startswith("file "):
        name = own.get("servicepackineffect")
    if name is not None and not _is_scalar(name):
        return None
    outcomes = (text for key in _OUTCOMES if (text := own.get(key)) not in _NOTHING)
    is_installed = all(folded(text) in _GOOD for text in outcomes)
    return str(name) if is_installed and name is not None else ""
