"""`needfix evaluate` over fleets: Parquet in, Parquet and summaries out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from needfix.fleet import DECISIONS_SCHEMA, SCHEMA
from needfix.report.formats import formats_of
from tests.support import INVENTORIES, Needfix

FLEET = INVENTORIES / "exchange.parquet"
ONE = ("--rule", "Q279798")


def rows(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return found


def expected(needfix: Needfix, *arguments: object) -> list[dict[str, Any]]:
    ran = needfix("evaluate", INVENTORIES / "exchange.json", "--format", "jsonl", *arguments)
    decided = [json.loads(line) for line in ran.out.splitlines()]
    columns = ("server", "rule", "decision", "action")
    return [
        {key: one[key] for key in columns}
        | {"reasons": list(dict.fromkeys(r["code"] for r in one["reasons"]))}
        for one in decided
    ]


def write(file: Path, *records: dict[str, Any]) -> Path:
    pq.write_table(pa.Table.from_pylist(list(records), SCHEMA), file)
    return file


def test_a_fleet_in_parquet_is_summed_up(needfix: Needfix) -> None:
    ran = needfix("evaluate", FLEET, *ONE)
    assert ran.code == 0
    assert ran.out == (
        "16 servers, 1 rule, 16 decisions: 7 fix-required, 2 fix-present, 3 not-affected, 4 undetermined\n"
        "to do: 2 apply, 4 confirm-symptoms, 4 investigate, 1 wait\n"
        "facts that contradict each other, by number of servers: "
        "level-contradicted on 1, key-file-missing on 1\n"
        "\n"
        "servers  apply  confirm  other  rule     needed on most servers\n"
        "      7      2        4      1  Q279798  "
        "Information store stops answering while it converts Interne…\n"
        "\n"
        "fixes  servers that need most\n"
        "    1  MAIL01\n"
        "    1  MAIL03\n"
        "    1  MAIL05\n"
        "    1  MAIL13\n"
        "    1  MAIL14\n"
        "    1  MAIL15\n"
        "    1  MAIL16\n"
        f"\n{ran.err}"
    )
    assert ran.err.startswith(f"{FLEET}:11: note: 1 file version cannot be read")


def test_any_inventory_can_be_summed_up_and_for_programs_as_json(needfix: Needfix) -> None:
    ran = needfix("evaluate", INVENTORIES / "exchange.csv", *ONE, "--format", "summary-json")
    shown = json.loads(ran.out)
    assert (shown["servers"], shown["decisions"]["fix-required"], shown["actions"]["apply"]) == (16, 7, 2)
    assert {"rule": "Q279798", "decision": "fix-required", "action": "wait", "servers": 1} in shown["rules"]
    assert shown["most_laden"][0] == {"server": "MAIL01", "required": 1}


def test_decisions_are_written_in_parquet(needfix: Needfix, tmp_path: Path) -> None:
    out = tmp_path / "decisions.parquet"
    assert needfix("evaluate", FLEET, "--format", "parquet", "--output", out).code == 0
    assert rows(out) == expected(needfix)
    schema = pq.read_table(out).schema
    assert schema.names == DECISIONS_SCHEMA.names
    assert schema.field("server").type == pa.string()
    assert all(schema.field(name).type == DECISIONS_SCHEMA.field(name).type for name in schema.names[1:-1])
    header = json.loads(schema.metadata[b"needfix"])
    assert (header["format"], header["inventories"]) == (1, [str(FLEET)])
    assert [file.name for file in tmp_path.iterdir()] == ["decisions.parquet"]


@pytest.mark.parametrize(
    "chosen",
    [("--only", "fix-present", "undetermined"), ONE, ("--server", "MAIL0*"), ("--server", "mail1?", *ONE)],
)
def test_only_chosen_decisions_are_written(needfix: Needfix, tmp_path: Path, chosen: tuple[str, ...]) -> None:
    out = tmp_path / "decisions.parquet"
    assert needfix("evaluate", FLEET, "--format", "parquet", "--output", out, *chosen).code == 0
    assert rows(out) == expected(needfix, *chosen)


@pytest.mark.parametrize("form", formats_of("decisions"))
def test_reports_of_decisions_read_the_same_from_parquet(needfix: Needfix, form: str) -> None:
    chosen = ("--format", form, "--only", "fix-required", *ONE)
    ran, alone = (
        needfix("evaluate", INVENTORIES / f"exchange.{end}", *chosen) for end in ("parquet", "json")
    )
    place, of_file = f"{FLEET}:11", f"{FLEET.with_suffix('.json')}:240"
    assert ran.err.replace(place, of_file) == alone.err
    if form == "json":
        whole, one = json.loads(ran.out), json.loads(alone.out)
        assert (whole["inventories"], one["inventories"]) == ([str(FLEET)], [str(FLEET.with_suffix(".json"))])
        for document in (whole, one):
            (note,) = document["summary"].pop("notes")
            assert (note["code"], note["words"]) == ("version-unreadable", ["unknown build"])
        assert {**whole, "inventories": [], "started": ""} == {**one, "inventories": [], "started": ""}
    else:
        assert (ran.code, ran.out.replace(place, of_file)) == (alone.code, alone.out)


def test_findings_end_with_1(needfix: Needfix) -> None:
    assert needfix("evaluate", FLEET, *ONE, "--fail-on", "fix-required").code == 1
    assert needfix("evaluate", FLEET, *ONE, "--server", "MAIL02", "--fail-on", "fix-required").code == 0


def test_bad_records_stop_the_run_with_nothing_written(needfix: Needfix, tmp_path: Path) -> None:
    fleet = write(tmp_path / "fleet.parquet", {"server": "A"}, {"server": None}, {"server": "C"})
    out = tmp_path / "decisions.parquet"
    out.write_text("before")
    ran = needfix("evaluate", fleet, "--format", "parquet", "--output", out)
    assert (ran.code, out.read_text()) == (2, "before")
    assert f"{fleet}:2: the record has no server" in ran.err
    ran = needfix("evaluate", fleet)
    assert (ran.code, ran.out) == (2, "")
    ran = needfix("evaluate", fleet, "--format", "parquet", "--output", out, "--keep-going", *ONE)
    assert (ran.code, [row["server"] for row in rows(out)]) == (2, ["A", "C"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--server", "NOBODY"), "no server matches 'NOBODY'"),
        (("--rule", "Q1"), "there is no rule 'Q1'"),
        (("--format", "parket"), "invalid choice: 'parket'"),
    ],
)
def test_what_makes_no_sense_is_reported(needfix: Needfix, arguments: tuple[str, ...], message: str) -> None:
    ran = needfix("evaluate", FLEET, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_file_that_is_not_parquet_is_reported(needfix: Needfix, tmp_path: Path) -> None:
    (tmp_path / "fleet.parquet").write_bytes(FLEET.read_bytes()[:5000])
    ran = needfix("evaluate", tmp_path / "fleet.parquet")
    assert ran.code == 2
    assert "fleet.parquet:1: the file cannot be read as Parquet" in ran.err


def test_an_empty_fleet_is_no_silent_success(needfix: Needfix, tmp_path: Path) -> None:
    fleet = write(tmp_path / "fleet.parquet")
    ran = needfix("evaluate", fleet)
    assert (ran.code, ran.err) == (2, f"needfix: there is no server in the inventories ({fleet})\n")


def test_parquet_does_not_go_to_a_terminal(needfix: Needfix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("needfix.cli.reports.is_terminal", lambda: True)
    ran = needfix("evaluate", FLEET, "--format", "parquet")
    assert (ran.code, ran.err) == (
        2,
        "needfix: refusing to write binary Parquet to a terminal\n    hint: name a file with --output\n",
    )


def test_what_is_missing_is_reported_with_how_to_install_it(
    needfix: Needfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "needfix.run.columns", raising=False)
    monkeypatch.setitem(sys.modules, "needfix.fleet.engine", None)
    monkeypatch.setattr("needfix.intake.formats.LIBRARIES", ("needfix",))
    ran = needfix("evaluate", FLEET)
    assert ran.code == 2
    assert "hint: pip install 'needfix[fleet]'" in ran.err


def test_servers_that_are_decided_one_at_a_time_are_reported_where_they_are_many(
    needfix: Needfix, tmp_path: Path
) -> None:
    many = [{"name": "Microsoft Exchange Server", "level": f"5.5 SP{pack}"} for pack in (3, 4) * 40]
    fleet = write(tmp_path / "fleet.parquet", {"server": "A", "products": many}, {"server": "B"})
    ran = needfix("evaluate", fleet, *ONE)
    assert ran.code == 0
    assert "1 of 2 servers were evaluated one at a time" in ran.err


def test_a_server_of_a_fleet_is_explained(needfix: Needfix) -> None:
    options = ("--server", "mail10", *ONE)
    shown, alone = (
        needfix("explain", INVENTORIES / f"exchange.{end}", *options).out for end in ("parquet", "json")
    )
    assert f"from     {FLEET}:10, collected" in shown
    assert shown.replace(f"{FLEET}:10,", "") == alone.replace(f"{INVENTORIES / 'exchange.json'}:214:2,", "")


def test_a_folder_of_several_formats_is_explained(needfix: Needfix, tmp_path: Path) -> None:
    write(tmp_path / "fleet.parquet", {"server": "A"}, {"server": "B"})
    (tmp_path / "more.json").write_text(
        '{"server": "b", "products": [], "complete": ["products"]}', encoding="utf-8"
    )
    ran = needfix("explain", tmp_path, "--server", "B", *ONE)
    assert (ran.code, ran.out) == (2, "")
    assert "b has another record" in ran.err
    ran = needfix("explain", tmp_path, "--server", "B", *ONE, "--join")
    assert [line for line in ran.out.splitlines() if " and Q279798: " in line] == [
        "B and Q279798: not-affected, none"
    ]


def test_a_server_that_is_not_in_the_fleet_is_reported_with_one_that_is(needfix: Needfix) -> None:
    ran = needfix("explain", FLEET, "--server", "MAIL1O", *ONE)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no server 'MAIL1O' in the inventories\n    hint: did you mean MAIL1" in ran.err


def test_bad_records_of_a_fleet_stop_an_explanation(needfix: Needfix, tmp_path: Path) -> None:
    fleet = write(tmp_path / "fleet.parquet", {"server": "A"}, {"server": None})
    ran = needfix("explain", fleet, "--server", "A", *ONE)
    assert (ran.code, ran.out) == (2, "")
    assert f"{fleet}:2: the record has no server" in ran.err
    assert needfix("explain", fleet, "--server", "A", *ONE, "--keep-going").out.startswith("A and Q279798")
