"""Fleets on Spark: the columnar code of needfix, partition by partition, on the executors of a cluster."""

from importlib.util import find_spec

from needfix.errors import UsageError

if missing := [name for name in ("pyspark", "pandas", "pyarrow", "numpy") if find_spec(name) is None]:
    raise UsageError(f'Spark needs {", ".join(missing)}; mend: pip install "needfix[spark]"')

from needfix.spark.evaluate import evaluate, problems, summary

__all__ = ["evaluate", "problems", "summary"]
