"""Services: Win32_Service and Get-Service."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.intake.vocabularies import service_state
from needfix.inventory.producers.facts import Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written


def service(written: Written) -> Iterator[Facts]:
    """A service; of WMI's the state is `State`, and `Status` something else."""
    entry = {"name": written.text("name", "servicename"), "state": written.text("state", "status")}
    yield Facts.of(named_server(written), written.at, services=[entry] if entry["name"] else [])


def _perhaps_service(written: Written) -> Iterator[Facts]:
    """What has a name and a state: a service where the state is one that services have.

    Virtual machines, adapters and application pools have others.
    """
    state, status = written.text("state"), written.text("status")
    if _is_state(status if state is None else state, may_be_number=state is None):
        yield from service(written)
    else:
        yield Facts(named_server(written), written.at, {}, unknown="object with a name and a state")


def _is_state(text: str | None, *, may_be_number: bool) -> bool:
    """Whether services have such a state; only Get-Service writes theirs as numbers, none as `Started`."""
    if text is None or text.casefold() == "unknown":
        return True
    is_number = text.isdecimal()
    return service_state(text) is not None and text.casefold() != "started" and may_be_number >= is_number


KINDS = (
    ObjectKind(
        "Win32_Service",
        needing(
            "name state startmode", "name state displayname", "name state processid", "name state pathname",
            "name state startname", "name state exitcode",
        ),
        service,
    ),
    ObjectKind("Win32_Service", needing("name state status"), _perhaps_service),
    ObjectKind(
        "Get-Service",
        needing("servicename status", "name status starttype"),
        service,
    ),
    ObjectKind("Get-Service", needing("name status displayname"), _perhaps_service),
    ObjectKind("Get-Service", needing("name status", "name state"), _perhaps_service, alone=True),
)  # fmt: skip
