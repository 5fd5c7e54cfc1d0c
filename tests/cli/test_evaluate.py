from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support import INVENTORIES, ROOT, Needfix

SAMPLE = INVENTORIES / "exchange.json"
GOOD = b'{"server": "A", "products": []}\n'
BAD = b'{"products": []}\n'


def decided(out: str) -> dict[str, str]:
    return {(line := json.loads(text))["server"]: line["decision"] for text in out.splitlines()}


def names() -> list[str]:
    return sorted(path.name for path in INVENTORIES.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("name", names())
def test_the_sample_servers_get_the_same_decisions_from_every_format(name: str, needfix: Needfix) -> None:
    ran = needfix("evaluate", INVENTORIES / name, "--format", "jsonl")
    expected = needfix("evaluate", SAMPLE, "--format", "jsonl")
    assert ran.code == 0
    assert sorted(ran.out.splitlines()) == sorted(expected.out.splitlines())
    assert len(decided(ran.out)) == 16


def test_standard_input_is_read_by_its_content(needfix: Needfix) -> None:
    for name in ("exchange.json", "exchange.jsonl", "exchange.csv", "exchange.yaml", "exchange-utf16.csv"):
        ran = needfix("evaluate", "-", "--format", "jsonl", stdin=(INVENTORIES / name).read_bytes())
        assert (ran.code, len(decided(ran.out))) == (0, 16), name


def test_patterns_and_several_inventories(needfix: Needfix) -> None:
    words = ("evaluate", INVENTORIES / "exch*.jsonl", INVENTORIES / "exchange.csv", "--format", "json")
    ran = needfix(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "MAIL01 has another record" in ran.err
    assert json.loads(needfix(*words, "--join").out)["summary"]["servers"] == 16


def test_rules_may_stand_before_or_behind_the_inventory(needfix: Needfix, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules" / "exchange-5.5", rules)
    expected = needfix(
        "evaluate", SAMPLE, "--format", "jsonl", "--rules", ROOT / "rules" / "exchange-5.5"
    ).out
    only = needfix("evaluate", SAMPLE, "--format", "jsonl", "--rule", "Q279798").out
    assert needfix("evaluate", SAMPLE, "--format", "jsonl", "--rules", rules).out == expected
    assert needfix("evaluate", "--rules", rules, SAMPLE, "--format", "jsonl").out == expected
    assert needfix("evaluate", "--format", "jsonl", "--rules", rules, SAMPLE).out == expected
    products = ROOT / "rules" / "products"
    assert needfix("evaluate", "--format", "jsonl", "--rules", rules, products, SAMPLE).out == expected
    file = rules / "Q279798.yaml"
    product = ROOT / "rules" / "products"
    assert needfix("evaluate", SAMPLE, "--format", "jsonl", "--rules", file, product).out == only


def test_only_shows_the_chosen_decisions_and_the_summary_counts_all(needfix: Needfix) -> None:
    one = ("--rule", "Q279798", "--only")
    ran = needfix("evaluate", SAMPLE, *one, "undetermined", "fix-present", "--format", "json")
    whole = json.loads(ran.out)
    assert {entry["decision"] for entry in whole["decisions"]} == {"undetermined", "fix-present"}
    assert whole["summary"]["decisions"]["fix-required"] == 7
    ran = needfix("evaluate", *one, "undetermined", SAMPLE, "--format", "jsonl")
    assert ran.out.count("\n") == 4


def test_action_shows_the_chosen_actions_and_the_summary_counts_all(needfix: Needfix) -> None:
    one = ("--rule", "Q279798", "--action", "apply", "wait")
    for words in ((SAMPLE, *one), (*one, SAMPLE)):
        whole = json.loads(needfix("evaluate", *words, "--format", "json").out)
        assert [(entry["server"], entry["action"]) for entry in whole["decisions"]] == [
            ("MAIL14", "apply"), ("MAIL15", "wait"), ("MAIL16", "apply"),
        ]  # fmt: skip
        assert whole["summary"]["actions"]["confirm-symptoms"] == 4
    ran = needfix("evaluate", SAMPLE, "--action", "reboot")
    assert (ran.code, ran.out) == (2, "")
    assert "'reboot' is not an action" in ran.err


def test_server_is_a_pattern_without_case(needfix: Needfix) -> None:
    assert len(decided(needfix("evaluate", SAMPLE, "--server", "mail0?", "--format", "jsonl").out)) == 9
    both = needfix("evaluate", SAMPLE, "--server", "MAIL01", "--server", "MAIL02", "--format", "jsonl")
    assert list(decided(both.out)) == ["MAIL01", "MAIL02"]
    ran = needfix("evaluate", SAMPLE, "--server", "nobody*")
    assert (ran.code, ran.out) == (2, "")
    assert "no server matches 'nobody*'" in ran.err


def test_rule_is_an_id_without_case(needfix: Needfix) -> None:
    assert needfix("evaluate", SAMPLE, "--rule", "q279798").code == 0
    ran = needfix("evaluate", SAMPLE, "--rule", "Q279799")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no rule 'Q279799'\n    hint: did you mean Q279798?" in ran.err


def test_fail_on_exits_with_1_where_such_a_decision_is(needfix: Needfix) -> None:
    assert needfix("evaluate", SAMPLE, "--fail-on", "fix-required").code == 1
    one = ("--server", "MAIL02", "--rule", "Q279798")
    assert needfix("evaluate", SAMPLE, *one, "--fail-on", "fix-required").code == 0
    assert needfix("evaluate", "--fail-on", "undetermined", "fix-required", SAMPLE).code == 1
    assert needfix("evaluate", SAMPLE, "--only", "fix-present", "--fail-on", "fix-required").code == 1


def test_output_appears_whole(needfix: Needfix, tmp_path: Path) -> None:
    target = tmp_path / "report.jsonl"
    ran = needfix("evaluate", SAMPLE, "--format", "jsonl", "--output", target)
    assert (ran.code, ran.out) == (0, "")
    assert len(decided(target.read_text(encoding="utf-8"))) == 16
    assert list(tmp_path.iterdir()) == [target]


def test_bad_records_stop_the_run_with_nothing_written(needfix: Needfix, tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("before", encoding="utf-8")
    ran = needfix("evaluate", "-", "--output", target, stdin=GOOD + BAD + BAD)
    assert (ran.code, ran.out) == (2, "")
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]
    assert "<stdin>:2" in ran.err
    assert "<stdin>:3" in ran.err
    assert ran.err.endswith("; nothing was written; use --keep-going to evaluate the other records\n")
    assert needfix("evaluate", "-", stdin=GOOD + BAD).out == ""


def test_keep_going_decides_the_good_records_and_still_exits_with_2(needfix: Needfix) -> None:
    words = ("evaluate", "-", "--rule", "Q279798", "--keep-going", "--format", "json")
    ran = needfix(*words, stdin=BAD + GOOD + BAD)
    assert ran.code == 2
    whole = json.loads(ran.out)
    assert [entry["server"] for entry in whole["decisions"]] == ["A"]
    assert whole["summary"]["bad_records"] == 2


def test_very_many_bad_records_are_counted_but_not_all_reported(needfix: Needfix) -> None:
    bad = "".join(f'{{"server": "A{number}", "complete": ["list{number}"]}}\n' for number in range(250))
    ran = needfix("evaluate", "-", stdin=GOOD + bad.encode())
    assert ran.err.count("<stdin>:") == 100
    assert "… and 150 more" in ran.err
    assert "250 problems" in ran.err


def test_bad_records_that_say_the_same_are_reported_a_few_times(needfix: Needfix) -> None:
    ran = needfix("evaluate", "-", stdin=GOOD + BAD * 250)
    assert ran.err.count("<stdin>:") == 4
    assert "<stdin>: the same in 247 more places down to line 251: the record has no server" in ran.err
    assert "250 problems" in ran.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "no inventory is given"),
        (["no-such-file.json"], "no-such-file.json"),
        (["no-such-*.json"], "no-such-*.json"),
        ([SAMPLE, "--format", "xml"], "invalid choice: 'xml'"),
        ([SAMPLE, "--only", "fixed"], "'fixed' is not a decision"),
        ([SAMPLE, "--fail-on", "fixed"], "'fixed' is not a decision"),
        ([SAMPLE, "--on", "local[1]", "--format", "csv"], "write summary, summary-json or parquet\n"),
        ([SAMPLE, "--on", "local[1]", "--format", "parquet"], "with --on, decisions are written to a folder"),
        ([SAMPLE, "--on", "local[1]", "--format", "parquet", "--output", ROOT / "README.md"], "is a file\n"),
        ([SAMPLE, "--on", "local[1]", "--format", "summary", "--output", SAMPLE], "would replace this file"),
        ([SAMPLE, "--rules", "no-such-folder"], "no-such-folder"),
        ([SAMPLE, "--unknown"], "--unknown"),
        ([SAMPLE, "--output", "no-such-folder/report"], "cannot write no-such-folder/report"),
    ],
)
def test_bad_usage_exits_with_2_and_says_why(words: list[object], expected: str, needfix: Needfix) -> None:
    ran = needfix("evaluate", *words)
    assert (ran.code, ran.out) == (2, "")
    assert expected in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("content", [b"", b"[]", b"\n\n", b"server,product\n"])
def test_an_inventory_without_servers_exits_with_2(content: bytes, needfix: Needfix) -> None:
    ran = needfix("evaluate", "-", stdin=content)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_a_faulty_catalogue_exits_with_2_and_reports_all_problems(needfix: Needfix, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    text = "needfix: 1\nid: Q1\nproduct: exchange-server\naffects: [5.5, SP99]\nfixes: []\n"
    file.write_text(text, encoding="utf-8")
    ran = needfix("evaluate", SAMPLE, "--rules", file)
    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[0] for line in ran.err.splitlines() if "rule.yaml" in line] == [
        f"{file}:4:11", f"{file}:4:16", f"{file}:5:8",
    ]  # fmt: skip


def test_a_server_name_in_any_script_is_written_as_it_is(needfix: Needfix) -> None:
    record = json.dumps({"server": "メール-01", "products": []}, ensure_ascii=False).encode()
    for form in ("table", "json", "jsonl", "csv"):
        assert "メール-01" in needfix("evaluate", "-", "--format", form, stdin=record).out


def test_output_through_a_link_keeps_the_link(needfix: Needfix, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    assert needfix("evaluate", SAMPLE, "--output", link).code == 0
    assert link.is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8").startswith("MAIL01\n")


def test_output_to_a_device_does_not_replace_it(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "needfix", "evaluate", str(SAMPLE), "--output", "/dev/stdout"]
    redirected = tmp_path / "redirected"
    with redirected.open("wb") as out:
        assert subprocess.run(words, stdout=out, check=False).returncode == 0
    assert redirected.read_text(encoding="utf-8").startswith("MAIL01\n")
    assert Path("/dev/stdout").exists()


def test_output_to_a_hyphen_is_standard_output(needfix: Needfix) -> None:
    assert needfix("evaluate", SAMPLE, "--output", "-").out == needfix("evaluate", SAMPLE).out


def test_a_misspelt_option_is_named_with_the_one_that_was_meant(needfix: Needfix) -> None:
    ran = needfix("evaluate", SAMPLE, "--keep-goin")
    assert (ran.code, ran.err) == (
        2,
        "needfix: unrecognized arguments: --keep-goin\n    hint: did you mean --keep-going?\n",
    )


def test_output_keeps_the_permissions_of_the_file_that_it_replaces(needfix: Needfix, tmp_path: Path) -> None:
    target = tmp_path / "report"
    target.touch(mode=0o600)
    assert needfix("evaluate", SAMPLE, "--output", target).code == 0
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_empty_name_of_rules_is_not_the_folder_one_is_in(needfix: Needfix) -> None:
    ran = needfix("evaluate", SAMPLE, "--rules", "")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no such file" in ran.err


BAD_AND_GOOD = (
    {"server": "A1", "files": [{"name": "Store.exe"}]},
    {"server": "B1", "files": [{"name": " "}]},
    {"server": "A2"},
)


@pytest.mark.parametrize("form", ["jsonl", "json", "parquet"])
@pytest.mark.parametrize("report", ["jsonl", "summary"])
def test_bad_records_of_other_servers_are_problems_in_every_format(
    needfix: Needfix, tmp_path: Path, form: str, report: str
) -> None:
    file = tmp_path / f"fleet.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(list(BAD_AND_GOOD)), file)
    else:
        lines = map(json.dumps, BAD_AND_GOOD)
        text = "\n".join(lines) if form == "jsonl" else f"[{','.join(lines)}]"
        file.write_text(text, encoding="utf-8")
    command = ("evaluate", file, "--server", "A*", "--rule", "Q279798", "--format", report)
    ran = needfix(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "files[0] has no name" in ran.err
    ran = needfix(*command, "--keep-going")
    assert ran.code == 2
    assert ("A1" in ran.out, "B1" in ran.out) == (report == "jsonl", False)
    assert report != "summary" or ran.out.startswith("2 servers")


def test_a_path_that_cannot_be_examined_does_not_stop_the_others(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('{"server": "A"}', encoding="utf-8")
    long = f"{'x' * 300}.json"
    ran = needfix("evaluate", tmp_path / long, tmp_path / "good.json", "--keep-going", "--format", "jsonl")
    assert ran.code == 2
    assert "the file cannot be read: File name too long" in ran.err
    assert '"server": "A"' in ran.out


@pytest.mark.parametrize(
    "master",
    [
        "",
        "locl",
        "local[0]",
        "local[2",
        "local[two]",
        "spark://host",
        "http://host:7077",
        "yarn-client",
        "host:7077",
    ],
)
def test_a_master_that_spark_has_not_is_refused_before_java_starts(needfix: Needfix, master: str) -> None:
    ran = needfix("evaluate", SAMPLE, "--on", master, "--format", "csv")
    assert ran.code == 2
    assert ran.err == (
        f"needfix: --on {master!r} is not the address of a Spark cluster\n"
        "    hint: write local, local[2], local[*], spark://HOST:PORT, yarn or k8s://HOST:PORT\n"
    )


@pytest.mark.parametrize(
    "master",
    ["local", "local[4]", "local[*]", "local[*,3]", "local-cluster[2,1,1024]", "spark://a:7077,b:7077",
     "yarn", "k8s://https://host:443"],
)  # fmt: skip
def test_every_form_of_a_master_is_accepted(needfix: Needfix, master: str) -> None:
    ran = needfix("evaluate", SAMPLE, "--on", master, "--format", "csv")
    assert "write summary, summary-json or parquet" in ran.err  # what is checked next
