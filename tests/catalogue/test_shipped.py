"""The shipped catalogue as the build compiled it decides as what its YAML says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

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


def test_a_rule_that_was_edited_counts_at_once(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    file = rules / "KB1.yaml"
    fix = "fixes: [{files: {a.dll: {version: '1.0'}}}]"
    text = f"needfix: 1\nid: KB1\ntitle: a\nproduct: p\naffects: ['1']\n{fix}\n"
    file.write_text(f"needfix: 1\nproduct: p\nname: P\nlevels: [{{level: '1'}}]\n---\n{text}")
    monkeypatch.setattr(shipped, "shipped_rules", lambda: rules)
    monkeypatch.setattr("needfix.catalogue.load.shipped_rules", lambda: rules)
    compile_shipped(written)
    assert shipped.compiled_rules() is not None
    os.utime(file, ns=(1, 1))
    assert shipped.compiled_rules() is None


def test_what_decides_means_the_shipped_catalogue() -> None:
    assert load_for_decisions().digest == load_catalogue().digest
