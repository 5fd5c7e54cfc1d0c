"""Runs: a request becomes a stream of results and one summary, by whichever way it is decided.

Start with `begin`. Deciding one server at a time needs neither NumPy nor Arrow; the modules for columns
and Spark are imported only by the runs that use them.
"""

from needfix.model.run_request import Cluster
from needfix.run.dispatch import begin
from needfix.run.inventories import check_replaced, in_columns, servers, with_files
from needfix.run.run import Run

__all__ = ["Cluster", "Run", "begin", "check_replaced", "in_columns", "servers", "with_files"]
