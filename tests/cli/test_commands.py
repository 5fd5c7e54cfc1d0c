from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from needfix._version import __version__
from needfix.cli.commands import COMMANDS
from tests.support import INVENTORIES, ROOT, Needfix, problems_in

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
        "needfix: there is no command 'evalute'; did you mean evaluate?\n    hint: see needfix --help\n",
    )


def test_version(needfix: Needfix) -> None:
    assert needfix("--version").out == f"needfix {__version__}\n"


def test_explain_wants_a_known_server_and_rule(needfix: Needfix) -> None:
    ran = needfix("explain", SAMPLE, "--server", "MAIL99", "--rule", "Q279798")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no server 'MAIL99' in the inventories\n    hint: did you mean MAIL" in ran.err
    ran = needfix("explain", SAMPLE, "--server", "MAIL01", "--rule", "Q27979")
    assert "did you mean Q279798?" in ran.err
    assert needfix("explain", SAMPLE, "--server", "MAIL01").code == 2
    assert needfix("explain", "--server", "MAIL01", "--rule", "Q279798").code == 2


def test_explain_stops_at_bad_records_unless_it_is_to_keep_going(needfix: Needfix) -> None:
    words = ["explain", "-", "--server", "a", "--rule", "Q279798"]
    ran = needfix(*words, stdin=b'{"server": "A"}\n{}\n')
    assert (ran.code, ran.out) == (2, "")
    ran = needfix(*words, "--keep-going", stdin=b'{"server": "A"}\n{}\n')
    assert ran.code == 2
    assert ran.out.startswith("A and Q279798: undetermined, investigate\n")


def test_rules_list_names_every_rule(needfix: Needfix) -> None:
    ran = needfix("rules", "list")
    assert ran.code == 0
    assert re.search(r"^Q279798 +exchange-server +Information store stops answering", ran.out, re.MULTILINE)
    listed = json.loads(needfix("rules", "list", "--format", "json", "--rules", ROOT / "rules").out)
    files = [file for file in ROOT.glob("rules/*/*.yaml") if file.parent.name != "products"]
    assert sorted(rule["id"] for rule in listed) == sorted(file.stem for file in files)


def test_rules_show_prints_all_of_a_rule(needfix: Needfix) -> None:
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


def test_a_reader_that_goes_away_ends_the_run_without_a_word_and_without_a_0() -> None:
    words = [sys.executable, "-m", "needfix", "schema", "rule"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        shown = process.stderr.read()
    assert (process.returncode, shown) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["rules", "list"], ["evaluate", str(SAMPLE)], ["--help"]])
def test_a_full_disk_is_reported_and_is_not_a_finding(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "needfix", *words], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"needfix: cannot read or write")
    assert b"Traceback" not in ran.stderr


def test_a_name_that_is_too_long_or_a_circle_of_links_is_reported(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for words in (["--output", tmp_path / ("x" * 300)], ["--rules", "x" * 300], ["--output", tmp_path / "a"]):
        ran = needfix("evaluate", SAMPLE, *words)
        assert (ran.code in (0, 2), "Traceback" in ran.err) == (True, False)


def run_without(closed: list[int], *words: str) -> subprocess.CompletedProcess[bytes]:
    """The command with some of its streams closed before the start."""
    script = (
        f"import os, sys; [os.close(one) for one in {closed}];"
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    command = [sys.executable, "-c", script, "-m", "needfix", *words]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.mark.parametrize("closed", [0, 2])
def test_a_stream_that_was_closed_before_the_start_and_is_not_needed(closed: int) -> None:
    ran = run_without([closed], "evaluate", str(SAMPLE))
    assert (ran.returncode, problems_in(ran.stderr.decode())) == (0, [])
    assert ran.stdout.startswith(b"MAIL01\n")


CLOSED = b"needfix: cannot read or write standard output: it was closed before the start\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["evaluate", "--help"],
        ["evaluate", str(SAMPLE), "--format", "jsonl"],
        ["evaluate", str(SAMPLE), "--format", "csv", "--keep-going"],
        ["evaluate", str(SAMPLE), "--format", "parquet"],
        ["lint", str(ROOT / "rules/exchange-5.5/Q279798.yaml")],
        ["rules", "list"],
    ],
)
def test_a_report_that_is_lost_because_standard_output_is_closed_is_an_error(words: list[str]) -> None:
    ran = run_without([1], *words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, b"", CLOSED)
    assert run_without([1, 2], *words).returncode == 2


def test_a_closed_standard_output_does_not_matter_to_a_report_that_goes_elsewhere(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    ran = run_without([0, 1], "evaluate", str(SAMPLE), "--format", "csv", "--output", str(target))
    assert (ran.returncode, ran.stdout, problems_in(ran.stderr.decode())) == (0, b"", [])
    assert target.read_text(encoding="utf-8").startswith("server,")


def test_a_failure_that_nobody_can_read_about_keeps_its_exit_code(tmp_path: Path) -> None:
    for closed in ([2], [1, 2], [0, 1, 2]):
        ran = run_without(closed, "evaluate", str(tmp_path / "nothing.json"))
        assert (ran.returncode, ran.stdout, ran.stderr) == (2, b"", b"")


def test_a_run_that_is_ended_leaves_nothing_half_written(tmp_path: Path) -> None:
    target = tmp_path / "report"
    words = [sys.executable, "-m", "needfix", "evaluate", "-", "--output", str(target)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(
            b"".join(b'{"server": "A%d", "products": []}\n' % number for number in range(2_500))
        )
        process.stdin.flush()
        process.send_signal(signal.SIGTERM)
        _, shown = process.communicate()
    assert (process.returncode, shown) == (130, b"needfix: interrupted\n")
    assert list(tmp_path.iterdir()) == []
