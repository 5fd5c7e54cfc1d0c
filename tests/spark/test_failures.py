"""Long messages of Spark are shortened to a line or two."""

from __future__ import annotations

import pytest
from pyspark.errors import PythonException

import needfix
from needfix.spark.failures import failures_as_ours

TRACE = """An exception was thrown from the Python worker:
Traceback (most recent call last):
  File "worker.py", line 4207, in invoke_udf
    func, profiler = read_udfs(
"""


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            f"{TRACE}needfix.errors.UsageError: the driver has needfix 1.0, this executor 0.9\n"
            "    hint: install the same needfix on both\n\n"
            "JVM stacktrace:\norg.apache.spark.SparkException: Job aborted",
            "the driver has needfix 1.0, this executor 0.9\n    hint: install the same needfix on both",
        ),
        (
            f"{TRACE}ModuleNotFoundError: No module named 'needfix'",
            "the Python of an executor has no module needfix\n"
            '    hint: pip install "needfix[spark]" there, or ship an archive that has it',
        ),
        (
            f"{TRACE}[PYTHON_VERSION_MISMATCH] Python in worker has different version 3.9 than driver 3.11."
            "\n\nmore",
            "Python in worker has different version 3.9 than driver 3.11.\n"
            "    hint: set PYSPARK_PYTHON to the same Python on driver and executors",
        ),
        (
            "[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.",
            "Java did not start\n    hint: install Java 17 or later, or set JAVA_HOME",
        ),
        (
            "Job aborted.\n\tat org.apache.spark.Scheduler\n"
            "Caused by: java.io.IOException: No space left on device\n\tat x",
            "Spark failed: java.io.IOException: No space left on device",
        ),
    ],
)
def test_a_failure_is_reported_without_traces(message: str, shown: str) -> None:
    with pytest.raises(needfix.UsageError) as caught, failures_as_ours():
        raise PythonException(message)
    assert str(caught.value) == shown


def test_an_answer_that_no_engine_gives_stays_what_it_is() -> None:
    with pytest.raises(needfix.InferenceError, match="no outcome"), failures_as_ours():
        raise PythonException(f"{TRACE}needfix.errors.InferenceError: no outcome")


def test_errors_of_needfix_pass() -> None:
    with pytest.raises(needfix.CatalogueError), failures_as_ours():
        raise needfix.CatalogueError([])
