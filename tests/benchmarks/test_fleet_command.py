"""`python -m benchmarks.fleet`: its tables and plots, and that wrong answers end it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fleet.__main__ import main

np = pytest.importorskip("numpy", reason="NumPy is not installed: make bench-fleet")
for library in ("pyarrow", "polars"):
    pytest.importorskip(library, reason=f"{library} is not installed: make bench-fleet")
numpy_ranks: Any = pytest.importorskip("benchmarks.fleet.numpy_ranks")

SMALL = ["--servers", "300", "--rules", "20", "--rounds", "1", "--kind", "real", "--produced", "0"]


def test_engines_are_compared_with_each_other_and_with_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--engines", "plain_python", "numpy_ranks", "--folder", str(tmp_path)]
    assert main([*SMALL, *words]) == 0
    shown = capsys.readouterr().out
    assert "| NumPy ranks, by hand | native | 300 | 20 |" in shown
    assert "| plain Python, loops over tuples | lines | 300 | 20 |" in shown
    assert [line.split()[1] for line in shown.splitlines() if line.startswith(("| native", "| lines"))] == [
        "native",
        "lines",
    ]
    assert "regorus (OPA's Rego in Rust) is left out: there is no package of it on PyPI" in shown


def test_text_is_compared_with_plain_reading_into_arrow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--engines", "needfix_lines", "needfix_csv", "--folder", str(tmp_path)]
    assert main([*SMALL, *words]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"JSON lines are read and decided in [0-9.]+ times the time\nof plain reading", shown)
    assert re.search(r"Rows of tall CSV are read and decided in [0-9.]+ times the time\nof plain", shown)


def test_what_other_programs_write_is_decided_with_its_time_and_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--engines", "numpy_ranks", "--folder", str(tmp_path)]
    assert main([*SMALL, *words, "--produced", "20"]) == 0
    shown = capsys.readouterr().out
    for what in ("log of osquery", "PowerShell's JSON, one list", "PowerShell's JSON, a file each"):
        assert [f"| {what} | {servers} |" in shown for servers in (2, 20)] == [True, True]


def test_a_wrong_decision_ends_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    right = numpy_ranks.NumpyRanks.matrix
    monkeypatch.setattr(
        numpy_ranks.NumpyRanks, "matrix", lambda self, data: [b"\0" * 20, *right(self, data)[1:]]
    )
    with pytest.raises(SystemExit, match="numpy_ranks decides wrongly"):
        main([*SMALL, "--engines", "numpy_ranks", "--folder", str(tmp_path)])


def test_a_wrong_count_ends_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(numpy_ranks.NumpyRanks, "counts", lambda _self, _data: ((300, 0, 0),) * 20)
    with pytest.raises(SystemExit, match="numpy_ranks counts wrongly"):
        main([*SMALL, "--engines", "numpy_ranks", "--folder", str(tmp_path)])


@pytest.fixture(autouse=True)
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.fleet.scaling.RULES", (10, 100))


def test_cost_is_reported_against_servers_rules_and_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, "--servers", "1000", "--scaling", "--folder", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "### needfix, real fleet" in shown
    assert all(f"| 1,000 | {rules} |" in shown for rules in ("10", "20", "100"))
    assert "one server in memory: " in shown


def test_the_memory_of_a_run_is_its_own(tmp_path: Path) -> None:
    scaling = pytest.importorskip("benchmarks.fleet.scaling")
    store = pytest.importorskip("benchmarks.fleet.store").store_in(tmp_path)
    task = pytest.importorskip("benchmarks.fleet.measure").Task("real", 100, 10)
    ballast = b"1" * 600_000_000
    child = scaling.child(store, "numpy_ranks", task)
    assert 10 < child.idle_megabytes <= child.peak_megabytes < len(ballast) / 1_000_000


def test_plots_are_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: make bench-fleet")
    words = ["--engines", "numpy_ranks", "--folder", str(tmp_path), "--plot", str(tmp_path / "plots")]
    assert main([*SMALL, *words]) == 0
    assert main([*SMALL, "--servers", "1000", *words, "--scaling"]) == 0
    drawn = sorted(path.name for path in (tmp_path / "plots").iterdir())
    assert drawn == ["fleet-comparison.svg", "fleet-scaling-numpy_ranks-real.svg"]
    assert all(str(tmp_path / "plots" / name) in capsys.readouterr().out for name in drawn[:1])


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 200, 5_000])
def test_full_adders_count_bits_as_adding_them_up_does(rows: int) -> None:
    words = np.random.default_rng(rows).integers(0, 2**64, (rows, 3), dtype=np.uint64)
    bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
    assert numpy_ranks.bit_counts(words).tolist() == bits.sum(axis=0).tolist()
