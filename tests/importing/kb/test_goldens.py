"""The sample articles become the rules in fixtures/imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from fixtures.write_imports import words
from needfix.catalogue import load_catalogue
from needfix.importing.kb.lines import decoded
from tests.importing.kb.support import ARTICLES, IMPORTED, PRODUCTS, run
from tests.support import ROOT, Needfix

GOLDENS = sorted(str(file.relative_to(IMPORTED)) for file in IMPORTED.rglob("*.yaml"))
SAMPLES = sorted(file.name for file in ARTICLES.glob("Q*.txt"))
NOT_TOLD_WITHOUT_BREAKS = {
    "Q900004.txt": "language headings inside a table are recognised by their lines; the article is refused",
    "Q900006.txt": "cells that run over several lines are recognised by their lines",
    "Q900009.txt": "nested bullets are recognised by their indent",
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imported")


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_sample_articles_become_exactly_these_files(imported: Path, needfix: Needfix) -> None:
    ran = needfix(*words(imported))
    assert (ran.code, ran.err) == (0, "")
    assert sorted(str(file.relative_to(imported)) for file in imported.rglob("*.yaml")) == GOLDENS
    for name in GOLDENS:
        assert (imported / name).read_text(encoding="utf-8") == (IMPORTED / name).read_text(encoding="utf-8")


def test_the_rules_load() -> None:
    catalogue = load_catalogue([str(IMPORTED), str(PRODUCTS)])
    assert {rule.id for rule in catalogue} == {Path(name).stem for name in GOLDENS if "/" not in name}


def facts(text: str) -> object:
    """What a rule says, apart from its review items and the bounds between symptoms."""
    rules, problems, _ = run(text)
    assert problems == []
    document = yaml.safe_load(rules[0].text)
    document.pop("review", None)
    document["symptoms"] = " ".join(symptom["text"] for symptom in document.get("symptoms", ()))
    return document


def sample(name: str) -> str:
    return decoded((ARTICLES / name).read_bytes())


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in NOT_TOLD_WITHOUT_BREAKS])
def test_an_article_that_lost_its_line_breaks_says_the_same(name: str) -> None:
    lost = " ".join(re.sub(r"\+-{3,}\+", "+---+", sample(name)).splitlines())
    assert facts(lost) == facts(sample(name))


@pytest.mark.parametrize("name", NOT_TOLD_WITHOUT_BREAKS)
def test_where_the_line_breaks_matter_the_rule_says_so(name: str) -> None:
    rules, problems, _ = run(" ".join(sample(name).splitlines()))
    shown = [doubt.why for rule in rules for doubt in rule.draft.doubts]
    assert problems or any("line breaks were lost" in why for why in shown)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_and_ends_of_lines_make_no_difference(name: str, end: str, encoding: str) -> None:
    text = end.join(sample(name).splitlines())
    assert facts(decoded(text.encode(encoding))) == facts(sample(name))
