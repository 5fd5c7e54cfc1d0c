"""The servers of inventories in any format; runs choose here between rows and columns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from needfix.errors import UsageError
from needfix.intake.formats import inventory_names, libraries
from needfix.inventory import is_columnar, read_inventory
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import RunRequest
from needfix.model.server import Server

_MOST_NAMED = 5


def with_files(request: RunRequest, output: str | None = None) -> RunRequest:
    """The request with the files that its inventories name.

    Raises InventoryError where a path names none, or where the report at `output` would replace one.
    """
    if request.files is not None:
        return request
    return request._replace(files=tuple(inventory_names(request.inventories, output)))


def check_replaced(request: RunRequest, output: str | None) -> None:
    """Raise InventoryError where a report at `output` would replace an inventory of this machine."""
    here = [path for path in request.inventories if os.path.lexists(path)]
    if here and output is not None:
        inventory_names(here, output)


def no_server(names: Sequence[str]) -> UsageError:
    """The error for inventories without a server."""
    shown = ", ".join("<stdin>" if name == "-" else name for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return UsageError(f"there is no server in the inventories ({shown}{more})")


def in_columns(request: RunRequest) -> bool:
    """Whether any file of a request is in a format of columns, so that reading it needs NumPy and Arrow."""
    return any(map(is_columnar, with_files(request).names))


def servers(
    request: RunRequest,
    bad: BadRecords,
    is_selected: Callable[[str], bool],
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[str, Server | None]]:
    """The names of all servers of the inventories, each with the server if `is_selected` accepts it.

    Bad records are passed to `bad`. Raises InventoryError with paths that name no file.
    """
    names = with_files(request).names
    if any(map(is_columnar, names)):
        with libraries():
            from needfix.fleet.servers import servers_of  # noqa: PLC0415 - brings in NumPy and Arrow

        yield from servers_of(names, is_selected, bad.add, request.stdin)
        return
    for server in read_inventory(*names, on_problem=bad.add, progress=progress, stdin=request.stdin):
        yield server.server, server if is_selected(server.server) else None
