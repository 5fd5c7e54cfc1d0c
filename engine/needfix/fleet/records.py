"""Records in Arrow: the native schema of an inventory, and servers written in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from needfix.model.server import CounterSample, Server

_TEXT = pa.string()


def _objects(**fields: pa.DataType) -> pa.DataType:
    return pa.list_(pa.struct(list(fields.items())))


SCHEMA = pa.schema(
    {
        "server": _TEXT,
        "collected": _TEXT,
        "products": _objects(
            name=_TEXT, level=_TEXT, build=_TEXT, edition=_TEXT, language=_TEXT, platform=_TEXT
        ),
        "files": _objects(
            name=_TEXT,
            path=_TEXT,
            version=_TEXT,
            modified=_TEXT,
            size=pa.int64(),
            platform=_TEXT,
            loaded=_TEXT,
        ),
        "complete": pa.list_(_TEXT),
        "symptoms": pa.struct({"observed": pa.list_(_TEXT), "absent": pa.list_(_TEXT)}),
        "events": _objects(source=_TEXT, id=pa.int64(), message=_TEXT),
        "services": _objects(name=_TEXT, state=_TEXT),
        "counters": _objects(
            name=_TEXT,
            value=pa.float64(),
            at=_TEXT,
            **{"for": _TEXT, "samples": _objects(at=_TEXT, value=pa.float64())},
        ),
        "hotfixes": pa.list_(_TEXT),
        "restart_pending": pa.bool_(),
    }
)
"""An inventory in Parquet; any column or field but `server` may be missing."""


def batch_of(servers: Iterable[Server]) -> pa.RecordBatch:
    """Servers as one batch."""
    return pa.RecordBatch.from_pylist([record(server) for server in servers], SCHEMA)


def record(server: Server) -> dict[str, Any]:
    """A server as its record."""
    return {
        "server": server.server,
        "collected": server.collected,
        "products": None if server.products is None else [asdict(product) for product in server.products],
        "files": [asdict(copy) for copy in server.files],
        "complete": sorted(server.complete),
        "symptoms": {"observed": sorted(server.observed), "absent": sorted(server.absent)},
        "events": [asdict(event) for event in server.events],
        "services": [asdict(state) for state in server.services],
        "counters": [_sample(sample) for sample in server.counters],
        "hotfixes": None if server.hotfixes is None else list(server.hotfixes),
        "restart_pending": server.restart_pending,
    }


def _sample(sample: CounterSample) -> dict[str, Any]:
    held = None if sample.held_seconds is None else f"{sample.held_seconds:.9f}s"
    return {"name": sample.name, "value": sample.value, "at": sample.at, "for": held}
