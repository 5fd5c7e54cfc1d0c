"""What a program or a command states of inventories beside their content, checked word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from needfix.errors import UsageError
from needfix.intake.near import did_you_mean, suggestion
from needfix.intake.other_columns import columns_meant
from needfix.intake.text import encoding_named
from needfix.model.answer_sheet import AnswerSheet
from needfix.model.inventory_options import InventoryOptions, Naming
from needfix.model.server import SCOPES, Scope
from needfix.versions import parse_duration

if TYPE_CHECKING:
    from typing import NoReturn

_LONGEST = timedelta(days=36_500)


class ReadingOptions(TypedDict, total=False):
    """What may be stated of inventories wherever they are read, each as the command's option of that name.

    `server_name` is the server of files that do not name theirs; with `server_name_from_path` it is the first
    folder below a path, else the file's name. `short_names` leaves domains out of servers' names. `columns`
    are the columns that names in tables mean, beside those that are known. `complete` are scopes of which the
    inventories list all that there is, for each server of which they list any of it. `answers` is a sheet of
    answers about symptoms, as `read_answers` returns it. Records that are older than `max_age` (such as
    "30d") are noted. `encoding` is that of text without a byte order mark, `sheet` the sheet of workbooks.
    """

    server_name: str | None
    server_name_from_path: bool
    short_names: bool
    columns: Mapping[str, str] | None
    complete: Scope | str | Iterable[Scope | str] | None
    answers: AnswerSheet | None
    max_age: str | timedelta | None
    encoding: str | None
    sheet: str | None


_NAMES = tuple(ReadingOptions.__annotations__)


def options_of(
    stated: ReadingOptions | Mapping[str, Any],
    roots: Sequence[str] = (),
    called: Callable[[str], str] = str,
    *,
    function: str = "read_inventory",
) -> InventoryOptions:
    """The options that are stated; `roots` are the paths that inventories were named by.

    `called` is how messages call an option. Raises UsageError where a value is none of it, and TypeError
    where the `function` has no such option.
    """
    for name in stated:
        if name not in _NAMES:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
    own = _Stated(stated, called)
    by_path = own.truth("server_name_from_path")
    server = own.text("server_name")
    if by_path and server is not None:
        own.refuse("server_name", f"is stated beside {called('server_name_from_path')}", "leave one out")
    naming = Naming(server, by_path, tuple(roots) if by_path else (), short=own.truth("short_names"))
    return InventoryOptions(
        naming,
        columns_meant(own.value("columns", Mapping, "a mapping of names to columns") or {}),
        own.value("answers", AnswerSheet, "a sheet that read_answers returns") or AnswerSheet(),
        own.oldest(),
        own.encoding(),
        own.text("sheet"),
        own.scopes(),
    )


def options_without_files(stated: ReadingOptions | Mapping[str, Any], *, function: str) -> InventoryOptions:
    """The same for what is in no file. Raises UsageError for an option about files."""
    for name in _OF_FILES:
        if stated.get(name):
            hint = "write the inventory to a file, or add the column server"
            raise UsageError(f"{name} is about files, and {function} was given none\n    hint: {hint}")
    return options_of(stated, function=function)


_OF_FILES = ("server_name", "server_name_from_path", "encoding", "sheet")


class _Stated:
    """Values by name, each checked when it is taken."""

    def __init__(self, values: Mapping[str, Any], called: Callable[[str], str]) -> None:
        self._values = values
        self._called = called

    def refuse(self, name: str, what: str, hint: str) -> NoReturn:
        """Raise the error about an option."""
        raise UsageError(f"{self._called(name)} {what}\n    hint: {hint}")

    def value(self, name: str, kind: Any, expected: str) -> Any:  # noqa: ANN401 - of any kind
        """The value of an option, None where it is not stated."""
        found = self._values.get(name)
        if found is None or isinstance(found, kind):
            return found
        return self.refuse(name, f"is {found!r}", f"give {expected}")

    def text(self, name: str) -> str | None:
        """The value of an option that is a text."""
        found: str | None = self.value(name, str, "a text")
        return found

    def truth(self, name: str) -> bool:
        """The value of an option that is true or false."""
        return bool(self.value(name, bool, "True or False"))

    def encoding(self) -> str | None:
        """The encoding that a word names, by the name that Python has for it."""
        name = self.text("encoding")
        if name is None:
            return None
        try:
            return encoding_named(name)
        except (LookupError, ValueError):
            hint = "write a name such as cp1252, cp850, iso8859-2, shift_jis or utf-16-le"
            self.refuse("encoding", f"{name!r} is not an encoding of texts", hint)

    def oldest(self) -> datetime | None:
        """The time before which records are too old."""
        age = self.value("max_age", str | timedelta, "a duration such as 30d")
        if age is None:
            return None
        seconds = age.total_seconds() if isinstance(age, timedelta) else parse_duration(age)
        if seconds is None or not 0 <= seconds <= _LONGEST.total_seconds():
            self.refuse("max_age", f"{age!r} is not a duration", "write 30d or 12h")
        return datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=seconds)

    def scopes(self) -> frozenset[Scope]:
        """The scopes whose lists are whole."""
        stated = self.value("complete", str | Iterable, f"scopes such as {SCOPES[0]}") or ()
        words = [stated] if isinstance(stated, str) else list(stated)
        return frozenset(self._scope(word) for own in words for word in _separated(own))

    def _scope(self, word: object) -> Scope:
        own = str(word).strip().casefold()
        found = next((scope for scope in SCOPES if scope == own), None)
        if found is None:
            near = did_you_mean(suggestion(str(word), SCOPES))
            listed = f"the scopes are {', '.join(SCOPES)}"
            self.refuse("complete", f"{word!r} is not a scope", f"{near}; {listed}" if near else listed)
        return found


def _separated(words: object) -> Iterable[object]:
    return words.split(",") if isinstance(words, str) else (words,)
