"""Where the parts of an article say different things."""

from __future__ import annotations

import pytest

from tests.importing.kb.support import MAIL, TABLE, draft, kb_article, whys

X86 = TABLE.replace("Version", "Version      Platform").replace("5.5.2000.1", "5.5.2000.1   x86")
BOTH = "Exampla Mail Server, versions 5.5, 5.5 SP1"


@pytest.mark.parametrize(
    ("head", "bullet", "why"),
    [
        ("PROD/VER::5.5", MAIL, None),
        ("PROD/VER:winnt:5.5", MAIL, None),
        ("PROD/VER:", MAIL, None),
        ("", MAIL, None),
        ("PROD/VER::5.5,5.5 SP1", BOTH, None),
        ("PROD/VER::5.0,5.5", MAIL, "only the head lists 5.0"),
        ("PROD/VER:unix:5.0;winnt:5.5", MAIL, "only the head lists 5.0"),
        ("PROD/VER::5.5", BOTH, "only the bullets list 5.5 SP1"),
        ("PROD/VER::5.0", MAIL, "only the head lists 5.0 and only the bullets list 5.5"),
    ],
)
def test_head_and_bullets(head: str, bullet: str, why: str | None) -> None:
    assert whys(draft(kb_article(bullet, head=head))) == ([f"{why}; the bullets were taken"] if why else [])


@pytest.mark.parametrize(
    ("status", "about"),
    [
        ("Exampla has confirmed this problem in Exampla Mail Server 5.5.", None),
        ("Exampla has confirmed this problem in Exampla Mail Server 4.0.", "affects"),
        ("This was corrected in Exampla Mail Server 5.5 Service Pack 2.", "corrected_in"),
        ("The fix is only for servers with Service Pack 2.", "requires"),
    ],
)
def test_the_status(status: str, about: str | None) -> None:
    found = draft(kb_article(BOTH, status=status))
    assert [doubt.about for doubt in found.doubts] == ([about] if about else [])
    assert all(doubt.read == status for doubt in found.doubts)


@pytest.mark.parametrize(
    ("table", "hardware", "expected"),
    [
        (X86, "ALPHA x86", ["the tables list x86, but nothing for alpha"]),
        (X86, "x86", []),
        (TABLE, "ALPHA x86", []),
    ],
)
def test_hardware_and_tables(table: str, hardware: str, expected: list[str]) -> None:
    assert whys(draft(kb_article(resolution=table, foot=f"Hardware          : {hardware}"))) == expected
