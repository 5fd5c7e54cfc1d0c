"""A Spark session for a run: the one that is there, or one that is started and stopped."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
}
"""Times without a zone are not converted; few large batches cost less than many small ones."""


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """A session on a master; one that is active already stays so afterwards."""
    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    if master.startswith("local"):  # the executors are of this machine, and need not look for another Python
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("needfix")
    for key, value in _SETTINGS.items():
        builder = builder.config(key, value)
    with warnings.catch_warnings():
        # Of pandas, which we do not use, Spark warns about a version that it accepts.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("FATAL")
        try:
            yield spark
        finally:
            spark.stop()
