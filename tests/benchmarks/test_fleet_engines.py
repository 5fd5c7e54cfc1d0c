"""Engines of the fleet benchmark: they agree with the reference, and one that cannot run is reported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fleet.__main__ import main
from benchmarks.fleet.engine import Unavailable, counted
from benchmarks.fleet.engines import ENGINES, available, engine
from benchmarks.sample import rules
from tests.support import ROOT

RULES = 60
SERVERS = 150


def test_an_engine_whose_library_is_missing_is_left_out_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "clips", None)
    monkeypatch.delitem(sys.modules, "benchmarks.fleet.clips_engine", raising=False)
    assert available(["clips"]) == ({}, {"clips": "clips is not installed"})


def test_oscap_is_left_out_where_the_program_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert available(["oscap_skipping"]) == (
        {},
        {"oscap_skipping": "oscap is not installed (on Debian: apt install openscap-scanner)"},
    )


def test_the_command_says_what_to_do_where_nothing_is_installed() -> None:
    code = """
import sys
sys.modules["polars"] = None
from benchmarks.fleet.__main__ import main
sys.exit(main([]))
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, "error: polars is not installed\n    hint: make bench-fleet\n")


def test_a_size_that_is_not_positive_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--servers", "0"])
    assert "argument --servers: 0 is not positive" in capsys.readouterr().err


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - it needs NumPy to be imported
    pytest.importorskip("numpy", reason="NumPy is not installed: make bench-fleet")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: make bench-fleet")
    module = pytest.importorskip("benchmarks.fleet.store")
    return module.Store(tmp_path_factory.mktemp("fleets"))


@pytest.mark.parametrize("kind", ["real", "worst"])
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.oscap) if name.startswith("oscap") else name for name in ENGINES],
)
def test_an_engine_agrees_with_the_reference(
    store: Any,  # noqa: ANN401 - as above
    name: str,
    kind: str,
) -> None:
    try:
        of_name = engine(name)
        prepared = of_name(rules(RULES))
    except Unavailable as reason:
        pytest.skip(f"{name}: {reason}")
    servers = min(SERVERS, of_name.most.servers)
    fleet: Path = store.fleet(kind, servers, of_name.reads)
    truth = pytest.importorskip("benchmarks.fleet.reference").matrix(kind, servers, RULES)
    data = prepared.load(fleet)
    assert prepared.matrix(data) == truth
    assert prepared.counts(data) == counted(truth, RULES) == prepared.run(fleet)


def test_the_reference_counts_in_processes_what_it_decides_in_one(
    store: Any,  # noqa: ANN401 - as above
) -> None:
    reference = pytest.importorskip("benchmarks.fleet.reference")
    servers = 10_050
    assert store.truth("worst", servers, 3) == counted(reference.matrix("worst", servers, 3), 3)
