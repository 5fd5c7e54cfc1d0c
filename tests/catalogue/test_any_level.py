"""Levels of today's products: any text, ordered by its place, in every usual spelling."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import needfix
from tests.catalogue.support import problems_of

LEVELS = (
    "2012 R2", "2012 R2 SP1", "2016 SP2", "2016 SP2 CU17", "2016 SP2 CU17 GDR", "2019 RTM", "2019 CU1",
    "2019 CU13", "2019 CU14", "2019 CU14 Mar24SU", "2022 RTM", "2022 RTM GDR", "2022 CU12",
    "2022 Azure Edition", "21H2", "SE RTM", "SE CU1", "9999.5p1",
)  # fmt: skip
Decide = Callable[..., str]


def definition(levels: tuple[str, ...], more: str = "", also: str = "") -> str:
    listed = "".join(
        f'  - {{level: "{text}", build: "1.0.{number}.5"{also if text == levels[-1] else ""}}}\n'
        for number, text in enumerate(levels, 100)
    )
    text = "needfix: 1\nproduct: mail-server\nname: Contoso Mail Server\naliases: ['Contoso Mail *']\n"
    return f"{text}key_files: [Mail.exe]\n{more}levels:\n{listed}"


def rule(affects: str) -> str:
    return (
        f"---\nneedfix: 1\nid: KB1\ntitle: Mail waits\nproduct: mail-server\naffects: {affects}\n"
        'fixes: [{files: {Info.dll: {version: "2.0.0.5"}}}]\n'
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> Callable[..., needfix.Catalogue]:
    def load(affects: str, levels: tuple[str, ...] = LEVELS, **keys: str) -> needfix.Catalogue:
        (tmp_path / "rules.yaml").write_text(definition(levels, **keys) + rule(affects))
        return needfix.load_catalogue([tmp_path])

    return load


@pytest.fixture
def decided(catalogue: Callable[..., needfix.Catalogue]) -> Decide:
    """What is decided for a server that states a level, of a rule for one level."""

    def decide(stated: str | None, affected: str, name: str = "Contoso Mail Server", **keys: str) -> str:
        product = {"name": name, "level": stated}
        files = [{"name": "Info.dll", "version": "2.0.0.4"}]
        server = needfix.Server.from_record({"server": "A", "products": [product], "files": files})
        (decision,) = needfix.evaluate(catalogue(f'["{affected}"]', **keys), [server])
        return decision.decision

    return decide


def test_levels_are_ordered_by_their_place(catalogue: Callable[..., needfix.Catalogue]) -> None:
    levels = [entry.level for entry in catalogue("[SE RTM]").products["mail-server"].levels]
    assert [str(level) for level in levels] == list(LEVELS)
    assert all(one < other for one, other in pairwise(levels))
    assert sorted(set(levels)) == levels


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("2019 Cumulative Update 14", "2019 CU14"),
        ("2019CU14", "2019 CU14"),
        ("2019 cu 14", "2019 CU14"),
        ("Version 2019 (CU14)", "2019 CU14"),
        ("2019 GA", "2019 RTM"),
        ("2019 Gold", "2019 RTM"),
        ("2012R2", "2012 R2"),
        ("2012 r2 Service Pack 1", "2012 R2 SP1"),
        ("2016 Service Pack 2 Cumulative Update 17", "2016 SP2 CU17"),
        ("2016 SP2 CU17 GDR", "2016 SP2 CU17 GDR"),
        ("CU13", "2019 CU13"),
        ("Cumulative Update 13", "2019 CU13"),
        ("2019 cu14 mar24su", "2019 CU14 Mar24SU"),
        ("azure edition", "2022 Azure Edition"),
        ("2022 AZURE EDITION", "2022 Azure Edition"),
        ("se rtm", "SE RTM"),
        ("SE GA", "SE RTM"),
        ("SE Cumulative Update 1", "SE CU1"),
        ("21h2", "21H2"),
        ("9999.5.0p1", "9999.5p1"),
    ],
)
def test_a_server_states_its_level_in_any_spelling(decided: Decide, written: str, level: str) -> None:
    assert decided(written, level) == "fix-required"
    other = "2019 CU1" if level != "2019 CU1" else "SE RTM"
    assert decided(written, other) == "not-affected"


@pytest.mark.parametrize(
    "written", ["2019", "SE", "SE CU7", "2019 CU99", "RTM", "some level", "2022 22H2", "R2"]
)
def test_what_does_not_show_one_level_rules_none_out(decided: Decide, written: str) -> None:
    assert decided(written, "2019 RTM" if written.startswith("2019") else "SE RTM") == "undetermined"


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Contoso Mail 2019 Cumulative Update 14", "2019 CU14"),
        ("Contoso Mail Server 2019 CU14", "2019 CU14"),
        ("Contoso Mail Server 2012 R2 SP1", "2012 R2 SP1"),
        ("Contoso Mail SE CU1", "SE CU1"),
        ("Contoso Mail SE RTM (64-bit)", "SE RTM"),
    ],
)
def test_a_name_states_the_level(decided: Decide, name: str, level: str) -> None:
    assert decided(None, level, name) == "fix-required"
    assert decided(None, "2019 CU1", name) == "not-affected"


def test_another_label_stands_for_the_level_or_behind_its_version(decided: Decide) -> None:
    levels = ("2019 RTM", "2022 RTM")
    for written in ("21H2", "2022 21H2", "2022"):
        assert decided(written, "2022 RTM", levels=levels, also=", also: [21H2]") == "fix-required"


@pytest.mark.parametrize(
    ("affects", "meant"),
    [
        ("[2019 CU13, CU14]", ["2019 CU13", "2019 CU14"]),
        ("[2019 RTM, CU1]", ["2019 RTM", "2019 CU1"]),
        ("[2022 CU12, Azure Edition]", ["2022 CU12", "2022 Azure Edition"]),
        ("{from: 2019 CU13}", ["2019 CU13", "2019 CU14", "2019 CU14 Mar24SU"]),
        ("{to: 2019 CU13}", ["2019 RTM", "2019 CU1", "2019 CU13"]),
        ("[{from: SE RTM}]", ["SE RTM", "SE CU1"]),
        ("{from: 2022 Azure Edition, to: SE RTM}", ["2022 Azure Edition", "21H2", "SE RTM"]),
    ],
)
def test_a_rule_names_levels_in_short(
    catalogue: Callable[..., needfix.Catalogue], affects: str, meant: list[str]
) -> None:
    (entry,) = catalogue(affects)["KB1"].affects
    assert entry.levels is not None
    assert [str(level) for level in sorted(entry.levels)] == meant


@pytest.mark.parametrize(
    ("levels", "what"),
    [
        (("2019 CU14", "2019 CU13"), "the level 2019 CU13 is listed after 2019 CU14"),
        (("2019 CU2", "2019 Azure", "2019 CU1"), "the level 2019 CU1 is listed after 2019 CU2"),
        (("2012 R2", "2012"), "the level 2012 is listed after 2012 R2"),
        (("SE RTM", "SE GA"), "the level SE RTM is listed twice"),
        (("2019 CU1", "2019 Cumulative Update 1"), "the level 2019 CU1 is listed twice"),
    ],
)
def test_an_order_that_numbers_contradict_is_a_mistake(
    tmp_path: Path, levels: tuple[str, ...], what: str
) -> None:
    file = tmp_path / "product.yaml"
    file.write_text(definition(levels))
    assert what in problems_of(file)


def test_a_required_level_is_one_in_words_too(catalogue: Callable[..., needfix.Catalogue]) -> None:
    needed = catalogue("[SE RTM]\nrequires: [SE RTM, KB2, 2019 CU1]")["KB1"].requires
    assert [str(one[0].level) if isinstance(one, tuple) else one for one in needed] == [
        "SE RTM",
        "KB2",
        "2019 CU1",
    ]
