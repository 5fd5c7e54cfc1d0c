from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from needfix.catalogue import load_for_lint
from needfix.lint import lint
from tests.support import ROOT


def of(folder: Path, **keys: Any) -> list[tuple[str, str, str, str]]:  # noqa: ANN401 - any key of the format
    document = {"needfix": 1, "product": "gate", "name": "Gate", "levels": [{"level": "1.0"}], **keys}
    (folder / "gate.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return [(one.code, one.severity, one.rule, one.what) for one in lint(load_for_lint(folder))]


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (
            {"key_files": ["Gate.exe"]},
            ("NF701", "warning", "gate", "the product has key files (Gate.exe), but no level has a build"),
        ),
        ({"levels": []}, ("NF702", "note", "gate", "the product has no levels")),
        (
            {"aliases": ["GATE"]},
            ("NF703", "note", "gate", "'aliases' lists 'gate' twice (case is ignored)"),
        ),
        (
            {"editions": ["Small", "small edition"]},
            ("NF703", "note", "gate", "'editions' lists 'small' twice (case is ignored)"),
        ),
    ],
)
def test_a_definition_alone(tmp_path: Path, keys: dict[str, Any], shown: tuple[str, str, str, str]) -> None:
    assert of(tmp_path, **keys) == [shown]


def test_levels_without_builds_between_others_are_fine(tmp_path: Path) -> None:
    levels = [
        {"level": "1.0", "build": "1.0.5"},
        {"level": "1.0 SP1"},
        {"level": "1.0 SP2", "build": "1.0.9"},
    ]
    assert of(tmp_path, levels=levels, key_files=["Gate.exe"]) == []


def test_the_shipped_definitions_are_fine() -> None:
    catalogue = load_for_lint(ROOT / "rules" / "products")
    assert len(catalogue.defined) > 20
    assert lint(catalogue) == ()


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ({"other_names": ["Gate*"]}, "'other_names' has 'Gate', which is a name of this product"),
        (
            {"aliases": ["Mail Gate", "Gate *"], "other_names": ["Mail *"]},
            "'other_names' has 'Mail Gate', which is a name of this product",
        ),
        ({"aliases": ["*"]}, "the alias '*' has no word of the product"),
    ],
)
def test_patterns_that_are_too_wide(tmp_path: Path, keys: dict[str, Any], shown: str) -> None:
    assert of(tmp_path, **keys) == [("NF705", "warning", "gate", shown)]


def test_a_key_file_in_a_folder(tmp_path: Path) -> None:
    levels = [{"level": "1.0", "build": "1.0.100"}]
    what = r"the key file 'bin\\Gate.exe' has a folder, and files are known by their names"
    assert of(tmp_path, key_files=[r"bin\Gate.exe"], levels=levels) == [("NF706", "warning", "gate", what)]
    assert of(tmp_path, key_files=["Gate.exe"], levels=levels, other_names=["Gate * Tools"]) == []
