"""The guide to writing rules is true: from its first command to its last, each prints what it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.sessions import Block, Session, blocks
from tests.support import ROOT, Needfix

GUIDE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
ARTICLES = ROOT / "fixtures" / "articles"
PROGRAMS = ("needfix", "git", "sed", "pytest")
FAILING = {"needfix lint rules": 1, "needfix test rules": 1, "needfix lint exchange": 1}
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


EDIT = re.compile(
    r"\(Get-Content (?P<file>\S+) -Encoding utf8\) (?:-replace '(?P<old>[^']*)', "
    r"(?:'(?P<plain>(?:[^']|'')*)'|\"(?P<escaped>[^\"]*)\")|-notmatch '(?P<gone>[^']*)') "
    r"\| Set-Content (?P=file) -Encoding utf8"
)


class Edit(NamedTuple):
    """What a line for a POSIX shell did to a file."""

    file: str
    before: str
    after: str


def edited_in_powershell(line: str, edit: Edit) -> str:
    """What the line for PowerShell makes of the same file."""
    found = EDIT.fullmatch(line.strip())
    assert found is not None, line
    assert found["file"].replace("\\", "/") == edit.file
    lines = edit.before.splitlines()
    if found["gone"]:
        return "".join(f"{one}\n" for one in lines if not re.search(found["gone"], one, re.IGNORECASE))
    new = (found["escaped"] or "").replace("`n", "\n") or found["plain"].replace("''", "'")
    old = found["old"].replace("{", "\\{").replace("}", "\\}")
    return "".join(f"{re.sub(old, lambda _: new, one, flags=re.IGNORECASE)}\n" for one in lines)


@pytest.mark.usefixtures("folder")
def test_the_lines_for_powershell_do_the_same(needfix: Needfix) -> None:
    edits: list[Edit] = []
    for block in blocks(GUIDE):
        if block.title:
            write(block)
        elif block.language == "powershell" and "Set-Content" in block.text:
            assert edited_in_powershell(block.text, edits[-1]) == edits[-1].after
        for session in block.sessions if block.language == "console" else ():
            program, *words = shlex.split(session.command)
            if program != "sed":
                printed(session.command, needfix)
                continue
            before = Path(words[-1]).read_text(encoding="utf-8")
            printed(session.command, needfix)
            edits.append(Edit(words[-1], before, Path(words[-1]).read_text(encoding="utf-8")))
    assert len(edits) == GUIDE.count("Set-Content")


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
            rules = (Path("rules/Q900001.yaml"), Path("exchange/Exchange-Mar24SU.yaml"))
            assert any(block.text in file.read_text(encoding="utf-8") for file in rules if file.is_file())
    assert len(seen) > 12


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / link).exists(), link
