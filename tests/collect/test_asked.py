"""`needfix rules files`: the files and facts that rules ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support import Needfix

RULES = r"""
needfix: 1
id: Q900001
title: A fix
product: exchange-server
affects: [{product: exchange-server, levels: [5.5 SP4], registry: {'HKLM\SOFTWARE\X\Y': {equals: "1"}}}]
updates: [KB900009]
symptoms:
  - id: hangs
    text: The store hangs
    observe: [{service: MSExchangeIS, state: stopping}, {source: MSExchangeIS, id: 7}, {counter: q, above: 1}]
fixes:
  - files: {Mad.exe: {version: "5.5.2654.29", path: 'exchsrvr\bin'}, Info.txt: {}}
  - language: de
    files: {MAD.exe: {version: "5.5.2654.30"}, Form.asp: {modified: "2000-03-14T18:00"}}
    registry: {'HKLM\SOFTWARE\X\y': {equals: "1"}}
requires: [Q900002]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule that asks for everything that a rule can ask for."""
    file = tmp_path / "rule.yaml"
    file.write_text(RULES, encoding="utf-8")
    return file


def test_everything_that_rules_ask_for(needfix: Needfix, rules: Path) -> None:
    asked = json.loads(needfix("rules", "files", "--format", "json", "--rules", rules).out)
    files = {file.pop("name"): file for file in asked["files"]}
    own = ["Q900001"]
    assert files["Mad.exe"] == {"compared": ["version"], "paths": ["exchsrvr\\bin"], "rules": own}
    assert files["Form.asp"] == {"compared": ["modified"], "rules": own}
    assert files["Store.exe"] == {"compared": ["version"], "key_file_of": ["exchange-server"]}
    assert "Info.txt" not in files
    assert asked["registry"] == [{"path": r"HKLM\SOFTWARE\X", "name": "y", "rules": own}]
    assert asked["services"] == [{"name": "MSExchangeIS", "rules": own}]
    assert asked["events"] == [{"source": "MSExchangeIS", "id": 7, "rules": own}]
    assert asked["counters"] == [{"name": "q", "rules": own}]
    assert asked["hotfixes"] == ["Q900001", "KB900009", "Q900002"]
    assert [one["name"] for one in asked["products"]] == ["Microsoft Exchange Server"]


def test_the_list_for_people(needfix: Needfix, rules: Path) -> None:
    ran = needfix("rules", "files", "--rules", rules)
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["Mad.exe", "version", r"exchsrvr\bin", "Q900001"] in lines
    assert ["Store.exe", "version", "key", "file", "of", "exchange-server"] in lines
    assert ["MSExchangeIS", "7", "Q900001"] in lines


def test_no_rule_can_be_chosen(needfix: Needfix) -> None:
    ran = needfix("rules", "files", "Q279798")
    assert ran.code == 2
    assert "files is that of all rules" in ran.err
