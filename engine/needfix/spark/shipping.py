"""A catalogue on its way to executors, the engine that each makes of it, and servers between executors."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from needfix._version import __version__
from needfix.catalogue import Catalogue
from needfix.errors import UsageError
from needfix.fleet.engine import FleetEngine
from needfix.model.server import Server


@dataclass(frozen=True, slots=True)
class Shipped:
    """A catalogue in bytes: executors need not see the files that it was read from.

    `version` is that of the needfix that packed it. Two are the same where their digests are.
    """

    digest: str
    version: str
    data: bytes = field(repr=False, compare=False)


def shipped(catalogue: Catalogue) -> Shipped:
    """A catalogue, packed."""
    data = pickle.dumps(catalogue)
    return Shipped(sha256(data).hexdigest(), __version__, data)


@lru_cache(maxsize=2)
def engine_of(catalogue: Shipped) -> FleetEngine:
    """The engine of a catalogue. Raises UsageError where another needfix packed it."""
    if catalogue.version != __version__:
        what = f"the driver has needfix {catalogue.version}, this executor {__version__}"
        raise UsageError(f"{what}\n    hint: install the same needfix on both")
    return FleetEngine(pickle.loads(catalogue.data))  # noqa: S301 - by the driver, as this very code


def packed_server(server: Server) -> bytes:
    """A server with all that is known of it, also what its record does not state."""
    return pickle.dumps(server)


def unpacked_server(data: bytes) -> Server:
    """The server that another executor packed."""
    server: Server = pickle.loads(data)  # noqa: S301 - by an executor of this run, as this very code
    return server
