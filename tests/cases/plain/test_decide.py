"""What the plain evaluator makes of single facts; laws hold it against the engine for all others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import needfix
from needfix.cases.plain import decide
from needfix.cases.plain.copies import is_in_folder
from tests.support.catalogues import NEW, OLD, Document, fix, load, mail, rule, server


def answer(folder: Path, facts: needfix.Server, **keys: Any) -> str:  # noqa: ANN401 - any key of a rule
    return ", ".join(decide(load(folder, rule(**keys)), facts)["Q100001"])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (mail(info=OLD), "fix-required, apply"),
        (mail(info=NEW), "fix-present, none"),
        (mail(info=NEW, restart_pending=True), "fix-present, restart"),
        (mail("5.5 SP2", info=OLD), "not-affected, none"),
        (mail(None, info=OLD), "undetermined, investigate"),
        (mail(info=OLD, build="5.5.2448"), "undetermined, investigate"),
        (
            mail(complete=["files"], files=[{"name": "Store.exe", "version": "5.5.2653.23"}]),
            "not-affected, none",
        ),
        (
            server(
                products=[{"name": "Contoso Mail Server", "level": "5.5 SP4"}],
                complete=["files"],
                files=[{"name": "Other.dll"}],
            ),
            "undetermined, investigate",
        ),
        (server(products=[], complete=["products"]), "not-affected, none"),
        (server(products=[]), "undetermined, investigate"),
        (server(), "undetermined, investigate"),
    ],
)
def test_one_fact_decides(tmp_path: Path, facts: needfix.Server, expected: str) -> None:
    assert answer(tmp_path, facts) == expected


def test_what_a_rule_requires_comes_before_it(tmp_path: Path) -> None:
    assert answer(tmp_path, mail("5.5 SP3", info=OLD), requires=["5.5 SP4"]) == "fix-required, upgrade-first"


def test_a_rule_that_contains_a_fix_stands_for_it(tmp_path: Path) -> None:
    newer = rule("Q200000", supersedes=["Q100001"], fixes=[fix({"New.dll": "1.0"})])
    files = [{"name": "New.dll", "version": "1.0"}]
    catalogue = load(tmp_path, rule(), newer)
    known = mail(info=OLD, files=files, edition="Standard Edition")
    assert decide(catalogue, known)["Q100001"] == ("fix-present", "none")
    # The newer rule does not concern the Hosted Edition, which has files of its own.
    assert decide(catalogue, mail(info=OLD, files=files))["Q100001"] == ("fix-required", "apply")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"counters": [{"name": "queue", "value": 11, "for": "10m"}]}, "fix-required, apply"),
        ({"counters": [{"name": "queue", "value": 11, "for": "9m"}]}, "fix-required, confirm-symptoms"),
        ({"counters": [{"name": "queue", "value": 10, "for": "10m"}]}, "fix-required, confirm-symptoms"),
        ({"complete": ["counters"], "counters": []}, "fix-required, wait"),
        ({"complete": ["counters"]}, "fix-required, confirm-symptoms"),
    ],
)
def test_telemetry_shows_symptoms(tmp_path: Path, seen: Document, expected: str) -> None:
    observe = [{"counter": "queue", "above": 10, "for": "10m"}]
    symptoms = [{"id": "mail-waits", "text": "Mail waits", "observe": observe}]
    assert answer(tmp_path, mail(info=OLD, **seen), apply="if-symptoms", symptoms=symptoms) == expected


@pytest.mark.parametrize(
    ("path", "restriction", "expected"),
    [
        ("C:\\Mail\\bin\\store.exe", "mail\\BIN", True),
        ("c:/mail/bin/store.exe", "mail\\bin", True),
        ("c:\\mailbin\\store.exe", "mail", False),
        ("c:\\mail\\store.exe", "?:\\ma*", True),
        ("c:\\apps\\db16.a\\binn\\db.exe", "DB16.*\\Binn", True),
        ("c:\\apps\\db16.a\\x\\binn\\db.exe", "DB16.*\\Binn", False),
        ("c:\\apps\\mail\\store.exe", "\\mail", False),
        ("c:\\apps\\mail\\store.exe", "*\\mail", True),
        ("c:\\[1]\\store.exe", "c:\\[1]*", True),
        ("c:\\1\\store.exe", "c:\\[1]*", False),
    ],
)
def test_a_path_lies_in_a_folder(path: str, restriction: str, expected: bool) -> None:  # noqa: FBT001
    assert is_in_folder(path, restriction) is expected
