"""What people and tools write in ways that once led astray."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import needfix
from tests.support.catalogues import NEW, OLD, answer, codes, decide, fix, load, mail, rule, server


@pytest.mark.parametrize("build", ["Version 5.5 (Build 2653.23: Service Pack 4)", "5.5 (Build 2653.23)"])
def test_a_build_as_the_about_box_shows_it(tmp_path: Path, build: str) -> None:
    catalogue = load(tmp_path, rule())
    assert decide(catalogue, mail(None, info=OLD, build=build)).decision == "fix-required"
    assert codes(decide(catalogue, mail("5.5 SP3", info=OLD, build=build)))[0] == "level-contradicted"


def test_a_build_without_its_version_is_one_of_the_version_beside_it(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    assert decide(catalogue, mail("SP4", info=OLD, build="2653.23")).decision == "fix-required"
    assert codes(decide(catalogue, mail("5.5 SP3", info=OLD, build="2653.23")))[0] == "level-contradicted"
    assert decide(catalogue, mail(None, info=OLD, build="2653.23")).decision == "undetermined"


def test_a_file_version_as_the_about_box_shows_it(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    assert (
        decide(catalogue, mail(info="Version 5.5 (Build 2654.10: Service Pack 4)")).decision == "fix-present"
    )
    assert (
        decide(catalogue, mail(info="Version 5.5 (Build 2654.9: Service Pack 4)")).decision == "fix-required"
    )
    assert codes(decide(catalogue, mail(info="5.5 (2654.10)")))[0] == "file-unreadable"


def test_a_name_that_a_path_defines_is_not_the_shipped_products(tmp_path: Path) -> None:
    own = {"needfix": 1, "product": "own", "name": "Microsoft Exchange Server", "levels": [{"level": "5.5"}]}
    ruled = rule(product="own", affects=["5.5"])
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump_all([own, ruled]), encoding="utf-8")
    facts = server(
        products=[{"name": "Microsoft Exchange Server", "level": "5.5"}],
        files=[{"name": "Info.dll", "version": OLD}],
    )
    assert decide(needfix.load_catalogue(path), facts).decision == "fix-required"


def test_a_stated_level_against_the_products_name_is_a_contradiction(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    for name, level in (("Contoso Mail Server 6.0", "5.5 SP4"), ("Contoso Mail Server 5.5 SP2", "5.5 SP4")):
        found = decide(catalogue, server(products=[{"name": name, "level": level}]))
        assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")
    agreed = server(
        products=[{"name": "Contoso Mail Server 5.5", "level": "5.5 SP4"}],
        files=[{"name": "Info.dll", "version": NEW}],
    )
    assert decide(catalogue, agreed).decision == "fix-present"


def test_a_claim_with_files_missing_does_not_call_them_older(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": NEW, "Other.dll": "1.0"})]))
    found = decide(catalogue, mail(info=NEW, complete=["files"], hotfixes=["Q100001"]))
    assert found.decision == "fix-required"
    assert "claimed-but-files-missing" in codes(found)
    assert "claimed-but-files-older" not in codes(found)


@pytest.mark.parametrize(
    "name", ["KB 100001", "Hotfix Q100001", "MS02-025 Q100001", "100001", "kb100001_ENU"]
)
def test_hotfix_lists_name_articles_in_many_ways(tmp_path: Path, name: str) -> None:
    found = decide(load(tmp_path, rule()), mail(info=OLD, hotfixes=[name]))
    assert "claimed-but-files-older" in codes(found)


@pytest.mark.parametrize("name", ["Q1000012", "MS10-00001", "SP4"])
def test_other_entries_of_a_hotfix_list_claim_nothing(tmp_path: Path, name: str) -> None:
    found = decide(load(tmp_path, rule()), mail(info=OLD, hotfixes=[name]))
    assert "claimed-but-files-older" not in codes(found)


def test_an_event_may_lack_its_number(tmp_path: Path) -> None:
    symptom = {
        "id": "full",
        "text": "The disk is full",
        "observe": [{"source": "MSMail", "contains": "full"}],
    }
    catalogue = load(tmp_path, rule(apply="if-symptoms", symptoms=[symptom]))
    facts = mail(info=OLD, events=[{"source": "MSMail", "message": "The disk is full"}])
    assert decide(catalogue, facts).action == "apply"


@pytest.mark.parametrize("name", ["English", "English (United States)", "ENU", "en-GB"])
def test_languages_by_their_names(tmp_path: Path, name: str) -> None:
    found = decide(load(tmp_path, rule(fixes=[fix(language="en")])), mail(info=OLD, language=name))
    assert "language-not-listed" not in codes(found)


@pytest.mark.parametrize(
    ("level", "expected"), [("8.0 SP1", "fix-required"), ("8.0", "not-affected"), ("SP1", "fix-required")]
)
def test_a_level_as_the_product_shows_it(tmp_path: Path, level: str, expected: str) -> None:
    levels = [{"level": "2000", "also": ["8.0"]}, {"level": "2000 SP1", "also": ["8.0 SP1"]}]
    data = {"needfix": 1, "product": "data", "name": "Contoso Data 2000", "levels": levels}
    catalogue = load(tmp_path, data, rule(product="data", affects=["2000 SP1"]))
    facts = server(
        products=[{"name": "Contoso Data 2000", "level": level}], files=[{"name": "Info.dll", "version": OLD}]
    )
    assert decide(catalogue, facts).decision == expected
