"""Which files are rules, and which definitions hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from needfix.catalogue import load_catalogue, shipped_rules
from needfix.errors import CatalogueError, Position
from tests.catalogue.support import PRODUCTS

RULE = """\
needfix: 1
id: {id}
product: exchange-server
affects: [5.5 SP4]
fixes: [{{files: {{Store.exe: {{version: "5.5.2654.29"}}}}}}]
"""


def write(file: Path, *ids: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("---\n".join(RULE.format(id=rule_id) for rule_id in ids))
    return file


def test_the_shipped_catalogue() -> None:
    catalogue = load_catalogue()
    assert "Q279798" in catalogue.rules
    assert {rule.id for rule in catalogue} == set(catalogue.order)
    assert len(catalogue) == len(catalogue.rules) == len(catalogue.ids)


def test_documents_of_one_file(tmp_path: Path) -> None:
    file = write(tmp_path / "rules.yaml", "Q1", "Q2")
    file.write_text(f"# two rules\n---\n{file.read_text()}---\n---\n")
    catalogue = load_catalogue(file)
    assert list(catalogue.rules) == ["Q1", "Q2"]
    positions = [str(rule.at) for rule in catalogue]
    assert positions == [f"{file}:3:1", f"{file}:9:1"]


def test_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "b" / "deep" / "2.yml", "Q2")
    write(tmp_path / "a.yaml", "Q1")
    write(tmp_path / ".hidden.yaml", "Q3")
    write(tmp_path / ".git" / "x.yaml", "Q4")
    write(tmp_path / "b" / "a.cases.yaml", "Q5")
    write(tmp_path / "b" / "a.cases.yml", "Q6")
    (tmp_path / "notes.txt").write_text("Q7 is no rule.", encoding="utf-8")
    (tmp_path / "folder.yaml").mkdir()
    assert list(load_catalogue(tmp_path).rules) == ["Q1", "Q2"]


def test_a_folder_below_a_hidden_one(tmp_path: Path) -> None:
    write(tmp_path / ".rules" / "a.yaml", "Q1")
    assert list(load_catalogue(tmp_path / ".rules").rules) == ["Q1"]


@pytest.mark.parametrize("pattern", ["*.yaml", "**/*.yaml", "[ab].yaml", "?.yaml"])
def test_a_pattern(tmp_path: Path, pattern: str) -> None:
    write(tmp_path / "b.yaml", "Q2")
    write(tmp_path / "a.yaml", "Q1")
    write(tmp_path / "a.cases.yaml", "Q3")
    write(tmp_path / ".c.yaml", "Q4")
    assert list(load_catalogue(tmp_path / pattern).rules) == ["Q1", "Q2"]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    assert list(load_catalogue(write(tmp_path / "[a].yaml", "Q1")).rules) == ["Q1"]


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert list(load_catalogue(write(tmp_path / ".rules.txt", "Q1")).rules) == ["Q1"]


def test_several_paths_and_each_file_once(tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "Q1")
    other = write(tmp_path / "more" / "b.yaml", "Q2")
    roundabout = tmp_path / "more" / ".." / "a.yaml"
    catalogue = load_catalogue([str(other), file, tmp_path, str(roundabout)])
    assert list(catalogue.rules) == ["Q2", "Q1"]


def test_a_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + RULE.format(id="Q1").replace("\n", "\r\n").encode())
    assert list(load_catalogue(file).rules) == ["Q1"]


def test_shipped_products_are_known_beside_own_rules(tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "Q1")
    file.write_text(PRODUCTS + "---\n" + file.read_text())
    assert {"exchange-server", "mail", "nt"} <= load_catalogue(file).products.keys()


def test_a_product_of_ones_own_goes_before_the_shipped_one(tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "Q1")
    own = "needfix: 1\nproduct: exchange-server\nname: My Exchange\nlevels: [{level: 5.5 SP4}]\n"
    file.write_text(own + "---\n" + file.read_text())
    product = load_catalogue(file).products["exchange-server"]
    assert (product.name, [str(entry.level) for entry in product.levels]) == ("My Exchange", ["5.5 SP4"])


def test_the_shipped_folder_can_be_named() -> None:
    assert load_catalogue(shipped_rules()).rules.keys() == load_catalogue().rules.keys()


def test_shipped_products_are_read_once(tmp_path: Path) -> None:
    one, other = (load_catalogue(write(tmp_path / name, "Q1")) for name in ("a.yaml", "b.yaml"))
    assert one.products["exchange-server"] is other.products["exchange-server"]


def test_texts_in_memory_are_rules_as_those_of_files_are() -> None:
    catalogue = load_catalogue(
        {"one": RULE.format(id="Q1"), "two": RULE.format(id="Q2") + "requires: [Q1]\n"}
    )
    assert (list(catalogue.rules), catalogue.rules["Q2"].at) == (["Q1", "Q2"], Position("two", 1, 1))
    assert catalogue.required_rules(catalogue.rules["Q2"]) == ("Q1",)


def test_what_is_wrong_in_a_text_is_stated_with_its_name() -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(
            {"one": RULE.format(id="Q1"), "two": RULE.format(id="Q2").replace("5.5 SP4", "5.5 SP9")}
        )
    assert [problem.at.file for problem in caught.value.problems] == ["two"]


def test_texts_without_a_rule_are_no_catalogue() -> None:
    with pytest.raises(CatalogueError, match="none:1: no rule was found"):
        load_catalogue({"none": ""})


def test_ids_are_known_without_case(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path / "a.yaml", "Q1a"))
    assert (catalogue.known_id("q1A"), catalogue.known_id("q2")) == ("Q1a", "q2")


def test_rules_stand_behind_those_that_they_depend_on(tmp_path: Path) -> None:
    first = RULE.format(id="Q1") + "requires: [q3]\n"
    second = RULE.format(id="Q2") + "supersedes: [Q1, Q9]\n"
    (tmp_path / "a.yaml").write_text("---\n".join([first, second, RULE.format(id="Q3")]))
    catalogue = load_catalogue(tmp_path)
    assert catalogue.order.index("Q1") > max(map(catalogue.order.index, ("Q2", "Q3")))
    assert catalogue.superseded_by == {"Q1": ("Q2",)}
    assert catalogue.required_rules(catalogue.rules["Q1"]) == ("Q3",)


def test_the_order_does_not_hang_on_the_hash_seed(tmp_path: Path) -> None:
    last = RULE.format(id="Q0") + f"requires: [{', '.join(f'Q{n}' for n in range(1, 20))}]\n"
    rules = [last, *(RULE.format(id=f"Q{n}") for n in range(1, 20))]
    (tmp_path / "a.yaml").write_text("---\n".join(rules))
    script = "import sys, needfix.catalogue as c; print(c.load_catalogue(sys.argv[1]).order)"
    orders = {
        subprocess.run(
            [sys.executable, "-c", script, tmp_path],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(orders) == 1


def test_every_problem_is_reported_once(tmp_path: Path) -> None:
    file = write(tmp_path / "a.yaml", "Q1")
    file.write_text(file.read_text().replace("5.5 SP4", "5.5 SP9"))
    with pytest.raises(CatalogueError) as caught:
        load_catalogue([file, tmp_path / "none"])
    assert [problem.what for problem in caught.value.problems] == [
        "unknown level '5.5 SP9' of exchange-server",
        "there is no such file",
    ]
