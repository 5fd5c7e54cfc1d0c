"""What `import needfix` gives: the names that it promises, each imported when it is first used."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import needfix
from tests.support import ROOT

NAMES = [name for name in needfix.__all__ if name != "__version__"]
OF_NEEDFIX = {"Catalogue": {"names", "kept"}, "Server": {"whole_lists"}}
"""Fields that are public in name only, as the docstrings say."""


def test_needfix_has_every_name_that_it_promises() -> None:
    classes = [getattr(needfix, name) for name in NAMES if inspect.isclass(getattr(needfix, name))]
    assert [one.__name__ for one in classes] == [name for name in NAMES if getattr(needfix, name) in classes]
    assert dir(needfix) == sorted({*dir(needfix), *NAMES})
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = needfix.nothing  # type: ignore[attr-defined]  # that a type checker sees it is tested below


@pytest.mark.parametrize("name", [name for name in NAMES if inspect.isclass(getattr(needfix, name))])
def test_every_type_of_a_public_field_is_exported(name: str) -> None:
    public = getattr(needfix, name)
    fields = {
        key: hint for key, hint in get_type_hints(public).items() if key not in OF_NEEDFIX.get(name, ())
    }
    computed = {key: own.fget for key, own in vars(public).items() if isinstance(own, property)}
    hints = {**fields, **{key: get_type_hints(get).get("return") for key, get in computed.items() if get}}
    assert {one.__name__ for hint in hints.values() for one in own_classes(hint)} <= set(NAMES)


def own_classes(hint: object) -> Iterator[type]:
    """The classes of needfix in a type."""
    for inner in get_args(hint):
        yield from own_classes(inner)
    if isinstance(hint, type) and hint.__module__.startswith("needfix"):
        yield hint


@pytest.mark.parametrize(
    "first", ["", "import needfix.explain.changes, needfix.diff.edits", "needfix.Server"]
)
def test_rooms_with_the_name_of_a_function_are_that_function(first: str) -> None:
    call = "needfix.explain(needfix.load_catalogue(), needfix.Server('A'), 'q279798').decision"
    script = (
        f"import needfix\n{first}\nprint({call}, needfix.diff.__call__)\nfrom needfix import explain, diff"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("undetermined ")


@pytest.mark.slow
def test_a_type_checker_sees_names_that_are_misspelt_and_types_that_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    words = ["--strict", "--cache-dir", str(tmp_path / "cache"), "program.py"]
    env = {**os.environ, "MYPYPATH": str(ROOT / "engine")}
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    found = re.findall(r"^program.py:(\d+): error: .*\[([\w-]+)\]$", ran.stdout, re.MULTILINE)
    expected = re.findall(r"# ([\w-]+)$", PROGRAM, re.MULTILINE)
    assert [code for _, code in found] == expected, ran.stdout


PROGRAM = """\
import needfix
from needfix import Decision, FileCopy, InstalledProduct, explain
from needfix import Decison  # attr-defined

catalogue = needfix.load_catalogue()
needfix.load_catalog()  # attr-defined
product = InstalledProduct("P", level="1")
server = needfix.Server("A", products=(product,), files=(FileCopy("a", version="1"),))
needfix.Server("A", files=[FileCopy("a")])  # arg-type
needfix.Server("A", complete=frozenset({"file"}))  # arg-type
found: Decision = next(needfix.evaluate(catalogue, server, rules=["Q279798"]))
kind: needfix.DecisionKind = found.decision
explain(catalogue, server, "Q279798").alterations[0].decision
needfix.diff(catalogue, catalogue, [server]).transitions[0].servers
needfix.evaluate(catalogue, "A")  # arg-type
catalogue["Q279798"].fixes[0].files[0].version
catalogue["Q279798"].fixs  # attr-defined
found.reason  # attr-defined
"""


def test_the_version_is_one_of_three_numbers() -> None:
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", needfix.__version__)


@pytest.mark.parametrize(
    "script",
    ["import needfix; needfix.__version__", "from needfix.cli.main import main; main(['--version'])"],
)
def test_the_version_is_known_without_a_search_for_what_is_installed(script: str) -> None:
    searches = f"{script}; import sys; print('importlib.metadata' in sys.modules, 'yaml' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", searches],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "engine")},
    )
    assert ran.stdout.splitlines()[-1] == "False False"
