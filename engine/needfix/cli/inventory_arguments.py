"""Arguments about inventories: how they are read, and the request that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from needfix.cli.arguments import settings_file
from needfix.errors import UsageError
from needfix.inventory.reading_options import ReadingOptions, options_of
from needfix.model.run_request import RunRequest, Selection
from needfix.model.server import SCOPES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from needfix.cli.arguments import Parser
    from needfix.model.answer_sheet import AnswerSheet
    from needfix.model.rule import Rule

INVENTORY = "Inventory files, folders or patterns; - is standard input."
_JOIN = (
    "Unite the records of a server, in whatever files they are: of each fact the newest counts."
    " Without it, several records of one server are bad records."
)
_KEEP_GOING = "Skip bad records and evaluate the others; the exit code is still 2."
_STRICT = "Records of which there is anything to note (unknown keys, words that are not understood) are bad."
_QUIET = "Write no notes to standard error; documents have them nevertheless."
_SERVER_NAME = "The server of files that do not name theirs."
_NAME_FROM = (
    "Name the server of files that do not name theirs by their path: the folder below the one that is named,"
    " else the file's name without its ending."
)
_MAP = (
    "The column that a name in a table means, such as 'Server Name=server', as often as needed; the names"
    " that other programs use are known."
)
_ANSWERS = "A sheet with answers about symptoms, as needfix ask writes it and people fill it in."
_MAX_AGE = "Note the records that were collected longer ago, such as 30d or 12h, or do not state when."
_ENCODING = (
    "The encoding of inventories that are text without a byte order mark, such as cp1252 for what Excel saves"
    " as plain CSV (default: UTF-8)."
)
_SHEET = "The sheet of workbooks to read (default: the first)."
_COMPLETE = (
    "State that what the inventories list of this scope is all there is, for each server of which they list"
    f" any of it: {', '.join(SCOPES)}, with commas between several; may be repeated."
)
_SHORT = "Leave domains out of servers' names: MAIL01 for mail01.corp.example and CORP\\MAIL01."


def add_reading(parser: Parser, keep_going: str = _KEEP_GOING) -> None:
    """Add the options of how inventories are read; `keep_going` is the help of that one."""
    add = parser.add_argument
    named = parser.add_mutually_exclusive_group()
    named.add_argument("--server-name", metavar="NAME", help=_SERVER_NAME)
    named.add_argument("--server-name-from", choices=("path",), help=_NAME_FROM)
    add("--map", action="append", metavar="NAME=COLUMN", help=_MAP)
    add("--answers", metavar="FILE", help=_ANSWERS)
    add("--encoding", metavar="NAME", help=_ENCODING)
    add("--sheet", metavar="NAME", help=_SHEET)
    add("--complete", action="append", metavar="SCOPE", help=_COMPLETE)
    add("--short-names", action="store_true", help=_SHORT)
    add("--max-age", metavar="DURATION", help=_MAX_AGE)
    add("--join", action="store_true", help=_JOIN)
    add("--keep-going", action="store_true", help=keep_going)
    add("--quiet", action="store_true", help=_QUIET)
    add("--strict", action="store_true", help=_STRICT)


def request_of(
    arguments: argparse.Namespace,
    rules: Iterable[Rule],
    selection: Selection = Selection(),  # noqa: B008 - immutable
) -> RunRequest:
    """The request for the inventories of a command's words; `rules` are those that answers are about."""
    names = tuple(arguments.inventory)
    stated: ReadingOptions = {
        "server_name": arguments.server_name,
        "server_name_from_path": bool(arguments.server_name_from),
        "short_names": arguments.short_names,
        "columns": _columns(arguments.map or ()),
        "complete": arguments.complete,
        "max_age": arguments.max_age,
        "encoding": arguments.encoding,
        "sheet": arguments.sheet,
    }
    options = options_of(stated, names, _option)
    answers = _answers(arguments, rules)
    return RunRequest(
        names,
        selection,
        arguments.keep_going,
        is_strict=arguments.strict,
        join=arguments.join,
        options=options if answers is None else options._replace(answers=answers),
    )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _columns(words: Iterable[str]) -> Mapping[str, str]:
    """The columns that names mean, as the settings of the project and then the words state them."""
    stated: dict[str, str] = {}
    file = settings_file(Path.cwd())
    if file is not None:
        from needfix.cli.settings_file import read_settings  # noqa: PLC0415 - few projects have settings

        stated |= read_settings(file).columns
    for word in words:
        name, is_pair, column = word.rpartition("=")
        if not is_pair or not name.strip():
            raise UsageError(f"--map {word!r} is not NAME=COLUMN\n    hint: --map 'Server Name=server'")
        stated[name] = column
    return stated


def _answers(arguments: argparse.Namespace, rules: Iterable[Rule]) -> AnswerSheet | None:
    if arguments.answers is None:
        return None
    from needfix.inventory.answer_sheets import read_answers  # noqa: PLC0415 - few runs have answers

    return read_answers(arguments.answers, rules, encoding=arguments.encoding)
