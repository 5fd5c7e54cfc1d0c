"""Runs: what is asked becomes a stream of results and one summary, however it is decided.

`begin` is the door. One server at a time needs neither NumPy nor Arrow; columns and Spark are
imported only where a run is decided so.
"""

from needfix.run.inventories import check_replaced, in_columns, servers, with_files
from needfix.run.run import Cluster, Run, begin

__all__ = ["Cluster", "Run", "begin", "check_replaced", "in_columns", "servers", "with_files"]
