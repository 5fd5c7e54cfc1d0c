"""The page about security is true: its limits are those of the code, and what it says is never run is not."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from needfix.intake.limits import (
    ARTICLE_FILE_BYTES,
    ENTRIES,
    RECORD_BYTES,
    REVISION_BYTES,
    RULE_FILE_BYTES,
    RULE_FILE_VALUES,
)
from tests.support import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LIMITS = dict(re.findall(r"^  \| (a .*?|an article|the rule .*?) \| (.*) \|$", PAGE, re.MULTILINE))
ENGINE = ROOT / "engine" / "needfix"


@pytest.mark.parametrize(
    ("of", "most"),
    [
        ("a record of an inventory", RECORD_BYTES),
        ("a file of rules, products or cases", RULE_FILE_BYTES),
        ("an article", ARTICLE_FILE_BYTES),
        ("the rule files of a Git revision", REVISION_BYTES),
    ],
)
def test_a_limit_is_that_of_the_code(of: str, most: int) -> None:
    assert LIMITS[of].partition(";")[0].removesuffix(" together") == f"{most >> 20} MiB"


def test_a_record_has_as_many_entries_as_the_code_lets_in() -> None:
    assert f"{ENTRIES:,} entries of a list" in LIMITS["a record of an inventory"]
    assert f"{RULE_FILE_VALUES:,} values" in LIMITS["a file of rules, products or cases"]


@cache
def imported() -> dict[str, set[str]]:
    """The modules that each module of needfix imports."""
    found: dict[str, set[str]] = {}
    for file in ENGINE.rglob("*.py"):
        names = found[file.relative_to(ENGINE).as_posix()] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    return found


def imports_of(name: str) -> set[str]:
    """The modules of needfix that import a module of Python."""
    return {
        module
        for module, names in imported().items()
        if any(one == name or one.startswith(f"{name}.") for one in names)
    }


def test_nothing_connects_and_nothing_is_run_but_git_and_python() -> None:
    for module in (
        "asyncio",
        "ftplib",
        "http",
        "multiprocessing",
        "smtplib",
        "ssl",
        "urllib.request",
        "xmlrpc",
    ):
        assert imports_of(module) == set(), module
    assert imports_of("socket") == {"report/cases/junit.py"}  # for the name of this computer
    assert imports_of("subprocess") == {"diff/git.py", "cli/case_filter.py"}
    assert imports_of("pickle") == {"catalogue/shipped.py", "spark/shipping.py"}
    assert imports_of("durable_rules_engine") == {"infer/network.py"}


def test_no_module_makes_code_of_text() -> None:
    for file in ENGINE.rglob("*.py"):
        calls = [
            node
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        ]
        names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__"}, file


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", PAGE):
        assert (ROOT / link).exists(), link
