"""A disk that is full: what could not be written is named, and what was written before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.importing.kb.support import PRODUCTS, TABLE, kb_article
from tests.support import INVENTORIES, ROOT, Needfix

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of files")

LIMITED = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from needfix.cli.main import main
sys.exit(main(sys.argv[2:]))
"""
"""The command with a limit for files, which fails as a full disk does: in the middle, and without a name."""

RULE = """\
needfix: 1
id: {id}
product: exchange-server
affects: [5.5 SP3, 5.5 SP4]
fixes:
  - files:
      Store.exe: {{version: "5.5.2654.10"}}
"""


def needfix_with(limit: int, *words: object) -> subprocess.CompletedProcess[str]:
    # -B: a compiled module that is cut by the limit would break every later import of it.
    command = [sys.executable, "-B", "-c", LIMITED, str(limit), *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


@pytest.mark.parametrize("report", ["csv", "json", "summary-json", "parquet"])
def test_a_report_has_a_name(tmp_path: Path, report: str) -> None:
    target = tmp_path / "report"
    target.write_text("OLD", encoding="utf-8")
    ran = needfix_with(100, "evaluate", INVENTORIES / "exchange.json", "--format", report, "--output", target)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"needfix: cannot write {target}: File too large\n"
    assert (target.read_text(encoding="utf-8"), list(tmp_path.iterdir())) == ("OLD", [target])


def test_generated_cases_state_which_rules_have_theirs(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(RULE.format(id="Q100001"), encoding="utf-8")
    padding = "# " + "x" * 20_000 + "\n"
    second.write_text(RULE.format(id="Q100002") + padding, encoding="utf-8")
    ran = needfix_with(20_000, "test", "--generate", tmp_path)
    assert ran.returncode == 2
    assert ran.stderr == f"needfix: cannot write {second}: File too large\n    written before: {first}\n"
    assert "cases:" in first.read_text(encoding="utf-8")
    assert second.read_text(encoding="utf-8").endswith(padding)


def test_repaired_rules_are_reported(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    mendable = RULE.replace("[5.5 SP3, 5.5 SP4]", "[5.5 SP4, 5.5 SP3]")
    first.write_text(mendable.format(id="Q100001"), encoding="utf-8")
    second.write_text(mendable.format(id="Q100002") + "# " + "x" * 20_000 + "\n", encoding="utf-8")
    ran = needfix_with(20_000, "lint", "--fix", tmp_path)
    assert ran.returncode == 2
    assert ran.stderr == f"needfix: cannot write {second}: File too large\n    written before: {first}\n"
    assert "[5.5 SP3, 5.5 SP4]" in first.read_text(encoding="utf-8")


def test_an_import_goes_on_and_states_what_was_not_written(tmp_path: Path) -> None:
    rows = "\n".join(f"   File{number:03}.exe  5.5.2000.{number}" for number in range(1, 200))
    (tmp_path / "a.txt").write_text(
        kb_article(number="Q900001", resolution=f"{TABLE}\n{rows}"), encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text(kb_article(number="Q900002"), encoding="utf-8")
    out = tmp_path / "out"
    ran = needfix_with(4_000, "import", "kb", tmp_path, "--output", out, "--rules", PRODUCTS)
    assert ran.returncode == 2
    assert ran.stderr == f"{out}/Q900001.yaml:1: cannot write {out}/Q900001.yaml: File too large\n"
    assert [file.name for file in out.iterdir()] == ["Q900002.yaml"]
    assert ran.stdout.startswith(f"1 rule written to {out}")


RULE_FILE = ROOT / "rules" / "exchange-5.5" / "Q279798.yaml"
EXCHANGE = INVENTORIES / "exchange.json"
COMMANDS = [
    ("lint", RULE_FILE),
    ("test", RULE_FILE),
    ("explain", EXCHANGE, "--server", "MAIL01", "--rule", "Q279798"),
    ("diff", RULE_FILE, RULE_FILE, "--inventory", EXCHANGE),
    ("evaluate", EXCHANGE, "--rule", "Q279798"),
    ("rules", "list"),
    ("rules", "show", "Q279798"),
    ("schema", "rule"),
    ("--help",),
    ("--version",),
    ("lint", "--help"),
]
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


@needs_full
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: str(words[0]))
def test_standard_output_has_a_name(words: tuple[object, ...]) -> None:
    command = [sys.executable, "-m", "needfix", *map(str, words)]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, encoding="utf-8")
    assert ran.returncode == 2
    assert ran.stderr == "needfix: cannot read or write standard output: No space left on device\n"


@needs_full
@pytest.mark.parametrize("words", COMMANDS[:5], ids=lambda words: str(words[0]))
def test_a_device_has_a_name(needfix: Needfix, words: tuple[object, ...]) -> None:
    ran = needfix(*words, "--output", "/dev/full")
    assert (ran.code, ran.err) == (2, "needfix: cannot read or write /dev/full: No space left on device\n")
