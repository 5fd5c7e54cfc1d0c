"""The page about Spark is true: its code prints what it shows."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from tests.docs.sessions import blocks
from tests.support import ROOT

BLOCKS = blocks((ROOT / "docs" / "spark.md").read_text(encoding="utf-8"))


def test_the_notebook_prints_what_the_page_shows(
    cluster: SparkSession, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    [code] = [block.text for block in BLOCKS if block.language == "python" and not block.title]
    [shown] = [block.text for block in BLOCKS if block.language == "text"]
    code = code.replace('"fixtures', f'"{ROOT}/fixtures')
    exec(code, {"spark": cluster})  # noqa: S102 - it is ours
    assert capsys.readouterr().out.split() == shown.split()
