"""The page about inventories is true: its sessions print what it shows."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.docs.sessions import Session, blocks, sessions
from tests.support import ROOT, Needfix

PAGE = (ROOT / "docs" / "inventories.md").read_text(encoding="utf-8")
SESSIONS = sessions(PAGE)


@pytest.mark.parametrize("session", SESSIONS, ids=[one.command for one in SESSIONS])
def test_a_session_prints_what_the_page_shows(
    session: Session, needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(PAGE):
        if block.title:
            Path(block.title).write_text(block.text, encoding="utf-8")
    program, *words = shlex.split(session.command)
    assert program == "needfix"
    ran = needfix(*words)
    assert session.is_shown(ran.out + ran.err), ran.out + ran.err
