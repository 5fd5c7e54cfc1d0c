"""docs/fleets.md shows what the command and the library print."""

from __future__ import annotations

import contextlib
import io
import shlex

import pytest

from tests.docs.sessions import Session, blocks, sessions
from tests.support import ROOT, Needfix

PAGE = (ROOT / "docs" / "fleets.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("session", sessions(PAGE), ids=lambda session: session.command)
def test_the_command_prints_what_the_page_shows(
    session: Session, needfix: Needfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    ran = needfix(*shlex.split(session.command)[1:])
    assert session.is_shown(ran.out), ran.out


def test_the_example_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    example, shown = (
        next(block.text for block in blocks(PAGE) if block.language == name) for name in ("python", "text")
    )
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(example, "docs/fleets.md", "exec"), {})  # noqa: S102 - our own page
    assert out.getvalue() == shown
