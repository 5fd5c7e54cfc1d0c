"""The page about lint is true: it has every check, and its examples print what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from needfix.lint import CHECKS
from tests.support import ROOT, Needfix

PAGE = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
IN_ORDER = sorted(CHECKS, key=lambda check: check.code)
LEFT_OUT = {"NF109", "NF502", "NF601"}
"""The notes about what the examples leave out."""

SECTIONS = dict(re.findall(r"^## (NF[0-9]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))

EXAMPLE = re.compile(r"^```yaml\n(.*?)```\n\n```text\n(.*?)```$", re.MULTILINE | re.DOTALL)


def test_the_table_has_every_check_as_the_registry_has_it() -> None:
    rows = re.findall(r"^\| \[(NF[0-9]+)\]\(#(.+?)\) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [
        (check.code, check.code.lower(), check.severity, check.summary, check.why) for check in IN_ORDER
    ]


def test_every_check_has_a_section_in_order_and_a_code_of_its_own() -> None:
    assert list(SECTIONS) == sorted({check.code for check in CHECKS})
    assert len(SECTIONS) == len(CHECKS)


@pytest.mark.parametrize("code", SECTIONS)
def test_an_example_prints_what_the_page_shows(
    code: str, needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((rules, shown),) = EXAMPLE.findall(SECTIONS[code])
    (tmp_path / "example.yaml").write_text(rules, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert needfix("lint", "example.yaml", "--ignore", *sorted(LEFT_OUT - {code})).out == shown
    assert f" {code} " in shown


def test_the_settings_and_the_silence_are_such_as_needfix_reads(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, silence = re.findall(
        r"^```yaml\n(.*?)```$", PAGE.partition("\n## NF")[0], re.MULTILINE | re.DOTALL
    )
    ((rules, _),) = EXAMPLE.findall(SECTIONS["NF305"])
    (tmp_path / ".needfix.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / "example.yaml").write_text(rules + silence, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ran = needfix("lint", "example.yaml")
    assert (ran.code, ran.err) == (1, "")
    assert "warning NF502" in ran.out
    assert ran.out.endswith("1 rule: 0 errors, 1 warning, 2 notes, 1 silenced\n")


def test_links_lead_to_sections() -> None:
    for link in re.findall(r"\]\(#(nf[0-9]+)\)", PAGE):
        assert link.upper() in SECTIONS
