"""The page of what is public is complete: commands, options, exit codes, columns and names of Python."""

from __future__ import annotations

import ast
import re

import pytest

import needfix
from needfix import fleet
from needfix.cli import exits
from needfix.cli.commands import COMMANDS
from tests.support import ROOT, Needfix

PAGE = (ROOT / "docs" / "public.md").read_text(encoding="utf-8")
COMMAND_ROWS = dict(re.findall(r"^\| `needfix ([a-z]+)` \| (.*) \|$", PAGE, re.MULTILINE))
OF_ALL = {"--help", "--debug"}


def test_every_command_has_its_row() -> None:
    assert sorted(COMMAND_ROWS) == sorted(COMMANDS)


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"rules", "import"}))
def test_every_option_is_listed(needfix: Needfix, command: str) -> None:
    assert options_of(COMMAND_ROWS[command]) == options_of(needfix(command, "--help").out)


@pytest.mark.parametrize("command", ["list", "show", "status", "new"])
def test_every_option_of_rules_is_listed(needfix: Needfix, command: str) -> None:
    (listed,) = (part for part in COMMAND_ROWS["rules"].split(";") if f"`{command}`" in part)
    assert options_of(listed) == options_of(needfix("rules", command, "--help").out)


@pytest.mark.parametrize("kind", ["kb", "builds"])
def test_every_option_of_import_is_listed(needfix: Needfix, kind: str) -> None:
    (listed,) = (part for part in COMMAND_ROWS["import"].split(";") if f"`{kind}`" in part)
    assert options_of(listed) == options_of(needfix("import", kind, "--help").out)


def options_of(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z-]+", text)) - OF_ALL


def test_every_exit_code_is_listed() -> None:
    codes = {value for value in vars(exits).values() if isinstance(value, int)}
    assert set(map(int, re.findall(r"^\| ([0-9]+) \|", PAGE, re.MULTILINE))) == codes


def test_every_name_of_python_is_listed() -> None:
    listed = re.search(r"with the attributes.*?\n\n(.*?)\n\n", PAGE, re.DOTALL)
    assert listed
    assert re.findall(r"`(\w+)`", listed[1]) == needfix.__all__
    of_fleet = re.search(r"`needfix.fleet` offers (.*?), and", PAGE)
    assert of_fleet
    assert re.findall(r"`(\w+)`", of_fleet[1]) == fleet.__all__
    of_spark = re.search(r"`needfix.spark` offers (.*?)\.\n", PAGE, re.DOTALL)
    assert of_spark
    assert re.findall(r"`(\w+)`", of_spark[1]) == names_of_spark()


def names_of_spark() -> list[str]:
    """`needfix.spark.__all__`, read from its file: PySpark may not be installed."""
    module = ast.parse((ROOT / "engine" / "needfix" / "spark" / "__init__.py").read_text(encoding="utf-8"))
    (names,) = (
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    return list(ast.literal_eval(names))


def test_every_column_of_parquet_is_listed() -> None:
    listed = re.search(r"\*\*Parquet\*\*: the columns (.*?);", PAGE)
    assert listed
    assert re.findall(r"`(\w+)`", listed[1]) == fleet.DECISIONS_SCHEMA.names


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
