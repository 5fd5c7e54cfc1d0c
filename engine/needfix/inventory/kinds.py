"""Kinds of values: how each is read from a record, and what a schema says of it."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from needfix.intake.limits import NUMBER_CHARACTERS
from needfix.intake.near import nearest
from needfix.inventory.text import first_surrogate
from needfix.model.server import SCOPES, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WHOLE = re.compile(r"([0-9]{1,18})(?:\.0+)?")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_INTEGER_BITS = 64
_SHOWN = 40


class Number(str):
    """A number of JSON, as it was written."""

    __slots__ = ()


class Plain(str):
    """A value written without a type: a cell of CSV, an unquoted scalar of YAML."""

    __slots__ = ()


class ValueFault(NamedTuple):
    """Why a value is unfit: `what` goes on after the key, `inner` is the place within it."""

    what: str
    expected: str = ""
    mend: str = ""
    inner: str = ""


class UnfitError(Exception):
    """A value that its field cannot take."""

    def __init__(self, *faults: ValueFault) -> None:
        super().__init__(*faults)
        self.faults = faults


class Kind(NamedTuple):
    """How a value is read, what is expected, and the JSON schema of it (null apart)."""

    read: Callable[[object], Any]
    expected: str
    schema: dict[str, Any]


def quoted(text: str) -> str:
    """The text in quotes, shortened, with nothing in it that a terminal would act on."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def described(value: object) -> str:
    """What a value is, in the words of JSON."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float | Number):
        return "a number"
    if isinstance(value, str):
        return quoted(value)
    return "a list" if isinstance(value, list | tuple) else "an object"


def _unfit(value: object) -> UnfitError:
    return UnfitError(ValueFault(f"is {described(value)}"))


def _whole_text(value: object) -> str:
    """The text of a value; a number is taken as its text."""
    if isinstance(value, str):
        text = str(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise _unfit(value)
    elif isinstance(value, int) and value.bit_length() > _INTEGER_BITS:
        raise UnfitError(ValueFault("is a number of too many digits"))
    else:
        text = str(value)
    if not text.isascii() and first_surrogate(text) >= 0:
        raise UnfitError(ValueFault(f"is {quoted(text)}, with half a surrogate pair in it"))
    return text


def _text(value: object) -> str | None:
    if type(value) is str and value.isascii():  # nearly always so: the short way
        return value.strip() or None
    return _whole_text(value).strip() or None


def _server_name(value: object) -> str | None:
    text = _text(value)
    if text and _CONTROL.search(text):
        raise UnfitError(ValueFault(f"is {quoted(text)}, with a control character in it"))
    return text


def _whole(value: object) -> int:
    found = None if isinstance(value, bool) else _WHOLE.fullmatch(_bare(value))
    if not found:
        raise _unfit(value)
    return int(found[1])


def _number(value: object) -> float:
    text = _bare(value)
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise _unfit(value)
    return number


def _bare(value: object) -> str:
    text = _whole_text(value).strip()
    if len(text) > NUMBER_CHARACTERS:
        raise UnfitError(ValueFault(f"is {quoted(text)}, of {len(text)} characters"))
    return text


def _truth(value: object) -> bool:
    truth = _TRUTHS.get(value.strip().lower()) if isinstance(value, Plain) else value
    if not isinstance(truth, bool):
        raise _unfit(value)
    return truth


def _seconds(value: object) -> float:
    found = _DURATION.fullmatch(_text(value) or "")
    if not found:
        raise _unfit(value)
    return float(found[1]) * _SECONDS[found[2]]


def _list(value: object) -> list[object] | tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise _unfit(value)
    return value


def _texts(value: object) -> tuple[str, ...]:
    texts: list[str] = []
    faults: list[ValueFault] = []
    for index, element in enumerate(_list(value)):
        try:
            text = _text(element)
        except UnfitError as unfit:
            faults += (ValueFault(f.what, _AN_ID, inner=f"[{index}]") for f in unfit.faults)
        else:
            texts.extend((text,) if text else ())
    if faults:
        raise UnfitError(*faults)
    return tuple(texts)


def _ids(value: object) -> frozenset[str]:
    return frozenset(text.casefold() for text in _texts(value))


def _scopes(value: object) -> frozenset[Scope]:
    names = _texts([value] if isinstance(value, str) else value)
    unknown = [name for name in names if name.casefold() not in SCOPES]
    if unknown:
        raise UnfitError(*map(_unknown_scope, unknown))
    return frozenset(scope for name in names for scope in SCOPES if scope == name.casefold())


def _unknown_scope(name: str) -> ValueFault:
    near = nearest(name, SCOPES)
    mend = f"did you mean {near}?" if near else ""
    return ValueFault(f"names {quoted(name)}, which is no scope", ", ".join(SCOPES), mend)


_AN_ID = 'text such as "Q279798"'
_SCOPE = {"enum": list(get_args(Scope))}
_TEXTUAL = ["string", "number"]


def text(example: str) -> Kind:
    """Text, or a number that stands for its own text."""
    schema = {"type": _TEXTUAL, "examples": [example]}
    return Kind(_text, f"text such as {quoted(example)}", schema)


SERVER_NAME = Kind(
    _server_name,
    'text such as "MAIL01"',
    {"type": _TEXTUAL, "examples": ["MAIL01"]},
)
MESSAGE = Kind(_whole_text, "text", {"type": _TEXTUAL})
_WHOLE_SCHEMA = {"type": ["integer", "string"], "minimum": 0, "maximum": 10**18 - 1, "pattern": "^[0-9]+$"}
WHOLE = Kind(_whole, "a whole number such as 4063504", _WHOLE_SCHEMA)
EVENT_ID = Kind(_whole, "a whole number such as 1234", _WHOLE_SCHEMA)
NUMBER = Kind(
    _number,
    "a number such as 140",
    {"type": ["number", "string"], "pattern": f"^{_NUMBER.pattern}$"},
)
TRUTH = Kind(_truth, "true or false", {"type": "boolean"})
DURATION = Kind(
    _seconds,
    'a duration such as "90s", "10m", "2h" or "1d"',
    {"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["90s", "10m"]},
)
TEXTS = Kind(
    _texts,
    'a list of texts such as ["Q279798"]',
    {"type": "array", "items": {"type": _TEXTUAL}},
)
IDS = Kind(
    _ids,
    'a list of symptom ids such as ["internet-mail-queues-grow"]',
    {"type": "array", "items": {"type": _TEXTUAL}},
)
COMPLETE = Kind(
    _scopes,
    f"a list of scopes: {', '.join(SCOPES)}",
    {"anyOf": [_SCOPE, {"type": "array", "items": _SCOPE}]},
)
