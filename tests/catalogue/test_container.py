"""A catalogue is a container of rules by id, and a value like its rules: equal where it means the same."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

import needfix
from tests.support.catalogues import MAIL, SYSTEM, catalogue_of, rule, text_of

SYMPTOMS = [
    {"id": "grows", "text": "Queues grow", "observe": [{"counter": "q", "above": 1, "for": "90s"}]},
    {
        "id": "stops",
        "text": "It stops",
        "observe": [{"source": "S", "id": 3}, {"service": "S", "state": "stopped"}],
    },
]


@pytest.fixture(scope="module")
def shipped() -> needfix.Catalogue:
    return needfix.load_catalogue()


@pytest.mark.parametrize("spelled", ["Q279798", "q279798", "KB279798", "kb 279798", "279798", " Q279798 "])
def test_a_rule_is_found_in_every_spelling_of_its_id(shipped: needfix.Catalogue, spelled: str) -> None:
    assert spelled in shipped
    assert shipped[spelled].id == "Q279798"
    assert shipped.get(spelled) is shipped[spelled]


@pytest.mark.parametrize("other", ["Q27979", "Exchange", "", "Q2797981", "x279798"])
def test_a_rule_that_is_not_there_is_not_found(shipped: needfix.Catalogue, other: str) -> None:
    assert other not in shipped
    assert shipped.get(other) is None
    with pytest.raises(needfix.UnknownRuleError, match="there is no rule"):
        _ = shipped[other]
    with pytest.raises(KeyError):
        _ = shipped[other]


def test_an_unknown_rule_is_given_the_nearest_one(shipped: needfix.Catalogue) -> None:
    with pytest.raises(needfix.UsageError, match="there is no rule 'Q27979'\n    hint: did you mean Q279798"):
        _ = shipped["Q27979"]


def test_an_id_as_it_is_written_goes_before_its_spellings() -> None:
    catalogue = catalogue_of(rule("Q100001"), rule("KB100001"), rule("Other-1"))
    assert [catalogue[name].id for name in ("q100001", "kb100001", "100001")] == [
        "Q100001",
        "KB100001",
        "Q100001",
    ]
    assert "OTHER-1" in catalogue


def test_it_holds_its_rules_and_nothing_else(shipped: needfix.Catalogue) -> None:
    assert len(list(shipped)) == len(shipped) == len(shipped.rules)
    assert all(one in shipped and one.id in shipped for one in shipped)
    assert needfix.Server("A") not in shipped
    assert 279798 not in shipped


@pytest.mark.parametrize("name", ["rules", "products", "ids", "superseded_by"])
def test_its_mappings_cannot_be_changed(shipped: needfix.Catalogue, name: str) -> None:
    with pytest.raises(TypeError):
        getattr(shipped, name)["Q1"] = None
    with pytest.raises(TypeError):
        del getattr(shipped, name)["Q279798"]


def test_nor_can_the_places_of_a_rule(shipped: needfix.Catalogue) -> None:
    places = shipped["Q279798"].places
    with pytest.raises(TypeError, match="cannot be changed"):
        places["id",] = places["title",]  # type: ignore[index]  # what is tested


def test_neither_places_nor_the_order_of_keys_are_part_of_a_rule() -> None:
    here = text_of([MAIL, SYSTEM, rule(symptoms=SYMPTOMS)])
    keys = dict(reversed(rule(symptoms=SYMPTOMS).items()))
    there = f"# a comment\n\n{text_of([MAIL, SYSTEM])}\n---\n\n# another\n{json.dumps(keys, indent=2)}"
    first, second = (needfix.load_catalogue({"rules.yaml": text}) for text in (here, there))
    assert first["Q100001"].at != second["Q100001"].at
    assert first["Q100001"] == second["Q100001"]
    assert len({first["Q100001"], second["Q100001"]}) == 1
    assert first == second
    assert hash(first) == hash(second)
    assert first.digest == second.digest
    assert first != catalogue_of(rule(symptoms=SYMPTOMS[:1]))


def test_every_shipped_rule_is_a_value(shipped: needfix.Catalogue) -> None:
    again = needfix.load_catalogue()
    assert len({*shipped, *again}) == len(shipped)
    assert [one.id for one in sorted(again)] == sorted(one.id for one in again)
    assert {*shipped.products.values()} == {*again.products.values()}
    for made in (pickle.loads(pickle.dumps(shipped)), copy.deepcopy(shipped)):  # noqa: S301 - our own bytes
        assert made == shipped
        assert "q279798" in made


def test_a_rule_as_json_is_the_rule(shipped: needfix.Catalogue) -> None:
    texts = {f"{one.id}.yaml": json.dumps({"needfix": 1, **one.as_dict()}) for one in shipped}
    again = needfix.load_catalogue(texts)
    assert again.digest == shipped.digest
    assert [one.as_dict() for one in again] == [one.as_dict() for one in shipped]


A_DLL = {"a.dll": {"version": "1.2", "path": "bin"}}


def test_so_is_one_with_everything_that_a_rule_can_have() -> None:
    everything = rule(
        affects=[{"product": "mail-server", "levels": ["5.5", "5.5 SP3"], "edition": "Standard Edition"}],
        fixes=[
            {"component": "C", "level": ["5.5"], "platform": "x86", "language": "de", "files": A_DLL},
            {"product": "mail-server", "files": {"b.dll": {"modified": "2000-01-02T03:04"}, "c.txt": {}}},
        ],
        symptoms=SYMPTOMS,
        requires=[{"product": "host-system", "level": "4.0 SP5"}, "5.5", "Q100009"],
        supersedes=["Q100003"],
        corrected_in=[{"product": "mail-server", "level": "6.0", "edition": "Standard Edition"}],
        apply="if-symptoms",
        if_missing="fix-required",
        references=["https://example.com"],
        source={"title": "T", "revised": "2000-01-01"},
    )  # fmt: skip
    first = catalogue_of(everything)
    again = catalogue_of({"needfix": 1, **first["Q100001"].as_dict()})
    assert again["Q100001"] == first["Q100001"]
    assert json.loads(json.dumps(first.as_dict()))["digest"] == first.digest
