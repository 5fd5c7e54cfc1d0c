"""The page about diff is true: its sessions print what it shows, and its table has every option."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import INVENTORIES, ROOT, Needfix

PAGE = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
SESSIONS = re.findall(r"^```console\n\$ needfix ([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
VERSIONS = ROOT / "fixtures" / "diff"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with the old rules on main and the new ones in the working tree."""
    program = shutil.which("git")
    if program is None:
        pytest.skip("Git is not installed")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(VERSIONS / "old", "rules")
    who = ["-c", "user.name=Author", "-c", "user.email=author@example.com"]
    for words in (["init", "-q", "--initial-branch=main"], ["add", "."], ["commit", "-q", "-m", "Rules"]):
        subprocess.run([program, *who, *words], check=True)
    shutil.rmtree("rules")
    shutil.copytree(VERSIONS / "new", "rules")
    Path("recorded").mkdir()
    shutil.copy(INVENTORIES / "exchange.json", "recorded")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(("command", "shown"), SESSIONS, ids=[command for command, _ in SESSIONS])
def test_a_session_prints_what_the_page_shows(command: str, shown: str, needfix: Needfix) -> None:
    ran = needfix(*shlex.split(command))
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch("(.*\n)*?".join(map(re.escape, shown.split("...\n"))), ran.out), ran.out


def test_the_table_has_every_option(needfix: Needfix, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        needfix("diff", "--help")
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert options == set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/diff.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
