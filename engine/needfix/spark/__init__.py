"""Fleets on Spark: the columnar code of needfix, partition by partition, on the executors of a cluster."""

from importlib import util

from needfix.errors import UsageError

_missing = [name for name in ("pyspark", "pandas", "pyarrow", "numpy") if util.find_spec(name) is None]
if _missing:
    verb = "are" if len(_missing) > 1 else "is"
    raise UsageError(
        f"Spark needs {' and '.join(_missing)}, which {verb} not installed\n"
        '    hint: pip install "needfix[spark]"'
    )

from needfix.model.run_request import RunRequest, Selection  # noqa: E402 - Spark must be there first
from needfix.spark.evaluate import evaluate, notes, problems, summary  # noqa: E402 - as above
from needfix.spark.run import evaluate_on  # noqa: E402 - as above

__all__ = ["RunRequest", "Selection", "evaluate", "evaluate_on", "notes", "problems", "summary"]
