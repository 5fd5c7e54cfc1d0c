"""The README is true: its sessions print what it shows, and its example runs."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from needfix.cli.commands import COMMANDS
from needfix.model.reason_codes import REASON_CODES
from tests.docs.sessions import Session, blocks, sessions

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


SESSIONS = sessions(README)


def texts(language: str) -> list[str]:
    return [block.text for block in blocks(README) if block.language == language]


@pytest.mark.parametrize("session", SESSIONS, ids=[one.command for one in SESSIONS])
def test_a_session_prints_what_the_readme_shows(session: Session) -> None:
    words = shlex.split(session.command)
    assert words[0] == "needfix"
    ran = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert session.is_shown(ran.stdout), ran.stdout


def test_the_python_example_prints_what_the_readme_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = texts("python")
    (shown,) = texts("text")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - the README's own example
    assert printed.getvalue() == shown


@pytest.mark.parametrize("language", ["json", "csv", "yaml"])
def test_the_samples_are_input_that_needfix_takes(language: str, tmp_path: Path) -> None:
    (sample,) = texts(language)
    file = tmp_path / f"sample.{language}"
    file.write_text(sample, encoding="utf-8")
    words = ["rules", "list", "--rules", str(file)] if language == "yaml" else ["evaluate", str(file)]
    ran = subprocess.run([sys.executable, "-m", "needfix", *words], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_readme_names_every_command() -> None:
    assert all(f"`needfix {command} " in README for command in COMMANDS)


def test_the_readme_names_every_dependency() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (dependencies,) = re.findall(r"^dependencies = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    names = re.findall(r'"([a-z-]+)', re.sub("#.*", "", dependencies))
    assert names
    assert all(f"\n| {name} |" in README for name in names)


def test_every_reason_code_is_documented_with_its_meaning() -> None:
    page = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.MULTILINE))
    assert rows == REASON_CODES


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
