"""Rules written beside their tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from needfix.catalogue import load_catalogue
from needfix.model.rule import Rule
from tests.catalogue.support import PRODUCTS, Reader


@pytest.fixture
def rule(tmp_path: Path) -> Reader:
    """Reads one rule that has these lines beside its id and, unless they state their own, a fix."""

    def read(lines: str) -> Rule:
        fix = "" if "fixes:" in lines else 'fixes: [{files: {a.dll: {version: "1.0"}}}]\n'
        text = f"{PRODUCTS}---\nneedfix: 1\nid: Q1\n{lines}\n{fix}"
        (tmp_path / "rules.yaml").write_text(text)
        return load_catalogue(tmp_path).rules["Q1"]

    return read
