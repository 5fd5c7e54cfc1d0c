"""Articles about invented products, put together for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from needfix.catalogue import load_products
from needfix.errors import Problem
from needfix.importing.kb.article import Section
from needfix.importing.kb.draft import Doubt, RuleDraft
from needfix.importing.kb.fix_tables import TablesRead, read_tables
from needfix.importing.kb.kb import ImportedRule, KbImport
from needfix.importing.kb.lines import numbered
from needfix.importing.kb.sources import ArticleText
from needfix.importing.kb.table_cells import FileRow
from needfix.model.product import ProductDefinition
from tests.support import ROOT

ARTICLES = ROOT / "fixtures" / "articles"
IMPORTED = ROOT / "fixtures" / "imported"
PRODUCTS = ARTICLES / "products"
MAIL = "Exampla Mail Server, version 5.5"
LEAD = "The fix must have the following file attributes or later:"
TABLE = f"{LEAD}\n\n   File name     Version\n   ------------------------\n   Exmail.exe    5.5.2000.1"


@lru_cache(maxsize=1)
def products() -> Mapping[str, ProductDefinition]:
    """The definitions of two invented products."""
    return load_products([str(PRODUCTS)])


def kb_article(
    *bullets: str, head: str = "", foot: str = "", number: str = "Q900050", **sections: str
) -> str:
    """The text of an article: its bullets, and its sections by name in small letters."""
    named = {"resolution": TABLE, **sections}
    heads = (f"{name.upper()}\n{'=' * len(name)}\n\n{text}\n" for name, text in sections_in_order(named))
    listed = "\n".join(f" - {bullet} " for bullet in bullets or (MAIL,))
    return (
        f"DOCUMENT:{number}  14-JUN-2001  [exampla]\nTITLE   :A Sample\n{head}\n{'=' * 70}\n{'-' * 79}\n"
        f"The information in this article applies to:\n\n{listed}\n{'-' * 79}\n\n"
        + "\n".join(heads)
        + (f"\n{'=' * 70}\nKeywords          : sample\n{foot}\n" if foot else "")
    )


def sections_in_order(named: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    order = ("symptoms", "cause", "resolution", "status")
    return [(name, named[name]) for name in order if name in named]


def run(*texts: str, accept_ranges: bool = False) -> tuple[list[ImportedRule], list[Problem], KbImport]:
    """What an import makes of the texts of articles."""
    importing = KbImport(products(), accept_ranges=accept_ranges)
    problems: list[Problem] = []
    articles = (ArticleText(text, f"{number}.txt") for number, text in enumerate(texts, 1))
    return list(importing.rules(articles, problems)), problems, importing


def draft(text: str, *, accept_ranges: bool = False) -> RuleDraft:
    """The rule that a text becomes."""
    rules, problems, _ = run(text, accept_ranges=accept_ranges)
    assert problems == []
    (rule,) = rules
    return rule.draft


def document(text: str) -> dict[str, Any]:
    """The rule that a text becomes, as the document of its file."""
    rules, problems, _ = run(text)
    assert problems == []
    loaded: dict[str, Any] = yaml.safe_load(rules[0].text)
    return loaded


def whys(given: RuleDraft, about: str | None = None) -> list[str]:
    """The reasons of the doubts, perhaps of only one kind."""
    return [doubt.why for doubt in given.doubts if about in (None, doubt.about)]


def doubts(given: RuleDraft, about: str) -> list[Doubt]:
    return [doubt for doubt in given.doubts if doubt.about == about]


def tables(text: str) -> TablesRead:
    """The tables of a section."""
    return read_tables(Section("RESOLUTION", numbered(text)))


def rows(text: str) -> list[tuple[str | None, ...]]:
    """The rows of the only table below an announcement, without what stands in no column."""
    (table,) = tables(f"{LEAD}\n\n{text}").tables
    return [shown(row) for row in table.rows]


def shown(row: FileRow) -> tuple[str | None, ...]:
    values = (row.name, row.version, row.date, row.time, row.size, row.platform, row.language)
    return tuple(value for value in values if value is not None)
