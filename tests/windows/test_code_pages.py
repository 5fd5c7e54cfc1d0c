"""Standard output with the code page of a Windows console, and files whatever the code page is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.importing.kb.support import PRODUCTS
from tests.support import INVENTORIES, ROOT, Needfix

RULES = str(ROOT / "rules" / "exchange-5.5" / "Q279798.yaml")
SERVERS = str(INVENTORIES / "exchange.json")
ARTICLE = str(ROOT / "fixtures" / "articles" / "Q900009.txt")
TITLE = "Größe · 日本語 → „Ärger“ …"
COMMANDS = [
    ["--help"],
    ["rules", "list", "--rules", "rule.yaml"],
    ["evaluate", SERVERS, "--rules", "rule.yaml"],
    ["evaluate", SERVERS, "--rules", "rule.yaml", "--format", "summary"],
    ["explain", SERVERS, "--rules", "rule.yaml", "--rule", "Q279798", "--server", "MAIL01"],
    ["lint", "rule.yaml"],
    ["test", "rule.yaml"],
    ["rules", "new", "Q1", "--output", "-"],
    ["diff", "rule.yaml", "rule.yaml", "--inventory", SERVERS],
]

pytestmark = pytest.mark.broad  # a process for each command


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a rule whose title no code page of the West has."""
    monkeypatch.chdir(tmp_path)
    text = re.sub("title: .*", f"title: {TITLE}", Path(RULES).read_text(encoding="utf-8"))
    Path("rule.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def ran_with(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own, where opening a file without its encoding is an error."""
    line = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "-m", "needfix"]
    own = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), **environment}
    return subprocess.run([*line, *words], env=own, capture_output=True, check=False)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_output_is_utf_8_whatever_the_code_page(needfix: Needfix, words: list[str]) -> None:
    ran = ran_with(*words, PYTHONIOENCODING="cp437:strict")
    here = needfix(*words)
    assert (ran.returncode, ran.stderr.decode()) == (0, here.err)
    assert ran.stdout.decode() == here.out


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1252"])
def test_a_title_that_the_code_page_lacks_is_whole(page: str) -> None:
    ran = ran_with("rules", "list", "--rules", "rule.yaml", PYTHONIOENCODING=f"{page}:strict")
    assert TITLE in ran.stdout.decode()


def test_a_message_that_the_code_page_lacks_is_written_all_the_same() -> None:
    ran = ran_with("evaluate", f"{TITLE}.json", PYTHONIOENCODING="cp437:strict")
    assert ran.returncode == 2
    assert b"there is no such file" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_files_are_utf_8_in_any_locale() -> None:
    words = ["evaluate", SERVERS, "--rules", "rule.yaml", "--output"]
    locale = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    assert ran_with(*words, "c.txt", **locale).returncode == 0
    assert ran_with(*words, "utf-8.txt", PYTHONUTF8="1").returncode == 0
    assert TITLE in Path("c.txt").read_text(encoding="utf-8")
    assert Path("c.txt").read_bytes() == Path("utf-8.txt").read_bytes()


def test_what_is_made_of_files_is_utf_8_in_any_locale() -> None:
    locale = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    made = ran_with("import", "kb", ARTICLE, "--output", "rules", "--rules", str(PRODUCTS), **locale)
    assert made.returncode == 0, made.stderr
    assert "Caf\xe9" in Path("rules/Q900009.yaml").read_text(encoding="utf-8")
    assert ran_with("test", "--generate", "rule.yaml", **locale).returncode == 0
    assert TITLE in Path("rule.yaml").read_text(encoding="utf-8")
