"""How runs end that do not end well: a message, an exit code, no traceback, and no finding."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from needfix.cli import commands
from needfix.cli.commands import COMMANDS
from tests.support import INVENTORIES, ROOT, Needfix, problems_in

SAMPLE = INVENTORIES / "exchange.json"
RULE = ROOT / "rules" / "exchange-5.5" / "Q279798.yaml"
FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
needs_any_name = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text here")


def failing(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_words: list[str]) -> int:
        raise error

    monkeypatch.setattr(commands, "_command", fail)


@pytest.mark.parametrize(
    "error",
    [KeyError("server\nexists\x1b"), UnicodeEncodeError("utf-8", "\udcff", 0, 1, "no"), RecursionError()],
)
def test_a_fault_is_no_finding(error: Exception, needfix: Needfix, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(error, monkeypatch)
    ran = needfix("evaluate")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.startswith(f"needfix: a fault in needfix itself, not in its input: {type(error).__name__}")
    assert "\n    hint: report it with the command at https://needfix.dev; --debug shows" in ran.err
    assert len(ran.err.splitlines()) == 2
    assert ran.err.replace("\n", "").isprintable()


def test_debug_shows_the_traceback_of_a_fault(needfix: Needfix, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(KeyError("a\x1bb"), monkeypatch)
    ran = needfix("evaluate", "a.json", "--debug")
    assert ran.code == 70
    assert "\nTraceback (most recent call last):\n" in ran.err
    assert "\x1b" not in ran.err


def test_memory_that_runs_out_is_stated(needfix: Needfix, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(MemoryError(), monkeypatch)
    ran = needfix("evaluate")
    assert (ran.code, ran.err) == (70, "needfix: there is not enough memory (MemoryError)\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_debug(command: str, needfix: Needfix) -> None:
    assert "--debug" in needfix(command, "--help").out
    assert needfix("--debug", command, "--help").code == 0


def test_the_help_has_the_exit_code_of_a_fault(needfix: Needfix) -> None:
    assert "70 a fault in needfix itself (--debug" in needfix("--help").out


@needs_full
def test_messages_that_nobody_can_read_alter_no_exit_code(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"server": "A", "server": "B"}', encoding="utf-8")
    for words, code in ((["evaluate", str(bad)], 2), (["evalute"], 2), (["rules", "list"], 0)):
        with FULL.open("wb") as full:
            ran = subprocess.run(
                [sys.executable, "-m", "needfix", *words], stdout=subprocess.PIPE, stderr=full, check=False
            )
        assert ran.returncode == code, words


@needs_full
def test_help_on_a_full_disk_is_stated() -> None:
    with FULL.open("wb") as full:
        words = [sys.executable, "-m", "needfix", "evaluate", "--help"]
        ran = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, b"Traceback" in ran.stderr) == (2, False)


@needs_any_name
@pytest.mark.parametrize(
    "words",
    [
        ["lint", "--format", "json", "RULE"],
        ["lint", "--format", "sarif", "RULE"],
        ["lint", "--format", "github", "RULE"],
        ["lint", "RULE"],
        ["test", "--format", "json", "RULE"],
        ["test", "--format", "junit", "RULE"],
        ["test", "--format", "github", "--coverage", "RULE"],
        [
            "explain",
            "SAMPLE",
            "--server",
            "MAIL01",
            "--rule",
            "Q279798",
            "--rules",
            "RULE",
            "--format",
            "json",
        ],
        ["evaluate", "SAMPLE", "--rules", "RULE", "--format", "json"],
        ["diff", "RULE", "CHANGED", "--inventory", "SAMPLE", "--format", "json"],
        ["diff", "RULE", "CHANGED", "--inventory", "SAMPLE", "--format", "markdown"],
        ["rules", "new", "Q1", "--output", "NEW"],
        ["import", "kb", str(ROOT / "fixtures" / "articles" / "Q900001.txt"), "--output", "FOLDER"],
    ],
)
def test_a_file_whose_name_is_no_utf_8(words: list[str], tmp_path: Path) -> None:
    names = {
        "RULE": b"rule\xff.yaml", "CHANGED": b"changed\xff.yaml", "SAMPLE": b"servers\xff.json",
        "NEW": b"new\xff.yaml", "FOLDER": b"folder\xff",
    }  # fmt: skip
    paths = {name: tmp_path / os.fsdecode(file) for name, file in names.items()}
    shutil.copy(RULE, paths["RULE"])
    shutil.copy(SAMPLE, paths["SAMPLE"])
    changed = RULE.read_text(encoding="utf-8").replace("5.5.2654.29", "5.5.2650.1")
    paths["CHANGED"].write_text(changed, encoding="utf-8")
    command = [sys.executable, "-m", "needfix", *(str(paths.get(word, word)) for word in words)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    ran = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert ran.returncode in (0, 1)
    assert problems_in(ran.stderr.decode()) == []
    ran.stdout.decode("utf-8")
    if "json" in words or "sarif" in words:
        assert json.loads(ran.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT between processes")
@pytest.mark.parametrize("module", ["needfix.cli.commands", "argparse", "needfix.catalogue"])
def test_ctrl_c_while_modules_are_imported_is_one_line(module: str) -> None:
    script = f"""
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it is ignored, as in the background
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from needfix.cli.main import main
sys.exit(main())
"""
    ran = subprocess.run([sys.executable, "-c", script, "rules", "list"], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"needfix: interrupted\n")


@pytest.mark.parametrize("module", ["needfix.cli.commands", "argparse", "needfix.catalogue"])
@pytest.mark.parametrize("error", ["ImportError('not\\x1b there')", "SyntaxError('bad')"])
def test_an_installation_that_is_broken_is_no_finding(module: str, error: str) -> None:
    script = f"""
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise {error}
sys.meta_path.insert(0, Missing())
from needfix.cli.main import main
sys.exit(main())
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, "rules", "list"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (70, "")
    assert ran.stderr.startswith("needfix: a fault in needfix itself, not in its input: ")
    assert "Traceback" not in ran.stderr
    assert ran.stderr.replace("\n", "").isprintable()


class Wordless(Exception):  # noqa: N818 - as any library may name it
    """An error that cannot be written as text."""

    def __str__(self) -> str:
        raise ValueError


def test_a_fault_that_cannot_be_written_is_named(needfix: Needfix, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(Wordless(), monkeypatch)
    ran = needfix("evaluate", "--debug")
    assert ran.code == 70
    assert ran.err.startswith("needfix: a fault in needfix itself, not in its input: Wordless\n    hint: ")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT between processes")
def test_ctrl_c_again_and_again_is_one_line(tmp_path: Path) -> None:
    target = tmp_path / "report"
    words = ["evaluate", "-", "--format", "parquet", "--output", str(target)]
    with subprocess.Popen(
        [sys.executable, "-m", "needfix", *words], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(
            b"".join(b'{"server": "A%d", "products": []}\n' % number for number in range(40_000))
        )
        process.stdin.flush()
        for _ in range(3):
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (130, b"needfix: interrupted\n")
    assert list(tmp_path.iterdir()) == []
