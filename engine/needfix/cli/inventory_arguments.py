"""Arguments about inventories: how they are read, and the request that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needfix.model.inventory_options import InventoryOptions, Naming
from needfix.model.run_request import RunRequest, Selection

if TYPE_CHECKING:
    import argparse

    from needfix.cli.arguments import Parser

INVENTORY = "Inventory files, folders or patterns; - is standard input."
_JOIN = (
    "Unite the records of a server, in whatever files they are: of each fact the newest counts."
    " Without it, several records of one server are bad records."
)
_KEEP_GOING = "Skip bad records and evaluate the others; the exit code is still 2."
_STRICT = "Records of which there is anything to note (unknown keys, words that are not understood) are bad."
_SERVER_NAME = "The server of files that do not name theirs."
_NAME_FROM = (
    "Name the server of files that do not name theirs by their path: the folder below the one that is named,"
    " else the file's name without its ending."
)
_SHORT = "Leave domains out of servers' names: MAIL01 for mail01.corp.example and CORP\\MAIL01."


def add_reading(parser: Parser, keep_going: str = _KEEP_GOING) -> None:
    """Add the options of how inventories are read; `keep_going` is the help of that one."""
    add = parser.add_argument
    named = parser.add_mutually_exclusive_group()
    named.add_argument("--server-name", metavar="NAME", help=_SERVER_NAME)
    named.add_argument("--server-name-from", choices=("path",), help=_NAME_FROM)
    add("--short-names", action="store_true", help=_SHORT)
    add("--join", action="store_true", help=_JOIN)
    add("--keep-going", action="store_true", help=keep_going)
    add("--strict", action="store_true", help=_STRICT)


def request_of(arguments: argparse.Namespace, selection: Selection = Selection()) -> RunRequest:  # noqa: B008 - immutable
    """The request for the inventories of a command's words."""
    names = tuple(arguments.inventory)
    naming = Naming(
        arguments.server_name, bool(arguments.server_name_from), names, short=arguments.short_names
    )
    return RunRequest(
        names,
        selection,
        arguments.keep_going,
        is_strict=arguments.strict,
        join=arguments.join,
        options=InventoryOptions(naming),
    )
