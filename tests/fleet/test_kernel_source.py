"""Libraries that were compiled from another source than the one beside them are refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import needfix
from needfix.fleet.kernels.source import RECORD, is_compiled, record

PACKAGE = Path(needfix.__file__).parent
FLEET = Path(__file__).parents[2] / "fixtures" / "inventories" / "exchange.parquet"


def evaluate(package: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "needfix", "evaluate", str(FLEET), "--format", "summary"]
    environment = os.environ | {"PYTHONPATH": str(package.parent)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize("changed", ["bits.pyx", "common.pxd"])
def test_a_fleet_is_not_decided_by_libraries_of_an_older_source(tmp_path: Path, changed: str) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    package = Path(shutil.copytree(PACKAGE, tmp_path / "needfix", ignore=ignored))
    shutil.copytree(PACKAGE.parents[1] / "rules", package / "rules")
    assert evaluate(package).returncode == 0
    with (package / "fleet" / "kernels" / changed).open("a") as source:
        source.write("\n# another line\n")
    ran = evaluate(package)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        "needfix: the loops of fleets were compiled from another source",
        "    hint: run make kernels",
    ]


def test_a_record_is_of_every_source(tmp_path: Path) -> None:
    assert is_compiled(tmp_path)
    tmp_path.joinpath("bits.pyx").write_text("one")
    assert not is_compiled(tmp_path)
    record(tmp_path)
    assert is_compiled(tmp_path)
    tmp_path.joinpath("common.pxd").write_text("two")
    assert not is_compiled(tmp_path)


def test_libraries_without_source_are_those_of_a_wheel(tmp_path: Path) -> None:
    tmp_path.joinpath(RECORD).write_text("of another source")
    assert is_compiled(tmp_path)
