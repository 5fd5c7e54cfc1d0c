"""Decisions in Parquet, for data frames and databases."""

from __future__ import annotations

from typing import BinaryIO

from needfix.model.document import RunDocument
from needfix.printable import json_text
from needfix.report.style import View


def write_parquet(out: BinaryIO, document: RunDocument, view: View) -> None:
    """Write a row for each decision; the metadata has the header (`needfix`) and notes (`needfix.notes`)."""
    del view
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - heavy, and of one format only

    rows = document.batches()
    schema = rows.schema.with_metadata({"needfix": document.header.as_metadata()})
    with ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in rows.batches:
            writer.write_batch(batch)
        notes = [note.as_dict() for note in document.summary().notes]
        writer.add_key_value_metadata({"needfix.notes": json_text(notes)})
