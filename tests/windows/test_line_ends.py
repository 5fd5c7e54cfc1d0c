"""Files with CRLF at the ends of lines are read as those with LF; what is written to them keeps theirs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.importing.kb.support import PRODUCTS
from tests.support import INVENTORIES, ROOT, Needfix

RULE = ROOT / "rules" / "exchange-5.5" / "Q279798.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def with_crlf(file: Path, name: str = "") -> str:
    """A copy of a text file in the current folder, its lines ended as Windows does."""
    text = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    Path(name or file.name).write_bytes(text)
    return name or file.name


@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml", "csv"])
@pytest.mark.parametrize("form", ["csv", "summary-json"])
def test_an_inventory_decides_alike(needfix: Needfix, ending: str, form: str) -> None:
    file = INVENTORIES / f"exchange.{ending}"
    copy = with_crlf(file)
    words = ["--rules", RULE, "--format", form]
    ran = needfix("evaluate", copy, *words)
    plain = needfix("evaluate", file, *words)
    assert (ran.code, ran.err) == (0, plain.err.replace(str(file), copy))
    assert ran.out.replace(copy, str(file)) == plain.out


def test_rules_decide_and_test_alike(needfix: Needfix) -> None:
    copy = with_crlf(RULE)
    decide = ["evaluate", INVENTORIES / "exchange.json", "--format", "csv", "--rules"]
    assert needfix(*decide, copy).out == needfix(*decide, RULE).out
    assert needfix("test", copy).out == needfix("test", RULE).out
    assert needfix("lint", copy).code == 0


def test_a_mistake_has_the_same_place(needfix: Needfix) -> None:
    file = ROOT / "fixtures" / "errors" / "unknown-key.yaml"
    with_crlf(file)
    shutil.copy(file, "lf.yaml")
    shown = [needfix("lint", name).err for name in ("unknown-key.yaml", "lf.yaml")]
    assert shown[0] == shown[1].replace("lf.yaml", "unknown-key.yaml")


def test_what_is_written_into_a_rule_keeps_its_ends_of_lines(needfix: Needfix) -> None:
    text = RULE.read_text(encoding="utf-8").partition("cases:")[0]
    Path("lf.yaml").write_text(text, encoding="utf-8")
    copy = with_crlf(Path("lf.yaml"), "crlf.yaml")
    for name in (copy, "lf.yaml"):
        assert needfix("test", "--generate", name).code == 0
    written = Path(copy).read_bytes()
    assert b"cases:" in written
    assert written.count(b"\n") == written.count(b"\r\n")
    assert written.replace(b"\r\n", b"\n") == Path("lf.yaml").read_bytes()


def test_an_article_is_imported_alike(needfix: Needfix) -> None:
    article = ROOT / "fixtures" / "articles" / "Q900001.txt"
    copy = with_crlf(article)
    for name, folder in ((copy, "one"), (article, "other")):
        assert needfix("import", "kb", name, "--output", folder, "--rules", PRODUCTS).code == 0
    one, other = (Path(folder, "Q900001.yaml").read_bytes() for folder in ("one", "other"))
    assert one.partition(b"\n")[2].replace(copy.encode(), b"") == other.partition(b"\n")[2].replace(
        str(article).encode(), b""
    )
