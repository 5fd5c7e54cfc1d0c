"""The page about testing rules is true: its table has every option, and its samples are what they say."""

from __future__ import annotations

import re

import yaml
from jsonschema import Draft202012Validator

from needfix.cases.testing.case_file_format import cases_schema
from needfix.catalogue.schemas import rule_schema
from tests.docs.sessions import blocks
from tests.support import ROOT, Needfix

PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
CASES, CASE_FILE, MUTATION = (yaml.safe_load(block.text) for block in blocks(PAGE))


def test_the_table_has_every_option(needfix: Needfix) -> None:
    listed = set(re.findall(r"(?<![\w-])--[a-z-]+", needfix("test", "--help").out))
    options = listed - {"--help", "--debug", "--rules"}
    shown = re.findall(r"^\| `(--[a-z-]+)|`(--output) FILE`", PAGE, re.MULTILINE)
    assert {one or other for one, other in shown} == options
    assert "`--rules PATH…`" in PAGE


def test_the_sample_of_a_case_file_is_one() -> None:
    assert list(Draft202012Validator(cases_schema()).iter_errors(CASE_FILE)) == []


def test_the_samples_of_cases_and_of_accepted_mutants_fit_into_a_rule() -> None:
    document = {"needfix": 1, "id": "Q1", "affects": ["5.5"], "fixes": [{"files": {"a.dll": {}}}]}
    document |= CASES | MUTATION
    assert list(Draft202012Validator(rule_schema()).iter_errors(document)) == []


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
