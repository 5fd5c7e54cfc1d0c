"""Editors: the shipped schemas are those of the command, the settings lead to them, and the guide is true."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path, PurePosixPath

import pytest
from jsonschema import Draft7Validator

from needfix.cli.schema import SCHEMAS
from tests.support import ROOT, Needfix, as_text

PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
WIRED = [
    (schema, file)
    for schema, patterns in SETTINGS["yaml.schemas"].items()
    for pattern in patterns
    for file in sorted(ROOT.glob(pattern))
    if not any(part.startswith(".") for part in file.relative_to(ROOT).parts)
]
FAULTY = [
    "unknown-key",
    "missing-keys",
    "level-as-number",
    "choice",
    "empty-fixes",
    "id-with-blanks",
    "format-2",
    "malformed-duration",
    "version-with-sign-at-least",
    "version-with-wildcard",
    "version-or-later",
    "version-in-typographic-quotes",
    "level-in-typographic-quotes",
    "id-in-typographic-quotes",
]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def errors(schema: str, file: Path) -> list[str]:
    """What a language server would report of the last document: it knows the keywords of draft 7."""
    content = json.loads((ROOT / schema).read_text(encoding="utf-8"))
    *_, text = re.split(r"^---\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    document = as_text(text)
    return [error.message for error in Draft7Validator(content).iter_errors(document)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_schema_is_the_one_of_the_command(needfix: Needfix, name: str) -> None:
    shipped = (ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert shipped == needfix("schema", name).out, "write it again: make schemas"


@pytest.mark.parametrize("schema", SETTINGS["yaml.schemas"])
def test_files_that_are_wired_to_a_schema_pass_it(schema: str) -> None:
    files = [file for wired, file in WIRED if wired == schema]
    assert files
    assert {file.name: mistakes for file in files if (mistakes := errors(schema, file))} == {}


def test_every_shipped_rule_and_product_is_wired_to_one_schema() -> None:
    wired = sorted(file for _, file in WIRED if file.is_relative_to(ROOT / "rules"))
    header = ROOT / "rules" / "catalogue.yaml"
    assert wired == sorted(file for file in ROOT.glob("rules/**/*.yaml") if file != header)


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_rule_does_not_pass(name: str) -> None:
    assert errors("docs/schemas/rule.schema.json", ROOT / "fixtures" / "errors" / f"{name}.yaml")


def test_inventories_in_json_are_wired_as_well() -> None:
    (entry,) = SETTINGS["json.schemas"]
    files = [file for pattern in entry["fileMatch"] for file in ROOT.glob(pattern.lstrip("/"))]
    assert files
    assert [mistake for file in files for mistake in errors(entry["url"], file)] == []


def test_the_extension_is_recommended() -> None:
    extensions = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert extensions == {"recommendations": ["redhat.vscode-yaml"]}


def test_the_sessions_print_what_the_guide_shows(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sessions = re.findall(r"^\$ needfix (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks("console")), re.MULTILINE)
    assert len(sessions) == 5
    for command, shown in sessions:
        ran = needfix(*shlex.split(command))
        assert (ran.out, ran.err) == (shown, "")
    (first,) = blocks("yaml")
    assert Path("rules/Q123456.yaml").read_text(encoding="utf-8").startswith(first)


def test_the_settings_of_all_editors_name_the_same_files() -> None:
    (code,) = blocks("json")
    (helix,) = blocks("toml")
    (neovim,) = blocks("lua")
    patterns = json.loads(code)["yaml.schemas"]
    server = tomllib.loads(helix)["language-server"]["yaml-language-server"]["config"]["yaml"]
    assert server["schemas"] == patterns
    in_lua = re.findall(r'\["(.*)"\] = \{ (.*) \}', neovim)
    assert {schema: re.findall('"(.*?)"', listed) for schema, listed in in_lua} == patterns


@pytest.mark.parametrize("rule_id", ["Q279798", "KB5036386", "CVE-2024-26198", "ADV190023", "VMSA-2023-0024"])
def test_the_settings_name_the_files_of_every_usual_id(rule_id: str) -> None:
    (code,) = blocks("json")
    file = PurePosixPath("rules/mail") / f"{rule_id}.yaml"
    matching = [
        schema
        for schema, patterns in json.loads(code)["yaml.schemas"].items()
        if any(file.match(pattern.replace("**", "*")) for pattern in patterns)
    ]
    assert matching == [".needfix/rule.schema.json"]


@pytest.mark.parametrize("page", ["editors.md", "ci.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (ROOT / "docs" / link).exists(), link
