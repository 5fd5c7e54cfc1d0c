"""Exchange: what Get-ExchangeServer and Test-ServiceHealth write."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.inventory.producers.facts import OTHERS, Facts
from needfix.inventory.producers.kind import ObjectKind, needing
from needfix.inventory.producers.names import named_server
from needfix.inventory.producers.written import Written, as_text, as_version


def _server(written: Written) -> Iterator[Facts]:
    """A server of the organisation. Its version stays that of the cumulative update after others."""
    product = {"name": "Microsoft Exchange Server", "build": as_version(written.value("admindisplayversion"))}
    name = written.text("name", "fqdn", "identity") or named_server(written)
    yield Facts.of(name, written.at, products=[product, OTHERS])


def _health(written: Written) -> Iterator[Facts]:
    """Of services that do not run it is not stated in which state they are."""
    running = [{"name": name, "state": "running"} for name in _names(written, "servicesrunning")]
    others = [{"name": name} for name in _names(written, "servicesnotrunning")]
    yield Facts.of(named_server(written), written.at, services=[*running, *others])


def _names(written: Written, name: str) -> Iterator[str]:
    return filter(None, map(as_text, written.entries(name)))


KINDS = (
    ObjectKind("Get-ExchangeServer", needing("admindisplayversion"), _server),
    ObjectKind("Test-ServiceHealth", needing("servicesrunning servicesnotrunning"), _health),
)
