"""What the importer reads, held against labels made by hand, and over the whole drawer of articles."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.import_quality import Drawer, imported, score

SHARED = Path(__file__).parents[4] / "shared"
GOLD, ARTICLES = SHARED / "gold" / "gold.json", SHARED / "articles"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (GOLD.is_file() and ARTICLES.is_dir()), reason=f"labels and articles are not here: {SHARED}"
    ),
]


@cache
def drawer() -> Drawer:
    return imported(ARTICLES)


@cache
def rules() -> dict[str, Any]:
    return {rule.draft.id: yaml.safe_load(rule.text) for rule in drawer().rules}


@pytest.mark.parametrize(
    ("kind", "least"),
    [("file rows", 0.99), ("levels", 0.97), ("requires", 0.97), ("corrected_in", 0.97), ("components", 0.97)],
)
def test_precision_and_recall(kind: str, least: float) -> None:
    labelled: list[dict[str, Any]] = json.loads(GOLD.read_text(encoding="utf-8"))
    found = score(labelled, rules())[kind]
    assert found.precision >= least
    assert found.recall >= least


def test_every_article_ends_as_a_rule_or_a_refusal() -> None:
    ids = {rule.draft.id for rule in drawer().rules}
    refused = {Path(problem.at.file).stem for problem in drawer().problems}
    assert ids | refused == {file.stem for file in ARTICLES.glob("*.TXT")}
    assert ids.isdisjoint(refused)


def test_nearly_all_rules_have_every_row_of_their_tables() -> None:
    whole = [rule for rule in drawer().rules if not any(doubt.drops_rows for doubt in rule.draft.doubts)]
    assert len(whole) / drawer().articles >= 0.97
