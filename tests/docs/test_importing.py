"""The guide to importing is true: its sessions, one after the other, print what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.docs.sessions import sessions
from tests.support import ROOT, Needfix

GUIDE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
ARTICLES = ROOT / "fixtures" / "articles"
DRAWER = ("Q900001.txt", "Q900002.txt", "Q900004.txt", "refused-no-table.txt")


def test_the_sessions_print_what_the_guide_shows(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ARTICLES / "products", tmp_path / "products")
    (tmp_path / "drawer").mkdir()
    for name in DRAWER:
        shutil.copy(ARTICLES / name, tmp_path / "drawer")
    table = re.search(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    assert table is not None
    (tmp_path / "builds.csv").write_text(table[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = sessions(GUIDE)
    assert len(found) == 5
    for session in found:
        program, *words = shlex.split(session.command)
        assert program == "needfix"
        ran = needfix(*words)
        assert session.is_shown(ran.err + ran.out), ran.err + ran.out


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / link).exists(), link
