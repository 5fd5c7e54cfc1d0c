"""The digest of a catalogue changes where decisions may, and nowhere else."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import needfix
from tests.catalogue.support import PRODUCTS
from tests.support import ROOT

RULE: dict[str, Any] = {
    "needfix": 1,
    "id": "Q1",
    "title": "Mail stops",
    "product": "mail",
    "affects": ["5.5", "SP1"],
    "symptoms": [{"id": "queues-grow", "text": "Queues grow", "observe": [{"counter": "queue", "above": 9}]}],
    "fixes": [
        {
            "component": "Store",
            "files": {"Store.exe": {"version": "5.5.2654.29"}, "Other.dll": {"modified": "2000-03-14T18:00"}},
        }
    ],
    "requires": ["5.5 SP1"],
    "references": ["https://example.org/1"],
    "cases": [{"name": "one", "given": {"level": "5.5"}, "expect": "undetermined"}],
}


def digest(folder: Path, rule: object, products: str = PRODUCTS) -> str:
    folder.mkdir(exist_ok=True)
    text = rule if isinstance(rule, str) else yaml.safe_dump(rule, sort_keys=False)
    (folder / "products.yaml").write_text(products, encoding="utf-8")
    (folder / "rule.yaml").write_text(text, encoding="utf-8")
    return needfix.load_catalogue(folder).digest


def changed(*path: str | int, to: object) -> dict[str, Any]:
    """The rule with one value in place of another."""
    rule: dict[str, Any] = yaml.safe_load(yaml.safe_dump(RULE))
    here: Any = rule
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = to
    return rule


FILES = ("fixes", 0, "files")


@pytest.mark.parametrize(
    "rule",
    [
        changed("title", to="Another title"),
        changed("references", to=[]),
        changed("cases", to=[]),
        changed("symptoms", 0, "text", to="The queues get longer"),
        changed(*FILES, "Store.exe", "version", to="5,5,2654,29"),
        changed("affects", to=["5.5 Service Pack 1", "5.5"]),
        changed("apply", to="always"),
        changed("released", to="2024-03-12"),
        changed("mutation", to={"accept": [{"change": "level SP1 removed", "reason": "nobody has it"}]}),
        "# a comment\n" + yaml.safe_dump(RULE, indent=8),
    ],
)
def test_prose_spelling_and_layout_change_nothing(tmp_path: Path, rule: object) -> None:
    assert digest(tmp_path, rule) == digest(tmp_path, RULE)


@pytest.mark.parametrize(
    "rule",
    [
        changed("id", to="Q2"),
        changed("affects", to=["5.5"]),
        changed("apply", to="if-symptoms"),
        changed("if_missing", to="fix-required"),
        changed("requires", to=["5.5 SP2"]),
        changed("supersedes", to=["Q3"]),
        changed("severity", to="low"),
        changed("advisories", to=["CVE-2024-1"]),
        changed("updates", to=["KB5036386"]),
        changed("also_needed", to="Turn it on"),
        changed("symptoms", 0, "id", to="queues-shrink"),
        changed("symptoms", 0, "observe", 0, "above", to=10),
        changed("fixes", 0, "component", to="Directory"),
        changed("fixes", 0, "language", to="de"),
        changed(*FILES, "Store.exe", "version", to="5.5.2654.30"),
        changed(*FILES, "Other.dll", "modified", to="2000-03-14T18:01"),
        changed(*FILES, to={"Store.exe": {"version": "5.5.2654.29"}}),
    ],
)
def test_what_decisions_depend_on_changes_it(tmp_path: Path, rule: object) -> None:
    assert digest(tmp_path, rule) != digest(tmp_path, RULE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{level: "4.0"}', '{level: "4.0", build: "4.0.100"}'),
        ("name: Sample NT", "name: Other NT"),
        ("name: Sample NT", "name: Sample NT\naliases: [NT]"),
        ("4.0 SP6a", "4.0 SP6b"),
        ("Terminal Server Edition", "Hosted Edition"),
    ],
)
def test_a_product_definition_changes_it(tmp_path: Path, old: str, new: str) -> None:
    assert digest(tmp_path, RULE, PRODUCTS.replace(old, new)) != digest(tmp_path, RULE)


def test_dates_of_levels_change_nothing(tmp_path: Path) -> None:
    dates = 'released: 1996-07-31, supported_until: "2004-12-31"'
    dated = PRODUCTS.replace('{level: "4.0"}', f'{{level: "4.0", {dates}}}')
    assert dated != PRODUCTS
    assert digest(tmp_path, RULE, dated) == digest(tmp_path, RULE)


def shuffled(value: Any, choose: st.DataObject) -> Any:  # noqa: ANN401 - any part of a document
    """The same with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = choose.draw(st.permutations(list(value)))
        return {key: shuffled(value[key], choose) for key in keys}
    return [shuffled(one, choose) for one in value] if isinstance(value, list) else value


@given(choose=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_keys_and_files_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, choose: st.DataObject
) -> None:
    rules = [RULE, changed("id", to="Q2"), changed("id", to="Q3")]
    folders = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")]
    orders = [rules, [shuffled(rule, choose) for rule in choose.draw(st.permutations(rules))]]
    for folder, documents in zip(folders, orders, strict=True):
        (folder / "products.yaml").write_text(PRODUCTS, encoding="utf-8")
        for number, document in enumerate(documents):
            (folder / f"{number}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    one, other = (needfix.load_catalogue(folder).digest for folder in folders)
    assert one == other


def test_the_shipped_catalogue_has_the_digest_of_its_files() -> None:
    shipped = needfix.load_catalogue()
    assert re.fullmatch("[0-9a-f]{64}", shipped.digest)
    assert needfix.load_catalogue(ROOT / "rules").digest == shipped.digest
    assert pickle.loads(pickle.dumps(shipped)).digest == shipped.digest  # noqa: S301 - our own
