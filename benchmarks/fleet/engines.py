"""The engines of the comparison by name. One whose library is missing is left out, and the table says so."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from benchmarks.fleet.engine import Engine, Unavailable
from benchmarks.sample import rules

AnyEngine = type[Engine[Any]]

ENGINES = {
    "needfix": ("needfix_engine", "NeedfixFleet"),
    "needfix_paths": ("needfix_engine", "NeedfixFleetPaths"),
    "needfix_tall": ("needfix_engine", "NeedfixFleetTall"),
    "needfix_lines": ("needfix_engine", "NeedfixFleetLines"),
    "needfix_csv": ("needfix_engine", "NeedfixFleetCsv"),
    "numpy_ranks": ("numpy_ranks", "NumpyRanks"),
    "numpy_ranks_wide": ("numpy_ranks", "NumpyRanksWide"),
    "numpy_ranks_lines": ("numpy_ranks", "NumpyRanksLines"),
    "polars_distinct": ("polars_engine", "PolarsDistinct"),
    "polars_every": ("polars_engine", "PolarsEveryVersion"),
    "duckdb_groups": ("duckdb_engine", "DuckDbGroups"),
    "duckdb_cases": ("duckdb_engine", "DuckDbCases"),
    "needfix_servers": ("needfix_engine", "NeedfixServers"),
    "zen": ("zen_engine", "Zen"),
    "clips": ("clips_engine", "Clips"),
    "plain_python": ("plain_python", "PlainPython"),
    "regopy": ("regopy_engine", "Regopy"),
    "oscap_skipping": ("oscap_engine", "OscapSkipping"),
    "oscap_validating": ("oscap_engine", "OscapValidating"),
}
"""Module and class of each engine."""
OWN = "needfix"
YARDSTICK = "numpy_ranks"
ELSEWHERE = {"regorus (OPA's Rego in Rust)": "there is no package of it on PyPI"}
"""What others have measured and this run cannot."""


def engine(name: str) -> AnyEngine:
    """The class of an engine; Unavailable where its library is missing."""
    module, of_module = ENGINES[name]
    try:
        found: AnyEngine = getattr(import_module(f"benchmarks.fleet.{module}"), of_module)
    except ModuleNotFoundError as error:
        raise Unavailable(f"{error.name} is not installed") from error
    return found


def available(names: Iterable[str]) -> tuple[dict[str, AnyEngine], dict[str, str]]:
    """Those that run here, and why the others do not."""
    found: dict[str, AnyEngine] = {}
    missing: dict[str, str] = {}
    for name in names:
        try:
            of_name = engine(name)
            of_name(rules(1))
            found[name] = of_name
        except Unavailable as reason:
            missing[name] = str(reason)
    return found, missing
