"""Spark is an extra: who does not use it needs none of it, and who lacks it is shown what to install."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.support import INVENTORIES, ROOT

WITHOUT = """
from importlib import util
there = util.find_spec
util.find_spec = lambda name, *rest: None if name in {missing!r} else there(name, *rest)
from needfix.errors import UsageError
try:
    import needfix.spark
except UsageError as error:
    print(error)
"""
LOADED = """
import sys, needfix
from needfix.cli.main import main
main(["evaluate", {inventory!r}, "--output", {output!r}])
print([name for name in ("pyspark", "pandas", "py4j") if name in sys.modules])
"""


def printed(program: str) -> str:
    words = [sys.executable, "-c", program]
    ran = subprocess.run(words, cwd=ROOT / "engine", capture_output=True, text=True, check=True)
    return ran.stdout


@pytest.mark.skipif(not find_spec("pyspark"), reason="PySpark is not installed: Spark is not tested")
def test_spark_is_installed() -> None:
    import needfix.spark  # noqa: PLC0415 - may be missing

    assert {"evaluate", "evaluate_on", "problems", "summary"} <= set(needfix.spark.__all__)


def test_what_is_missing_is_reported_with_how_to_install_it() -> None:
    text = 'Spark needs pyspark and pandas, which are not installed\n    hint: pip install "needfix[spark]"\n'
    assert printed(WITHOUT.format(missing=["pyspark", "pandas"])) == text
    text = 'Spark needs pandas, which is not installed\n    hint: pip install "needfix[spark]"\n'
    assert printed(WITHOUT.format(missing=["pandas"])) == text


def test_a_run_without_spark_loads_none_of_it(tmp_path: object) -> None:
    program = LOADED.format(inventory=str(INVENTORIES / "exchange.json"), output=f"{tmp_path}/report")
    assert printed(program) == "[]\n"
