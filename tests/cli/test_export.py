from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from fixtures.write_oval import EXPECTED, WORDS
from tests.support import ROOT, Needfix
from tests.support.catalogues import MAIL, rule

PLAIN = {key: value for key, value in MAIL.items() if not key.endswith("editions")}
SERVER = {
    "server": "MAIL01",
    "products": [{"name": "Contoso Mail Server"}],
    "files": [{"name": "Store.exe", "version": "5.5.2653.23"}],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a rule that OVAL can express, one that it cannot, and a server."""
    monkeypatch.chdir(tmp_path)
    hosted = rule("Q100002", affects=[{"product": "mail-server", "edition": "Hosted"}], product=None)
    product = {**PLAIN, "editions": ["Hosted"]}
    Path("rules.yaml").write_text(yaml.safe_dump_all([product, rule(), hosted]), encoding="utf-8")
    Path("servers.json").write_text(json.dumps([SERVER]), encoding="utf-8")
    return tmp_path


OWN = ("--rules", "rules.yaml", "--no-shipped")
GOOD = (*OWN, "--rule", "Q100001")


def test_the_sample_files_are_as_expected(
    needfix: Needfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert needfix(*WORDS, "--output", tmp_path / "oval").code == 0
    found = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "oval").iterdir()}
    assert found == {path.name: path.read_text(encoding="utf-8") for path in EXPECTED.iterdir()}


def test_definitions_go_to_standard_output_or_a_file(needfix: Needfix) -> None:
    ran = needfix("export", "oval", *GOOD)
    assert (ran.code, ran.err) == (0, "")
    assert needfix("export", "oval", *GOOD, "--output", "rules.xml").code == 0
    assert Path("rules.xml").read_text(encoding="utf-8") == ran.out


def test_inventories_go_to_a_new_folder(needfix: Needfix) -> None:
    ran = needfix(
        "export",
        "oval",
        "--no-shipped",
        "--rule",
        "Q100001",
        "--output",
        "oval",
        "--rules",
        "rules.yaml",
        "servers.json",
    )
    assert (ran.code, ran.err) == (0, "")  # --rules does not take the inventory
    assert sorted(path.name for path in Path("oval").iterdir()) == ["MAIL01.xml", "definitions.xml"]


def test_a_refused_rule_leaves_nothing_written(needfix: Needfix) -> None:
    ran = needfix("export", "oval", *OWN, "--output", "rules.xml")
    assert ran.code == 2
    assert "Q100002: OVAL cannot see the edition Hosted; expected rules that OVAL can express" in ran.err
    assert "hint: leave the rule out with --rule, or use --keep-going" in ran.err
    assert not Path("rules.xml").exists()


def test_the_other_rules_are_written_with_keep_going(needfix: Needfix) -> None:
    ran = needfix("export", "oval", *OWN, "--keep-going", "--output", "rules.xml")
    assert (ran.code, "Q100002: OVAL cannot see" in ran.err) == (2, True)
    text = Path("rules.xml").read_text(encoding="utf-8")
    assert "Q100001 is required" in text
    assert "Q100002" not in text


def test_no_rule_at_all_is_written_nowhere(needfix: Needfix) -> None:
    ran = needfix("export", "oval", *OWN, "--rule", "Q100002", "--keep-going", "--output", "rules.xml")
    assert ran.code == 2
    assert not Path("rules.xml").exists()


def test_a_bad_record_leaves_no_folder(needfix: Needfix) -> None:
    Path("servers.json").write_text(json.dumps([SERVER, {"server": ""}]), encoding="utf-8")
    ran = needfix("export", "oval", "servers.json", *GOOD, "--output", "oval")
    assert ran.code == 2
    assert "nothing was written" in ran.err
    assert {path.name for path in Path.cwd().iterdir()} == {"rules.yaml", "servers.json"}


def test_the_good_records_are_written_with_keep_going(needfix: Needfix) -> None:
    Path("servers.json").write_text(json.dumps([SERVER, {"server": ""}]), encoding="utf-8")
    assert needfix("export", "oval", "servers.json", *GOOD, "--keep-going", "--output", "oval").code == 2
    assert sorted(path.name for path in Path("oval").iterdir()) == ["MAIL01.xml", "definitions.xml"]


def test_a_folder_with_files_is_not_written_to(needfix: Needfix) -> None:
    Path("oval").mkdir()
    Path("oval/mine.txt").touch()
    ran = needfix("export", "oval", "servers.json", *GOOD, "--output", "oval")
    assert (ran.code, ran.err) == (
        2,
        "needfix: cannot write to oval: it has files already\n    hint: name a new folder\n",
    )
    assert [path.name for path in Path("oval").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("output", [(), ("--output", "-")])
def test_inventories_need_a_folder(needfix: Needfix, output: tuple[str, ...]) -> None:
    ran = needfix("export", "oval", "servers.json", *GOOD, *output)
    assert (ran.code, ran.err) == (
        2,
        "needfix: inventories need a folder\n    hint: name a new folder with --output\n",
    )


@pytest.mark.parametrize("output", ["", "missing/oval", "servers.json"])
def test_a_folder_that_cannot_be_made_is_reported(needfix: Needfix, output: str) -> None:
    ran = needfix("export", "oval", "servers.json", *GOOD, "--output", output)
    assert (ran.code, "hint: name a new folder" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("mail-servr=HKLM\\A\\B", "there is no product 'mail-servr'; did you mean mail-server?"),
        ("mail-server=A\\B", "'A\\\\B' names no value of the registry"),
        ("mail-server=HKLM\\A\\B*", "'HKLM\\\\A\\\\B*' names no value of the registry"),
        ("mail-server", "'' names no value of the registry"),
    ],
)
def test_a_build_value_that_makes_no_sense_is_refused(needfix: Needfix, value: str, message: str) -> None:
    ran = needfix("export", "oval", *GOOD, "--build-value", value)
    assert (ran.code, message.partition(";")[0] in ran.err, "hint: " in ran.err) == (2, True, True)


def test_servers_whose_names_are_no_names_of_files_have_files_of_their_own(needfix: Needfix) -> None:
    names = ["A/B", "A:B", "con", "definitions"]
    Path("servers.json").write_text(
        json.dumps([{**SERVER, "server": name} for name in names]), encoding="utf-8"
    )
    assert needfix("export", "oval", "servers.json", *GOOD, "--output", "oval").code == 0
    found = sorted(path.name for path in Path("oval").iterdir())
    assert len(found) == 5
    assert {"A_B.xml", "con_.xml", "definitions.xml"} < set(found)


def test_facts_without_a_place_in_oval_are_noted(needfix: Needfix) -> None:
    more = {"hotfixes": ["Q100001"], "symptoms": {"observed": ["mail-is-lost"]}, "restart_pending": True}
    Path("servers.json").write_text(json.dumps([{**SERVER, **more}]), encoding="utf-8")
    ran = needfix("export", "oval", "servers.json", *GOOD, "--output", "oval")
    places = "hotfixes (1 server), pending restarts (1 server), symptoms (1 server)"
    assert (ran.code, ran.err) == (0, f"needfix: note: OVAL has no place for some facts: {places}\n")


def test_an_inventory_or_rule_is_not_replaced(needfix: Needfix) -> None:
    assert needfix("export", "oval", *GOOD, "--output", "rules.yaml").code == 2
    assert "Q100001" in Path("rules.yaml").read_text(encoding="utf-8")
