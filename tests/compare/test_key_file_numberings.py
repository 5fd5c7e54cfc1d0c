"""A key file with a numbering of its own shows a level by it, and proves no build."""

from __future__ import annotations

from typing import Any

import pytest

import needfix

PRODUCT = """\
needfix: 1
product: db-server
name: Contoso DB
aliases: [Contoso DB *]
cumulative: true
levels:
  - {level: 2019 RTM, build: "15.0.2000", files: {Db.exe: "2019.150.2000"}}
  - {level: 2022 RTM, build: "16.0.1000", files: {Db.exe: "2022.160.1000"}}
  - {level: 2022 CU8, build: "16.0.4075", files: {DB.EXE: "2022.160.4075"}}
  - {level: 2022 CU9, build: "16.0.4085", files: {Db.exe: "2022.160.4085"}}
"""
RULE = """\
---
needfix: 1
id: KB1
title: Statements wait
product: db-server
affects: [2022 CU8]
fixes: [{fix}]
"""
BY_FILE = '{files: {Db.exe: {version: "2022.160.4080.1"}}}'
BY_BUILD = '{build: "16.0.4080.1"}'


def decision(fix: str, version: str | None, **product: Any) -> needfix.Decision:  # noqa: ANN401 - of any field
    catalogue = needfix.load_catalogue({"a.yaml": PRODUCT + RULE.replace("{fix}", fix)})
    files = [] if version is None else [{"name": "Db.exe", "version": version}]
    products = [{"name": "Contoso DB", **product}]
    server = needfix.Server.from_record({"server": "A", "products": products, "files": files})
    (found,) = needfix.evaluate(catalogue, [server])
    return found


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2022.160.4075.1", "fix-required"),
        ("2022.160.4080.1", "fix-present"),
        ("2022.160.4085.9", "not-affected"),
        ("2022.160.1105.1", "not-affected"),
        ("2019.150.4080.1", "not-affected"),
        ("2023.170.1.1", "undetermined"),
        ("16.0.4075.1", "undetermined"),
    ],
)
def test_it_shows_the_level(version: str, expected: str) -> None:
    assert decision(BY_FILE, version).decision == expected


def test_it_contradicts_a_stated_level_and_a_build() -> None:
    for fact in ({"level": "2022 CU9"}, {"build": "16.0.4085.2"}, {"level": "2019"}):
        found = decision(BY_FILE, "2022.160.4075.1", **fact)
        assert (found.decision, found.contradictions) == ("undetermined", ("level-contradicted",))


def test_it_agrees_with_a_build_of_the_same_level() -> None:
    assert decision(BY_FILE, "2022.160.4075.1", build="16.0.4075.1").decision == "fix-required"


def test_it_shows_no_build() -> None:
    assert decision(BY_BUILD, "2022.160.4080.1").decision == "undetermined"
    assert decision(BY_BUILD, "2022.160.4080.1", build="16.0.4080.1").decision == "fix-present"
    assert decision(BY_BUILD, "2022.160.4080.1", build="16.0.4079.1").decision == "fix-required"


def test_it_is_a_key_file_without_being_listed_as_one() -> None:
    catalogue = needfix.load_catalogue({"a.yaml": PRODUCT + RULE.replace("{fix}", BY_FILE)})
    assert catalogue.products["db-server"].key_files == ("Db.exe",)
