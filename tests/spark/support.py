"""Fleets for tests of Spark: records in several forms, and what one machine makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import needfix
from needfix.fleet.reading.conform import conformed
from needfix.fleet.reading.piece import consecutive
from needfix.fleet.records import SCHEMA
from needfix.inventory import read_inventory
from needfix.model.decision import DECISIONS, DecisionKind
from tests.fleet.support import Row, fleet_rows, single_rows

LEVELS = ("5.5", "5.5 SP3", "5.5 SP4", "5.5 Service Pack 4", "4.0 SP2", "5.5 SP9", None)
VERSIONS = ("5.5.2653.23", "5.5.2654.29", "5.5.2655.0", "5.5.2448.8", "5,5,2653,23", "unknown", None)
FILES = ("Store.exe", "mad.exe", "emsmta.exe", "MDBMSG.DLL", "imc.exe")

Record = dict[str, Any]


def fleet(count: int, seed: int = 7) -> list[Record]:
    """Records of so many servers, no two of them equal."""
    random = Random(seed)  # noqa: S311 - a sample
    return [_record(random, f"MAIL{number:05}") for number in range(count)]


def _record(random: Random, name: str) -> Record:
    product = {"name": "Microsoft Exchange Server", "level": random.choice(LEVELS), "language": "en"}
    files = [
        {"name": file, "path": f"C:\\exchsrvr\\bin\\{file}", "version": random.choice(VERSIONS)}
        for file in random.sample(FILES, random.randint(1, 4))
    ]
    return {
        "server": name,
        "products": [product],
        "files": files,
        "complete": random.choice([["files"], []]),
        "symptoms": {"observed": random.choice([["internet-mail-queues-grow"], []]), "absent": []},
        "hotfixes": random.choice([["Q279798"], []]),
        "restart_pending": random.choice([True, False]),
    }


def tall_rows(records: Iterable[Record]) -> list[Row]:
    """The same records with a row for each file. Every cell of a row that states nothing is null."""
    rows: list[Row] = []
    for record in records:
        whole = {
            "server": record["server"],
            "complete": ";".join(record["complete"]) or None,
            "observed": ";".join(record["symptoms"]["observed"]) or None,
            "hotfixes": ";".join(record["hotfixes"]) or None,
            "restart_pending": record["restart_pending"],
        }
        for product, file in _beside(record["products"], record["files"]):
            named = {("product" if key == "name" else key): value for key, value in product.items()}
            rows.append(
                {**whole, **named, "file": file["name"], "path": file["path"], "version": file["version"]}
            )
    return rows


def _beside(products: list[Record], files: list[Record]) -> Iterator[tuple[Record, Record]]:
    nothing: Record = {}
    yield from zip_longest(products, files, fillvalue=nothing)


def write_native(records: Sequence[Record], file: Path) -> Path:
    """Records as native Parquet."""
    columns = [name for name in SCHEMA.names if any(name in record for record in records)]
    schema = pa.schema([SCHEMA.field(name) for name in columns])
    pq.write_table(pa.Table.from_pylist(list(records), schema), file)
    return file


def write_tall(rows: Sequence[Row], file: Path) -> Path:
    """Rows as tall Parquet."""
    names = dict.fromkeys(name for row in rows for name in row)
    pq.write_table(pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows]), file)
    return file


def write_lines(records: Iterable[Record], file: Path) -> Path:
    """Records as JSON lines."""
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def expected(
    catalogue: needfix.Catalogue, records: Sequence[Record], only: Sequence[DecisionKind] = DECISIONS
) -> list[Row]:
    """The decisions of the columnar code of one machine, in the order of servers and rules."""
    native = conformed(pa.RecordBatch.from_pylist(list(records), SCHEMA))
    rows, _ = fleet_rows(catalogue, consecutive(native, "fleet.parquet", 1), only=only)
    return in_order(rows)


def one_at_a_time(catalogue: needfix.Catalogue, file: Path) -> list[Row]:
    """The decisions of a file, server by server."""
    return in_order(single_rows(catalogue, list(read_inventory(file))))


def in_order(rows: Iterable[Any]) -> list[Row]:
    """Rows of a data frame, or given rows, sorted."""
    plain = (row if isinstance(row, dict) else row.asDict(recursive=True) for row in rows)
    return sorted(plain, key=lambda row: (row["server"], row["rule"]))
