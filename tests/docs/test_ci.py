"""The page about CI is true: whoever follows it has running tests."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.sessions import blocks
from tests.support import ROOT

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    \$ pytest (.*)$", PAGE, re.MULTILINE)
(SETTINGS,) = (block for block in blocks(PAGE) if block.title == "pytest.ini")


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    shutil.copy(ROOT / "rules" / "exchange-5.5" / "Q279798.yaml", "rules")


def printed(words: list[str]) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *words], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs_cases(command: str) -> None:
    assert re.search(r"\b[1-9][0-9]* passed", printed(shlex.split(command)))


def test_the_settings_of_the_page_run_all_cases() -> None:
    Path(SETTINGS.title).write_text(SETTINGS.text, encoding="utf-8")
    collected = printed(["--collect-only", "-q"])
    assert "rules/Q279798.yaml::Q279798: exactly the minimum" in collected
    assert "rules/Q279798.yaml::" in printed(["-v", "--needfix"])
