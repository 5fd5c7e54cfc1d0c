"""Failures of Spark as messages of a line or two, without the traces of two languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from needfix.errors import InferenceError, NeedfixError, UsageError

_OURS = re.compile(r"^needfix\.errors\.(\w+): (.*?)(?=^\s*$|^JVM stacktrace|\Z)", re.MULTILINE | re.DOTALL)
_MISSING = re.compile(r"^ModuleNotFoundError: No module named '([\w.]+)'", re.MULTILINE)
_VERSIONS = re.compile(r"\[PYTHON_VERSION_MISMATCH\] ([^\n]*)")
_NO_JAVA = "JAVA_GATEWAY_EXITED"
_LONGEST = 300


@contextmanager
def failures_as_ours() -> Iterator[None]:
    """Raises exceptions of Spark as errors of needfix."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise _as_ours(str(error)) from error


def _as_ours(text: str) -> NeedfixError:
    if ours := _OURS.search(text):
        kinds: dict[str, type[NeedfixError]] = {"InferenceError": InferenceError}
        return kinds.get(ours[1], UsageError)(ours[2].strip())
    if missing := _MISSING.search(text):
        what = f"the Python of an executor has no module {missing[1]}"
        hint = 'pip install "needfix[spark]" there, or ship an archive that has it'
        return UsageError(f"{what}\n    hint: {hint}")
    if versions := _VERSIONS.search(text):
        hint = "set PYSPARK_PYTHON to the same Python on driver and executors"
        return UsageError(f"{versions[1]}\n    hint: {hint}")
    if _NO_JAVA in text:
        return UsageError("Java did not start\n    hint: install Java 17 or later, or set JAVA_HOME")
    return UsageError(f"Spark failed: {_gist(text)}")


def _gist(text: str) -> str:
    """The most informative line: the innermost cause, else the first."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes or lines or ["no reason given"])[-1 if causes else 0][:_LONGEST]
