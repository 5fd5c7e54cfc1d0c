"""The guide to writing rules is true: from its first command to its last, each prints what it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.sessions import Block, Session, blocks
from tests.support import ROOT, Needfix

GUIDE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
ARTICLES = ROOT / "fixtures" / "articles"
PROGRAMS = ("needfix", "git", "sed", "pytest")
FAILING = {"needfix lint rules": 1, "needfix test rules": 1}
"""Commands that end with a finding when they are shown for the first time."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the guide begins with."""
    if shutil.which("git") is None or shutil.which("sed") is None:
        pytest.skip("Git or sed is not installed")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "rules" / "products").mkdir(parents=True)
    shutil.copy(ARTICLES / "Q900001.txt", "articles")
    shutil.copy(ARTICLES / "products" / "exampla-mail-server.yaml", "rules/products")
    for name, value in (("GIT_AUTHOR", "Author"), ("GIT_COMMITTER", "Author")):
        monkeypatch.setenv(f"{name}_NAME", value)
        monkeypatch.setenv(f"{name}_EMAIL", "author@example.com")


def write(block: Block) -> None:
    """Write a file; `>> PATH` adds to one."""
    path = Path(block.title.removeprefix(">> "))
    path.parent.mkdir(exist_ok=True, parents=True)
    with path.open("a" if block.title.startswith(">> ") else "w", encoding="utf-8") as file:
        file.write(block.text)


def printed(command: str, needfix: Needfix) -> tuple[int, str]:
    program, *words = shlex.split(command)
    assert program in PROGRAMS
    if program == "needfix":
        ran = needfix(*words)
        return ran.code, ran.err + ran.out
    line = [sys.executable, "-m", "pytest", *words] if program == "pytest" else [program, *words]
    done = subprocess.run(
        line, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "COLUMNS": "80"}
    )
    return done.returncode, done.stderr + done.stdout


def check(session: Session, needfix: Needfix, seen: set[str]) -> None:
    code, out = printed(session.command, needfix)
    assert session.is_shown(out), f"{session.command}\n{out}"
    assert code == (0 if session.command in seen else FAILING.get(session.command, 0))
    seen.add(session.command)


@pytest.mark.usefixtures("folder")
def test_the_guide_works_from_the_article_to_the_end(needfix: Needfix) -> None:
    seen: set[str] = set()
    for block in blocks(GUIDE):
        if block.title:
            write(block)
        elif block.language == "console":
            for session in block.sessions:
                check(session, needfix, seen)
        elif block.text.startswith("  - name: "):
            assert block.text in Path("rules/Q900001.yaml").read_text(encoding="utf-8")
    assert len(seen) > 12


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / link).exists(), link
