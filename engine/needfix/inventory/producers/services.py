"""Services: Win32_Service and Get-Service."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written


def service(written: Written) -> Iterator[Facts]:
    """A service; of WMI's the state is `State`, and `Status` something else."""
    entry = {"name": written.text("name", "servicename"), "state": written.text("state", "status")}
    yield Facts.of(named_server(written), written.at, services=[entry] if entry["name"] else [])


KINDS = (
    ObjectKind(
        "Win32_Service",
        needing(
            "name state startmode", "name state displayname", "name state processid", "name state pathname",
            "name state startname", "name state exitcode", "name state status",
        ),
        service,
    ),
    ObjectKind(
        "Get-Service",
        needing("servicename status", "name status starttype", "name status displayname"),
        service,
    ),
    ObjectKind("Get-Service", needing("name status", "name state"), service, alone=True),
)  # fmt: skip
