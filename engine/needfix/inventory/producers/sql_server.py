"""SQL Server: what a query of SERVERPROPERTY shows of an instance."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written


def _instance(written: Written) -> Iterator[Facts]:
    """An instance; its version says which level it is at, its name follows that of the server."""
    product = {
        "name": "Microsoft SQL Server",
        "build": written.text("productversion"),
        "edition": written.text("edition"),
    }
    yield Facts.of(_server(written), written.at, products=[product, OTHERS])


def _server(written: Written) -> str | None:
    r"""The server of an instance, which is named `SERVER\INSTANCE`."""
    name = written.text("machinename") or named_server(written)
    return name and (name.partition("\\")[0] or name)


KINDS = (
    ObjectKind(
        "SERVERPROPERTY of SQL Server",
        needing("productversion productlevel", "productversion productupdatelevel"),
        _instance,
        server_of=_server,
    ),
)
