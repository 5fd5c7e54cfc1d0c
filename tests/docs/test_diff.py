"""The page about diff is true: its sessions print what it shows, and its table has every option."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.sessions import Session, sessions
from tests.support import INVENTORIES, ROOT, Needfix

PAGE = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
SESSIONS = sessions(PAGE)
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
@pytest.mark.parametrize("session", SESSIONS, ids=[one.command for one in SESSIONS])
def test_a_session_prints_what_the_page_shows(session: Session, needfix: Needfix) -> None:
    program, *words = shlex.split(session.command)
    assert program == "needfix"
    ran = needfix(*words)
    assert (ran.code, ran.err) == (0, "")
    assert session.is_shown(ran.out), ran.out


def test_the_table_has_every_option(needfix: Needfix) -> None:
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", needfix("diff", "--help").out)) - {"--help", "--debug"}
    assert options == set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/diff.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
