"""Names that Windows takes for devices: servers may have them, and no file that needfix writes does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.importing.kb.support import PRODUCTS, kb_article
from tests.support import Needfix

NAMES = ["CON", "PRN", "AUX", "NUL", "COM1", "lpt9", "Con.1"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("more", [[], ["--format", "parquet", "--output", "decisions.parquet"]])
def test_servers_may_be_called_so(needfix: Needfix, more: list[str]) -> None:
    records = [{"server": name, "products": [], "complete": ["products"]} for name in NAMES]
    Path("servers.json").write_text(json.dumps(records), encoding="utf-8")
    ran = needfix("evaluate", "servers.json", "--rule", "Q279798", "--fail-on", "undetermined", *more)
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if line in NAMES] == ([] if more else NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_new_rule_gets_a_file_that_windows_can_have(needfix: Needfix, name: str) -> None:
    ran = needfix("rules", "new", name)
    assert (ran.code, ran.err) == (0, "")
    (file,) = Path().glob("*.yaml")
    assert file.name == f"{name.partition('.')[0]}_{name[len(name.partition('.')[0]) :]}.yaml"
    assert needfix("rules", "list", "--rules", file).out.startswith(name)


def test_an_imported_product_gets_a_file_that_windows_can_have(needfix: Needfix) -> None:
    Path("articles").mkdir()
    Path("articles/Q900050.txt").write_text(kb_article("Microsoft Con, version 1.0"), encoding="utf-8")
    assert needfix("import", "kb", "articles", "--output", "rules", "--rules", PRODUCTS).code == 0
    assert [file.name for file in Path("rules/products").iterdir()] == ["con_.yaml"]
    assert needfix("rules", "list", "--rules", "rules").code == 0
    again = needfix("import", "kb", "articles", "--output", "rules", "--rules", PRODUCTS)
    assert (again.code, [file.name for file in Path("rules/products").iterdir()]) == (0, ["con_.yaml"])


def test_a_product_with_a_very_long_name_stops_no_import(needfix: Needfix) -> None:
    Path("articles").mkdir()
    long = f"Exampla {'Very Long ' * 40}Server, version 1.0"
    Path("articles/Q900050.txt").write_text(kb_article(long), encoding="utf-8")
    Path("articles/Q900051.txt").write_text(kb_article(number="Q900051"), encoding="utf-8")
    ran = needfix("import", "kb", "articles", "--output", "rules", "--rules", PRODUCTS)
    assert Path("rules/Q900051.yaml").is_file(), ran.err
    assert "File name too long" not in ran.err
    shutil.rmtree("rules")
