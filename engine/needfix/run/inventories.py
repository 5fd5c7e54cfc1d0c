"""The servers of inventories in any format; runs choose here between rows and columns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from needfix.errors import Problem, UsageError
from needfix.intake.formats import inventory_names, libraries
from needfix.intake.notes import Placed
from needfix.inventory import is_columnar
from needfix.inventory.bad_records import BadRecords
from needfix.inventory.reading import servers_of_run
from needfix.model.run_request import RunRequest
from needfix.model.server import Server

T = TypeVar("T")

_MOST_NAMED = 5


def with_files(request: RunRequest, output: str | None = None) -> RunRequest:
    """The request with the files that its inventories name.

    Raises InventoryError where a path names none, or where the report at `output` would replace one.
    """
    if request.files is not None:
        return request
    unreadable: list[Problem] | None = [] if request.keep_going else None
    names = inventory_names(request.inventories, output, unreadable)
    return request._replace(files=tuple(names), problems=tuple(unreadable or ()))


def check_replaced(request: RunRequest, output: str | None) -> None:
    """Raise InventoryError where a report at `output` would replace an inventory of this machine."""
    here = [path for path in request.inventories if os.path.lexists(path)]
    if here and output is not None:
        inventory_names(here, output)


def in_columns(request: RunRequest) -> bool:
    """Whether any file of a request is in a format of columns, so that reading it needs NumPy and Arrow."""
    return any(map(is_columnar, with_files(request).names))


def servers(
    request: RunRequest,
    bad: BadRecords,
    is_selected: Callable[[str], bool],
    noted: Callable[[Server], Iterable[Placed]] = lambda _: (),
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[str, Server | None]]:
    """The names of all servers of the inventories, each with the server if `is_selected` accepts it.

    Bad records and notes are passed to `bad`; `noted` finds what is to be noted of a server's facts. After
    the first that is fatal none is yielded, and at the end they are raised as InventoryError, as are paths
    that name no file. Raises UsageError where there was no server.
    """
    count = 0
    bad.noted = lambda server: (one for one, _ in noted(server)) if is_selected(server.server) else ()
    for name, server in to_the_end(_servers(request, bad, is_selected, progress), bad):
        count += 1
        problems = bad.notes.take_placed(noted(server), name) if server is not None else []
        bad.add_all(problems)
        if not (problems or bad.are_fatal):
            yield name, server
    check_any(count, request, bad)


def to_the_end(items: Iterable[T], bad: BadRecords) -> Iterator[T]:
    """The items as long as no bad record is fatal; at their end it is raised as InventoryError."""
    for item in items:
        if not bad.are_fatal:
            yield item
    bad.conclude()


def check_any(count: int, request: RunRequest, bad: BadRecords) -> None:
    """Raise UsageError where a request has found neither a server nor a bad record."""
    if count + bad.count:
        return
    patterns = request.selection.servers
    if patterns is None:
        raise _no_server(request.inventories)
    hint = "check the pattern; the wildcards are * and ?"
    raise UsageError(f"no server matches {' or '.join(map(repr, patterns))}\n    hint: {hint}")


def _no_server(names: Sequence[str]) -> UsageError:
    """The error for inventories without a server."""
    shown = ", ".join("<stdin>" if name == "-" else name for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return UsageError(f"there is no server in the inventories ({shown}{more})")


def _servers(
    request: RunRequest,
    bad: BadRecords,
    is_selected: Callable[[str], bool],
    progress: Callable[[int], None] | None,
) -> Iterator[tuple[str, Server | None]]:
    request = with_files(request)
    names = request.names
    bad.add_all(request.problems)
    if any(map(is_columnar, names)):
        with libraries():
            from needfix.fleet.servers import servers_of  # noqa: PLC0415 - brings in NumPy and Arrow

        yield from servers_of(request, is_selected, bad)
        return
    for server in servers_of_run(request, bad, progress):
        yield server.server, server if is_selected(server.server) else None
