"""A report format is one module and one line of the registry, which every command reads."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

from needfix.report import formats
from needfix.report.formats import FORMATS, Format, Kind, formats_of
from needfix.report.style import Style, View
from tests.support import INVENTORIES, ROOT, Needfix, problems_in

SAMPLE = str(INVENTORIES / "exchange.json")
SIDES = ("diff", "fixtures/diff/old", "fixtures/diff/new", "--inventory", SAMPLE)
COMMANDS: dict[Kind, tuple[str, ...]] = {
    "decisions": ("evaluate", SAMPLE, "--rule", "Q279798"),
    "rows": ("evaluate", SAMPLE, "--rule", "Q279798"),
    "summary": ("evaluate", SAMPLE, "--rule", "Q279798"),
    "findings": ("lint", "rules/exchange-5.5/Q279798.yaml"),
    "cases": ("test", "rules/exchange-5.5/Q279798.yaml"),
    "difference": SIDES,
    "explanation": ("explain", SAMPLE, "--server", "MAIL01", "--rule", "Q279798"),
    "rules": ("rules", "show", "Q279798"),
    "asked": ("rules", "files", "--rules", "rules/exchange-5.5/Q279798.yaml"),
    "status": ("rules", "status", "--rules", "rules/exchange-5.5/Q279798.yaml"),
}
"""A command that reports each kind of document."""


SAYS: dict[Kind, Callable[[Any], object]] = {
    "decisions": lambda run: [len(list(run.servers())), run.summary().servers, list(run.rules)],
    "rows": lambda run: [sum(map(len, run.batches().batches)), *run.header.inventories],
    "summary": lambda run: run.summary().decided("fix-required"),
    "findings": lambda found: [len(found.findings), found.rules],
    "cases": lambda report: [report.counts()["fail"], report.rules],
    "difference": lambda difference: [difference.old, difference.new],
    "explanation": lambda explanations: [(one.server, one.rule) for one in explanations],
    "rules": lambda rules: [rule.id for rule in rules],
    "asked": lambda asked: [one.product for one in asked.products],
    "status": lambda status: [status.rules],
}
"""Something of each kind of document that only it has."""

EXPECTED: dict[Kind, object] = {
    "decisions": [16, 16, ["Q279798"]],
    "rows": [16, SAMPLE],
    "summary": 7,
    "findings": [0, 1],
    "cases": [0, 1],
    "difference": ["fixtures/diff/old", "fixtures/diff/new"],
    "explanation": [("MAIL01", "Q279798")],
    "rules": ["Q279798"],
    "asked": ["exchange-server"],
    "status": [1],
}


Toy = Callable[..., None]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Toy:
    """Adds a module to the report room and a line to the registry."""

    def add(write: Callable[[Any, Any, View], object], *kinds: Kind, is_binary: bool = False) -> None:
        module = ModuleType("needfix.report.toy")
        vars(module)["write"] = write
        line = Format("toy", kinds, ".toy", "text/x-toy", "toy:write", is_binary=is_binary)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(formats, "FORMATS", (*FORMATS, line))
        monkeypatch.chdir(ROOT)

    return add


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_new_format_is_one_module_and_one_line(kind: Kind, toy: Toy, needfix: Needfix) -> None:
    toy(lambda out, document, view: out.write(f"{SAYS[kind](document)}{view.style}\n"), kind)
    ran = needfix(*COMMANDS[kind], "--format", "toy")
    assert (ran.code, ran.out) == (0, f"{EXPECTED[kind]}{Style()}\n")
    assert problems_in(ran.err) == []
    assert "toy" in needfix(COMMANDS[kind][0], "--help").out


def test_a_binary_format_gets_bytes_to_write_to(toy: Toy, needfix: Needfix, tmp_path: Path) -> None:
    toy(lambda out, run, _: out.write(bytes([run.summary().servers])), "summary", is_binary=True)
    file = tmp_path / "report.toy"
    assert needfix(*COMMANDS["summary"], "--format", "toy", "--output", file).code == 0
    assert file.read_bytes() == b"\x10"


def test_a_format_can_be_for_several_kinds(toy: Toy, needfix: Needfix) -> None:
    kinds: tuple[Kind, ...] = ("findings", "cases", "difference")
    toy(lambda out, document, _: out.write(f"{type(document).__name__}\n"), *kinds)
    found = [needfix(*COMMANDS[kind], "--format", "toy").out for kind in kinds]
    assert found == ["Findings\n", "CaseReport\n", "Difference\n"]
    assert "invalid choice: 'toy'" in needfix(*COMMANDS["rules"], "--format", "toy").err


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: f"{known.name}-{'-'.join(known.kinds)}")
def test_every_line_of_the_registry_is_whole(known: Format) -> None:
    module, _, function = known.writer.partition(":")
    assert callable(getattr(import_module(f"needfix.report.{module}"), function))
    assert known.ending.startswith(".")
    assert len(known.media_type.split("/")) == 2
    assert known.kinds


def test_a_kind_has_each_name_once() -> None:
    names = [(kind, known.name) for known in FORMATS for kind in known.kinds]
    assert len(names) == len(set(names))
    evaluate = [known.name for known in FORMATS if {"decisions", "summary", "rows"} & set(known.kinds)]
    assert list(formats_of("decisions", "summary", "rows")) == evaluate
    assert len(evaluate) == len(set(evaluate))


def test_the_docs_have_a_row_for_every_format() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `([\w-]+)` \| `([.\w]+)` \| `(\S+)` \|", page, re.MULTILINE)
    lines = {
        (COMMANDS[kind][0], known.name, known.ending, known.media_type)
        for known in FORMATS
        for kind in known.kinds
    }
    assert sorted(rows) == sorted(lines)


def test_a_report_in_json_lines_imports_nothing_that_only_other_formats_need() -> None:
    script = (
        "import sys; from needfix.cli.main import main; main(sys.argv[1:]);"
        "print([name for name in ('csv', 'rich', 'xml', 'difflib', 'traceback') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, *COMMANDS["decisions"], "--format", "jsonl"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    assert ran.stdout.splitlines()[-1] == "[]"
