"""The start of a run: one server at a time, in columns or on a Spark cluster."""

from __future__ import annotations

from needfix.catalogue import Catalogue
from needfix.intake.formats import libraries
from needfix.inventory.bad_records import BadRecords
from needfix.model.run_request import Cluster, RunRequest
from needfix.run.inventories import in_columns, with_files
from needfix.run.run import Run
from needfix.run.single import RunSingly


def begin(
    catalogue: Catalogue,
    request: RunRequest,
    bad: BadRecords,
    on: Cluster | None = None,
    *,
    columnar: bool | None = None,
) -> Run:
    """A run for a request, which decides nothing yet; its problems are passed to `bad`.

    It uses the cluster `on` if there is one; else columns if `columnar` is true or an inventory is in
    Parquet; else it decides one server at a time. Raises UsageError if a needed library is not installed,
    and InventoryError if a path names no file.
    """
    if on is not None:
        with libraries():
            from needfix.run.spark import RunOnSpark  # noqa: PLC0415 - brings in Spark, NumPy and Arrow

            return RunOnSpark(catalogue, request, bad, on)
    request = with_files(request)
    if columnar or (columnar is None and in_columns(request)):
        with libraries():
            from needfix.run.columns import RunInColumns  # noqa: PLC0415 - brings in NumPy and Arrow

            return RunInColumns(catalogue, request, bad)
    return RunSingly(catalogue, request, bad)
