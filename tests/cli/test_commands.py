from __future__ import annotations

import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from needfix.cli.main import COMMANDS
from tests.support import INVENTORIES, ROOT, Needfix

SAMPLE = INVENTORIES / "exchange.json"


def test_help_names_every_command(needfix: Needfix) -> None:
    ran = needfix("--help")
    assert ran.code == 0
    assert all(command in ran.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    words = [sys.executable, "-m", "needfix", command, "--help"]
    ran = subprocess.run(words, capture_output=True, check=True)
    assert ran.stdout.startswith(b"usage: needfix " + command.encode())


def test_no_command_and_an_unknown_one_are_bad_usage(needfix: Needfix) -> None:
    assert needfix().code == 2
    ran = needfix("evalute")
    assert (ran.code, ran.err) == (
        2,
        "needfix: there is no command 'evalute'; did you mean evaluate?\n    mend: see needfix --help\n",
    )


def test_version(needfix: Needfix) -> None:
    assert needfix("--version").out.startswith("needfix ")


def test_explain_wants_a_known_server_and_rule(needfix: Needfix) -> None:
    ran = needfix("explain", SAMPLE, "--server", "MAIL99", "--rule", "Q279798")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no server 'MAIL99' in the inventories\n    mend: did you mean MAIL" in ran.err
    ran = needfix("explain", SAMPLE, "--server", "MAIL01", "--rule", "Q27979")
    assert "did you mean Q279798?" in ran.err
    assert needfix("explain", SAMPLE, "--server", "MAIL01").code == 2
    assert needfix("explain", "--server", "MAIL01", "--rule", "Q279798").code == 2


def test_explain_decides_a_good_record_beside_bad_ones_and_exits_with_2(needfix: Needfix) -> None:
    ran = needfix("explain", "-", "--server", "a", "--rule", "Q279798", stdin=b'{"server": "A"}\n{}\n')
    assert ran.code == 2
    assert ran.out.startswith("A and Q279798: undetermined, investigate\n")


def test_rules_list_names_every_rule(needfix: Needfix) -> None:
    ran = needfix("rules", "list")
    assert ran.code == 0
    assert "Q279798  exchange-server  Information store stops answering" in ran.out
    listed = json.loads(needfix("rules", "list", "--format", "json", "--rules", ROOT / "rules").out)
    assert [rule["id"] for rule in listed] == [file.stem for file in sorted(ROOT.glob("rules/*/Q*.yaml"))]


def test_rules_show_tells_all_of_a_rule(needfix: Needfix) -> None:
    ran = needfix("rules", "show", "q279798", "--rules", ROOT / "rules")
    assert ran.code == 0
    assert "  fix      Information Store, en: Store.exe 5.5.2654.29 or later\n" in ran.out
    assert needfix("rules", "show").code == 2
    assert needfix("rules", "show", "Q1").code == 2


@pytest.mark.parametrize("name", ["rule", "product", "inventory", "decision"])
def test_schemas_are_json_schemas_of_2020_12(name: str, needfix: Needfix) -> None:
    schema = json.loads(needfix("schema", name).out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_an_unknown_schema_is_bad_usage(needfix: Needfix) -> None:
    ran = needfix("schema", "server")
    assert (ran.code, ran.out) == (2, "")
    assert "rule" in ran.err


def test_a_reader_that_goes_away_is_no_error() -> None:
    words = [sys.executable, "-m", "needfix", "schema", "rule"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")
