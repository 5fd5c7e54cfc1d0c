"""The shipped catalogue as the build compiled it decides as what its YAML says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import needfix
from needfix.catalogue import load_catalogue, load_for_decisions, shipped
from needfix.catalogue.load import compile_shipped


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The compiled catalogue of this tree, in a file of the test."""
    target = tmp_path / "shipped.bin"
    monkeypatch.setattr(shipped, "COMPILED", target)
    monkeypatch.setattr(shipped, "compiled_rules", shipped.compiled_rules.__wrapped__)
    compile_shipped(target)
    return target


def test_it_means_the_same(written: Path) -> None:
    assert written.stat().st_size > 0
    found, whole = shipped.compiled_rules(), load_catalogue()
    assert found is not None
    assert found.rules == tuple(replace(rule, cases=()) for rule in whole)
    assert {**found.products} == {**whole.products}
    assert [rule.at for rule in found.rules] == [rule.at for rule in whole]


@pytest.mark.parametrize("content", [b"", b"\x00" * 40])
def test_a_file_of_another_state_is_not_read(written: Path, content: bytes) -> None:
    written.write_bytes(content)
    assert shipped.compiled_rules() is None


def test_without_the_file_yaml_is_read(written: Path) -> None:
    written.unlink()
    assert shipped.compiled_rules() is None


@pytest.mark.parametrize("size", [63, 64, 80, 5_000, -1])
def test_a_file_that_is_cut_short_is_not_read(written: Path, size: int) -> None:
    written.write_bytes(written.read_bytes()[:size])
    assert shipped.compiled_rules() is None


def test_a_file_with_a_changed_byte_is_not_read(written: Path) -> None:
    data = bytearray(written.read_bytes())
    data[len(data) // 2] ^= 1
    written.write_bytes(data)
    assert shipped.compiled_rules() is None


FIX = "fixes: [{files: {a.dll: {version: '1.0'}}}]"
PRODUCT = "needfix: 1\nproduct: p\nname: P\nlevels: [{level: '1'}]\n---\n"


def of_rule(name: str) -> str:
    return f"needfix: 1\nid: {name}\ntitle: a\nproduct: p\naffects: ['1']\n{FIX}\n"


@pytest.fixture
def rules(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the shipped rules: one, which is compiled."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "KB1.yaml").write_text(f"{PRODUCT}{of_rule('KB1')}")
    monkeypatch.setattr(shipped, "shipped_rules", lambda: folder)
    monkeypatch.setattr("needfix.catalogue.load.shipped_rules", lambda: folder)
    compile_shipped(written)
    assert shipped.compiled_rules() is not None
    return folder


def test_a_rule_that_was_edited_counts_at_once(rules: Path) -> None:
    os.utime(rules / "KB1.yaml", ns=(1, 1))
    assert shipped.compiled_rules() is None


@pytest.mark.parametrize("name", ["KB2.yaml", "KB2.yml", "KB2.YAML", "more/KB2.Yml"])
def test_a_new_rule_counts_at_once(rules: Path, name: str) -> None:
    (rules / name).parent.mkdir(exist_ok=True)
    (rules / name).write_text(of_rule("KB2"))
    assert shipped.compiled_rules() is None
    assert "KB2" in load_for_decisions()


def test_a_rule_in_a_linked_folder_counts_at_once(rules: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "KB2.yaml").write_text(of_rule("KB2"))
    (rules / "more").symlink_to(tmp_path / "more")
    assert shipped.compiled_rules() is None


@pytest.mark.parametrize("name", [".#KB1.yaml", ".KB1.yaml.swp", "KB1.cases.yaml"])
def test_what_is_no_file_of_rules_changes_nothing(rules: Path, name: str) -> None:
    (rules / name).symlink_to("somebody@host.1234:5678")
    assert shipped.compiled_rules() is not None


def test_a_link_to_no_rule_is_a_problem(rules: Path) -> None:
    (rules / "KB2.yaml").symlink_to("nowhere.yaml")
    assert shipped.compiled_rules() is None
    with pytest.raises(needfix.CatalogueError, match=r"KB2\.yaml"):
        load_for_decisions()


def test_a_rule_that_is_edited_while_it_is_compiled_counts(
    rules: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded() -> needfix.Catalogue:
        found = load_catalogue()
        (rules / "KB1.yaml").write_text(f"{PRODUCT}{of_rule('KB2')}")
        return found

    monkeypatch.setattr("needfix.catalogue.load.load_catalogue", loaded)
    compile_shipped(written)
    assert shipped.compiled_rules() is None


def test_an_installed_rule_is_known_by_what_it_says(
    rules: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "_is_installed", lambda: True)
    monkeypatch.setattr(shipped, "COMPILED", rules.with_name("elsewhere.bin"))
    compile_shipped(written)
    monkeypatch.setattr(shipped, "COMPILED", written)
    os.utime(rules / "KB1.yaml", ns=(1, 1))
    assert shipped.compiled_rules() is not None
    (rules / "KB1.yaml").write_text(f"{PRODUCT}{of_rule('KB2')}")
    assert shipped.compiled_rules() is None


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, data: bytes) -> int:
        raise OSError(28, f"no space for {len(data)} bytes")

    before = written.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="no space"):
            compile_shipped(written)
    assert written.read_bytes() == before
    assert [file.name for file in written.parent.iterdir()] == [written.name]


def test_what_decides_means_the_shipped_catalogue() -> None:
    assert load_for_decisions().digest == load_catalogue().digest
