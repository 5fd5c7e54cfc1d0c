"""What the shipped rules state, held against what the importer reads in the vendor's articles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from needfix.catalogue import Catalogue, load_catalogue
from needfix.importing.kb.kb import KbImport
from needfix.importing.kb.lines import decoded
from needfix.importing.kb.sources import ArticleText
from needfix.model.rule import Rule

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT.parent / "shared" / "articles"
RULES = sorted(file.stem for file in (ROOT / "rules" / "exchange-5.5").glob("Q*.yaml"))
KEYWORD = "kbExchange550preSP5fix"

pytestmark = [
    pytest.mark.broad,
    pytest.mark.skipif(not ARTICLES.is_dir(), reason=f"the articles are not here: {ARTICLES}"),
]

FACTS: dict[str, Callable[[Rule], object]] = {
    "affects": lambda rule: rule.affects,
    "files": lambda rule: {
        (fix.component, fix.platform, fix.language, file.name.casefold(), file.version, file.modified)
        for fix in rule.fixes
        for file in fix.files
    },
    "requires": lambda rule: rule.requires,
    "corrected_in": lambda rule: rule.corrected_in,
    "supersedes": lambda rule: rule.supersedes,
    "apply": lambda rule: rule.apply,
    "references": lambda rule: rule.references,
}
ON_PURPOSE = {
    ("Q277831", "files"): "only the table of the package states the platform, and the files come with it",
    ("Q287056", "files"): "2654.89 is printed, a build without the 5.5 that every real version has",
    ("Q297828", "affects"): "Windows NT Server is listed for the domain; the file belongs to Exchange",
    ("Q298486", "files"): "a version is printed for Files.txt, which can carry none",
    ("Q303245", "affects"): "Outlook 98 is listed as the client; this rule is for the servers",
    ("Q307195", "files"): "one package is said to be for every language",
    ("Q312269", "affects"): "Outlook 2002 is listed as the client; the file belongs to Exchange",
}


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue()


def as_imported(rule_id: str, folder: Path) -> Rule:
    """The rule that the importer makes of an article, with the ranges that it proposes."""
    text = decoded((ARTICLES / f"{rule_id}.TXT").read_bytes())
    run = KbImport(load_catalogue().products, accept_ranges=True)
    (imported,) = run.rules([ArticleText(text, rule_id)], [])
    written = {imported.file: imported.text, **{product.file: product.text for product in run.products()}}
    for name, rule_text in written.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(rule_text, encoding="utf-8")
    return load_catalogue(folder).rules[rule_id]


@pytest.mark.parametrize("rule_id", RULES)
def test_the_facts_of_a_rule_are_those_of_its_article(
    rule_id: str, shipped: Catalogue, tmp_path: Path
) -> None:
    rule, read = shipped.rules[rule_id], as_imported(rule_id, tmp_path)
    different = {(rule_id, name) for name, fact in FACTS.items() if fact(rule) != fact(read)}
    assert different == {known for known in ON_PURPOSE if known[0] == rule_id}


def test_every_fix_with_the_keyword_is_shipped() -> None:
    named = {file.stem for file in ARTICLES.glob("*.TXT") if KEYWORD in file.read_text("latin-1")}
    assert len(named) > 50
    assert named == set(RULES)


def test_no_six_words_of_an_article_stand_in_its_rule(shipped: Catalogue) -> None:
    copied = []
    for rule_id in RULES:
        article = runs(decoded((ARTICLES / f"{rule_id}.TXT").read_bytes()))
        rule = shipped.rules[rule_id]
        prose = [
            rule.title,
            *(symptom.text for symptom in rule.symptoms),
            *(case.name for case in rule.cases),
        ]
        copied += [(rule_id, text) for text in prose if runs(text) & article]
    assert copied == []


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().replace(",", " ").replace(".", " ").split()
    return {tuple(words[i : i + 6]) for i in range(len(words) - 5)}
