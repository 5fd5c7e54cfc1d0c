"""Kinds of values: how each is read from a record and described in a schema."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, get_args

from needfix.intake.limits import NUMBER_CHARACTERS
from needfix.intake.near import did_you_mean, nearest
from needfix.intake.text import QUOTES, bare, first_surrogate, unwrapped
from needfix.intake.vocabularies import says_nothing
from needfix.intake.written_times import OTHER_TIMES, iso_time
from needfix.model.server import SCOPES, Fact, FactKind, Scope
from needfix.versions import DURATION, parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable

CONTROL = r"[\x00-\x1f\x7f-\x9f]"
"""A control character, as `re` and Arrow read patterns."""

DIGITS = "[0-9]{1,18}"
MOST_WHOLE = 10**18 - 1
WHOLE = rf"({DIGITS})(?:\.0+)?"
"""A whole number, as `re` and Arrow read patterns."""

_NOT_IN_PATHS = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"
"""What `\\n`, `\\P` and similar escapes become in JSON and YAML where a folder follows a single backslash."""
LARGEST = 2**63 - 1
"""The number by which columns hold every larger one."""

_WHOLE = re.compile(WHOLE)
_NOT_FINITE = r"(?i)[-+]?\.?(?:inf(?:inity)?|nan)"
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_DAY = 86400
TRUTHS = {
    "true": True, "yes": True, "1": True, "1.0": True,
    "false": False, "no": False, "0": False, "0.0": False,
}  # fmt: skip
"""Words for true and false, in lower case; a column of numbers may hold them as 1.0 and 0.0."""

_INTEGER_BITS = 64
_MOST_SECONDS = 10**9
_SHOWN = 40
_QUOTES = frozenset(QUOTES)


class Number(str):
    """A number of JSON, as it was written."""

    __slots__ = ()


class Invalid(str):
    """What stands where a value should be and is none; reported where it is parsed."""

    __slots__ = ()


class SymptomId(str):
    """The id of a symptom as ids are compared: without case, and without blanks around a stroke.

    `written` is the text as it was written.
    """

    __slots__ = ("written",)
    written: str

    def __new__(cls, written: str) -> Self:
        """The id that a text means."""
        folded = written.casefold()
        own = super().__new__(cls, _STROKE.sub("/", folded) if "/" in folded else folded)
        own.written = written
        return own


_STROKE = re.compile(r"\s*/\s*")


class Plain(str):
    """A value written without a type: a cell of CSV, an unquoted scalar of YAML."""

    __slots__ = ()


class ValueFault(NamedTuple):
    """Why a value is not valid: `what` is written after the key, `inner` is the place in the value.

    `code` is that of the problem.
    """

    what: str
    expected: str = ""
    hint: str = ""
    inner: str = ""
    code: str = "wrong-type"


_AN_ID, _A_SCOPE = 'text such as "Q279798"', 'text such as "files"'


class UnfitError(Exception):
    """A value that is not valid for its field."""

    def __init__(self, *faults: ValueFault) -> None:
        super().__init__(*faults)
        self.faults = faults


Storage = Literal["text", "whole", "number", "truth", "texts"]
"""How columns hold values of a kind: texts, 64-bit integers, 64-bit floats, booleans, lists of texts."""


class Kind(NamedTuple):
    """How a value is read, what is expected, its JSON schema (without null), and how it is written.

    Of an `is_value` kind a text such as `Unknown` says nothing, as if the key were left out.
    `is_any` kinds accept every text or list of texts, `is_any_ascii` kinds every one of printable ASCII.
    Texts that match `rewritten` are read as others.
    """

    read: Callable[[object], Any]
    expected: str
    schema: dict[str, Any]
    storage: Storage = "text"
    write: Callable[[Any], object] = lambda value: value
    is_any: bool = False
    is_any_ascii: bool = False
    is_value: bool = False
    rewritten: str = ""


def quoted(text: str) -> str:
    """The text in quotes, shortened, with control characters escaped."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def described(value: object) -> str:
    """A description of a value in the words of JSON."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float | Number):
        return "a number"
    if isinstance(value, str):
        return quoted(value)
    return "a list" if isinstance(value, list | tuple) else "an object"


def _unfit(value: object) -> UnfitError:
    code = "wrong-value" if isinstance(value, str) and not isinstance(value, Number) else "wrong-type"
    return UnfitError(ValueFault(f"is {described(value)}", code=code))


def _whole_text(value: object) -> str:
    """The text of a value; a number is taken as its text."""
    if isinstance(value, str):
        text = str(value)
        if isinstance(value, Number):
            _check_length(text)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise _unfit(value)
    elif isinstance(value, int) and value.bit_length() > _INTEGER_BITS:
        raise UnfitError(ValueFault("is a number of too many digits", code="wrong-value"))
    else:
        text = str(value)
    if not text.isascii() and first_surrogate(text) >= 0:
        raise UnfitError(
            ValueFault(f"is {quoted(text)}, with half a surrogate pair in it", code="wrong-value")
        )
    return text


def _text(value: object) -> str | None:
    # Nearly always the fast path.
    text = value.strip() if type(value) is str and value.isascii() else bare(_whole_text(value))
    return (unwrapped(text) if text[-1:] in _QUOTES else text) or None


def _server_name(value: object) -> str | None:
    text = _text(value)
    if text and not text.isprintable() and re.search(CONTROL, text):
        what = f"is {quoted(text)}, which contains a control character"
        raise UnfitError(ValueFault(what, code="wrong-value"))
    if text and says_nothing(text):
        what, hint = f"is {quoted(text)}, which names no server", "write the server's own name"
        raise UnfitError(ValueFault(what, hint=hint, code="wrong-value"))
    return text


def _path(value: object) -> str | None:
    text = _text(value)
    if text and not text.isprintable() and re.search(_NOT_IN_PATHS, text):
        hint = "double each backslash, or in YAML write the path in single quotes"
        what = f"is {quoted(text)}, which contains a control character"
        raise UnfitError(ValueFault(what, hint=hint, code="wrong-value"))
    return text


def _time(value: object) -> str | None:
    text = _text(value)
    return iso_time(text) if text else None


def _whole(value: object) -> int:
    text = "" if isinstance(value, bool) else _bare(value)
    found = _WHOLE.fullmatch(text)
    if not found:
        raise _unfit_number(value, text, "is not whole")
    return int(found[1])


def _number(value: object) -> float:
    text = _bare(value)
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise _unfit_number(value, text, "is too large")
    return number


def _unfit_number(value: object, text: str, otherwise: str) -> UnfitError:
    """Why a value is no number of its kind; of a number, what is wrong with it."""
    if isinstance(value, bool):
        return _unfit(value)
    if re.fullmatch(_NOT_FINITE, text):
        why = "is not finite"
    elif not _NUMBER.fullmatch(text):
        return _unfit(value)
    elif otherwise == "is not whole" and text.startswith("-"):
        why = "is negative"
    elif float(text) > MOST_WHOLE:
        why = "is too large"
    elif otherwise == "is not whole" and "e" in text.casefold():
        why = "has an exponent"
    else:
        why = otherwise
    shown = quoted(text) if isinstance(value, str) and not isinstance(value, Number | Plain) else text
    if isinstance(value, int) and value == LARGEST:
        shown = f"{shown} or more"
    return UnfitError(ValueFault(f"is {shown}, which {why}", code="wrong-value"))


def _bare(value: object) -> str:
    text = unwrapped(_whole_text(value))
    _check_length(text)
    return text


def _check_length(number: str) -> None:
    if len(number) > NUMBER_CHARACTERS:
        what = f"is {quoted(number)}, which has {len(number)} characters"
        raise UnfitError(ValueFault(what, code="wrong-value"))


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    truth = TRUTHS.get(unwrapped(str(value)).lower()) if isinstance(value, str | int | float) else None
    if truth is None:
        raise _unfit(value)
    return truth


def _seconds(value: object) -> float:
    seconds = parse_duration(_text(value) or "")
    if seconds is None:
        raise _unfit(value)
    return seconds


def split_list(cell: str) -> list[str]:
    """The texts of one that contains a list; what says nothing, such as `not available`, is one text."""
    parts = [text for part in _BETWEEN.split(cell) if (text := part.strip())]
    return [text for part in parts for text in ([part] if says_nothing(part) else part.split())]


_BETWEEN = re.compile("[;|,]")


def _list(value: object) -> list[object] | tuple[object, ...]:
    """The elements of a list; one text in place of a list is read as a cell of a table is."""
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, str | int) and not isinstance(value, bool) and (text := _text(value)):
        return list(split_list(text))
    raise UnfitError(ValueFault(f"is {described(value)}"))


def _texts(value: object, such_as: str = _AN_ID) -> tuple[str, ...]:
    """The texts of a list; empty ones are kept, since a list in which one says nothing is not whole."""
    texts: list[str] = []
    faults: list[ValueFault] = []
    for index, element in enumerate(_list(value)):
        try:
            texts.append(_text(element) or "")
        except UnfitError as unfit:
            faults += (ValueFault(f.what, such_as, inner=f"[{index}]", code=f.code) for f in unfit.faults)
    if faults:
        raise UnfitError(*faults)
    return tuple(texts)


def _ids(value: object) -> frozenset[str]:
    # Ids that were read before keep what was written.
    listed = value if isinstance(value, Iterable) else ()
    known: dict[str, SymptomId] = {one: one for one in listed if isinstance(one, SymptomId)}
    return frozenset(known.get(text) or SymptomId(text) for text in _texts(value))


def _written_ids(ids: frozenset[str]) -> list[str]:
    return [own.written if isinstance(own, SymptomId) else own for own in sorted(ids)]


def _scopes(value: object) -> frozenset[Scope]:
    is_blank = isinstance(value, str) and not unwrapped(value)
    names = [name for name in _texts([] if is_blank else value, _A_SCOPE) if name]
    unknown = [name for name in names if name.casefold() not in SCOPES]
    if unknown:
        raise UnfitError(*map(_unknown_scope, unknown))
    return frozenset(scope for name in names for scope in SCOPES if scope == name.casefold())


def _unknown_scope(name: str) -> ValueFault:
    hint = did_you_mean(nearest(name, SCOPES))
    return ValueFault(
        f"has {quoted(name)}, which is not a scope", ", ".join(SCOPES), hint, code="unknown-word"
    )


def _seconds_text(seconds: float) -> str:
    """Seconds as an inventory writes them, with at most nine digits before the point."""
    return f"{seconds:.9f}s" if seconds < _MOST_SECONDS else f"{seconds / _DAY:.9f}d"


_TRUTH_WORDS = r"^\s*([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[01](\.0)?)?\s*$"
_AN_ID_LIST = '["internet-mail-queues-grow"]'
_SCOPE = {"enum": list(get_args(Scope))}
_TEXTUAL = ["string", "number"]
_TEXT_LIST = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": _TEXTUAL}}]}
_WHOLE_SCHEMA = {"type": ["integer", "string"], "minimum": 0, "maximum": MOST_WHOLE, "pattern": "^[0-9]+$"}
_NUMBER_SCHEMA = {"type": ["number", "string"], "pattern": f"^{_NUMBER.pattern}$"}
_DURATION_SCHEMA = {"type": "string", "pattern": f"^{DURATION}$", "examples": ["90s", "10m"]}
_TRUTH_SCHEMA = {
    "type": ["boolean", "integer", "string"],
    "pattern": _TRUTH_WORDS,
    "minimum": 0,
    "maximum": 1,
}
_SCOPES_SCHEMA = {"anyOf": [_SCOPE, {"type": "array", "items": _SCOPE}]}


_KINDS: dict[FactKind, Kind] = {
    "message": Kind(_whole_text, "text", {"type": _TEXTUAL}, is_any=True),
    "truth": Kind(_truth, "true or false", _TRUTH_SCHEMA, "truth", is_value=True),
    "duration": Kind(
        _seconds,
        'a duration such as "90s", "10m", "2h" or "1d"',
        _DURATION_SCHEMA,
        write=_seconds_text,
        is_value=True,
    ),
    "texts": Kind(
        _texts, 'a list of texts such as ["Q279798"]', _TEXT_LIST, "texts", list, is_any=True, is_value=True
    ),
    "ids": Kind(
        _ids,
        f"a list of symptom ids such as {_AN_ID_LIST}",
        _TEXT_LIST,
        "texts",
        _written_ids,
        is_any=True,
        is_value=True,
    ),
    "scopes": Kind(_scopes, f"a list of scopes: {', '.join(SCOPES)}", _SCOPES_SCHEMA, "texts", sorted),
}


def kind_of(fact: Fact) -> Kind:
    """The kind of a field."""
    if fact.kind in _KINDS:
        return _KINDS[fact.kind]
    if fact.kind == "whole":
        return Kind(_whole, f"a whole number such as {fact.example}", _WHOLE_SCHEMA, "whole", is_value=True)
    if fact.kind == "number":
        return Kind(_number, f"a number such as {fact.example}", _NUMBER_SCHEMA, "number", is_value=True)
    read = {"server-name": _server_name, "path": _path, "time": _time}.get(fact.kind, _text)
    is_any = fact.kind not in ("server-name", "path")
    others = OTHER_TIMES if fact.kind == "time" else ""
    return Kind(
        read, _text_such_as(fact), _text_schema(fact), is_any=is_any, is_any_ascii=True, rewritten=others
    )


def _text_such_as(fact: Fact) -> str:
    return f"text such as {quoted(str(fact.example))}"


def _text_schema(fact: Fact) -> dict[str, Any]:
    return {"type": _TEXTUAL, "examples": [fact.example]}
