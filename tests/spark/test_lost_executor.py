"""An executor that dies in the middle of its work changes no decision."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession

import needfix
from needfix import spark as needfix_spark
from tests.spark.support import expected, fleet, in_order, tall_rows, write_native, write_tall

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="processes cannot be listed here"
)


def executors(application: str) -> list[int]:
    """The processes of the executors of an application."""
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            (parent,) = re.findall(r"^PPid:\s*(\d+)", (process / "status").read_text(), re.MULTILINE)
        except OSError:  # it has ended
            continue
        if application.encode() in words and any(b"CoarseGrainedExecutorBackend" in word for word in words):
            parents[int(process.name)] = int(parent)
    return [
        number for number, parent in parents.items() if parent not in parents
    ]  # a child is about to run Python


def slowed(frame: DataFrame) -> DataFrame:
    """The same, of which each partition takes a while."""

    def slow(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import time  # noqa: PLC0415 - on an executor

        for batch in batches:
            time.sleep(0.2)
            yield batch

    return frame.repartition(12).mapInArrow(slow, frame.schema)


def kill_one_when_some_tasks_are_done(context: SparkContext) -> None:
    status = context.statusTracker()
    for _ in range(600):
        stages = [status.getStageInfo(stage) for stage in status.getActiveStageIds()]
        if any(stage and stage.numCompletedTasks >= 3 and stage.numActiveTasks for stage in stages):
            break
        time.sleep(0.05)
    victims = executors(context.applicationId or "")
    assert len(victims) == 2
    os.kill(victims[0], signal.SIGKILL)


def test_a_killed_executor_changes_nothing(
    cluster: SparkSession, catalogue: needfix.Catalogue, tmp_path: Path
) -> None:
    records = fleet(160)
    files = write_native(records[:80], tmp_path / "a"), write_tall(tall_rows(records[80:]), tmp_path / "b")
    native, tall = (
        needfix_spark.evaluate(slowed(cluster.read.parquet(str(file))), catalogue) for file in files
    )
    found = native.union(tall)
    before = set(executors(cluster.sparkContext.applicationId))
    with ThreadPoolExecutor(1) as pool:
        rows = pool.submit(found.collect)
        kill_one_when_some_tasks_are_done(cluster.sparkContext)
        assert in_order(rows.result(timeout=120)) == expected(catalogue, records)
    assert before - set(executors(cluster.sparkContext.applicationId)), "an executor is still there"
