"""The page about Windows is true: its samples are inventories, its links and its macro are right."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.sessions import blocks
from tests.support import ROOT, Needfix

PAGE = (ROOT / "docs" / "windows.md").read_text(encoding="utf-8")
INDENTED = re.sub("^  ", "", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("language", ["json", "yaml"])
def test_a_sample_is_an_inventory_with_that_file(needfix: Needfix, tmp_path: Path, language: str) -> None:
    (sample,) = (block.text for block in blocks(INDENTED) if block.language == language)
    file = tmp_path / f"sample.{language}"
    file.write_text(sample, encoding="utf-8")
    ran = needfix("explain", file, "--server", "MAIL01", "--rule", "Q279798")
    assert (ran.code, ran.err) == (0, "")
    assert r"C:\exchsrvr\bin\store.exe" in ran.out


def test_the_macro_is_that_of_the_wheels() -> None:
    configuration = tomllib.loads((ROOT / ".ci" / "durable-rules.toml").read_text(encoding="utf-8"))
    assert f'$env:CL = "{configuration["tool"]["cibuildwheel"]["windows"]["environment"]["CL"]}"' in PAGE


def test_links_lead_somewhere() -> None:
    for page in ("docs/windows.md", "CHANGELOG.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!http)([^)#]+)", text):
            assert (ROOT / page).parent.joinpath(link).exists(), (page, link)
