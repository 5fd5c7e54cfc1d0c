"""affected: yes, no and unknown, by each cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.catalogues import (
    NEW,
    OLD,
    answer,
    catalogue_of,
    codes,
    decide,
    load,
    mail,
    reason,
    rule,
    server,
)

# ---- the product


def test_a_product_that_is_not_in_the_list_is_not_there(tmp_path: Path) -> None:
    other = server(products=[{"name": "Contoso Host System", "level": "4.0"}])
    decided = decide(load(tmp_path, rule()), other)
    assert answer(decided) == "not-affected, none"
    (why,) = decided.reasons
    assert (why.code, why.expected) == ("product-not-installed", "mail-server")
    assert why.text == "Contoso Mail Server is not among the server's products"


def test_an_empty_list_is_the_whole_list_where_it_is_called_complete(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), server(products=[], complete=["products"]))
    assert answer(decided) == "not-affected, none"
    decided = decide(load(tmp_path, rule()), server(products=[]))
    assert codes(decided)[0] == "product-unknown"


def test_without_a_list_a_key_file_shows_product_and_level(tmp_path: Path) -> None:
    files = [{"name": "STORE.EXE", "version": "5.5.2653.23"}, {"name": "Info.dll", "version": OLD}]
    decided = decide(load(tmp_path, rule()), server(files=files))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "level-from-file").observed == "5.5.2653.23"


@pytest.mark.parametrize("files", [[], [{"name": "Another.dll"}]])
def test_without_a_list_and_without_key_file_the_product_is_unknown(
    tmp_path: Path, files: list[dict[str, str]]
) -> None:
    decided = decide(load(tmp_path, rule()), server(files=files))
    assert answer(decided) == "undetermined, investigate"
    assert "product-unknown" in codes(decided)


def test_where_none_of_the_fixs_files_is_there_the_product_does_not_matter(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), server(files=[{"name": "Another.dll"}], complete=["files"]))
    assert answer(decided) == "not-affected, none"
    assert {"component-not-installed", "product-unknown"} <= set(codes(decided))


@pytest.mark.parametrize(
    "name", ["Contoso Mail Server", "contoso mail server", "Mail Server", "mail-server", "MAIL SERVER"]
)
def test_product_names_compare_without_case_and_by_alias(tmp_path: Path, name: str) -> None:
    facts = server(
        products=[{"name": name, "level": "5.5 SP4"}], files=[{"name": "Info.dll", "version": OLD}]
    )
    assert decide(load(tmp_path, rule()), facts).decision == "fix-required"


def test_a_name_that_only_resembles_the_product_is_not_taken_for_its_absence(tmp_path: Path) -> None:
    facts = server(products=[{"name": "Contoso Mail Server Deluxe Pack"}])
    decided = decide(load(tmp_path, rule()), facts)
    assert answer(decided) == "undetermined, investigate"
    assert "product-name-unclear" in codes(decided)


# ---- the level


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("5.5 SP4", "fix-required"),
        ("5.5 SP3", "fix-required"),
        ("5.5 Service Pack 3", "fix-required"),
        ("5.5sp3", "fix-required"),
        ("Version 5.5 (Build 2653.23: Service Pack 4)", "fix-required"),
        ("5.5 SP2", "not-affected"),
        ("5.5", "not-affected"),
        ("6.0", "not-affected"),
        ("5.5 SP9", "undetermined"),
        ("7.0", "undetermined"),
        ("latest and greatest", "undetermined"),
        (None, "undetermined"),
    ],
)
def test_stated_levels(tmp_path: Path, level: str | None, expected: str) -> None:
    assert decide(load(tmp_path, rule()), mail(level, OLD)).decision == expected


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("5.5 SP2", "level-not-listed"),
        ("5.5 SP9", "level-not-defined"),
        ("latest and greatest", "level-unreadable"),
        (None, "level-missing"),
        ("5.5 SP4", "level-affected"),
    ],
)
def test_the_reason_names_what_is_wrong_with_a_level(tmp_path: Path, level: str | None, code: str) -> None:
    assert code in codes(decide(load(tmp_path, rule()), mail(level, OLD)))


def test_not_listed_names_the_level_and_the_list(tmp_path: Path) -> None:
    found = reason(decide(load(tmp_path, rule()), mail("5.5 SP2")), "level-not-listed")
    assert (found.observed, found.expected) == ("5.5 SP2", "5.5 SP3, 5.5 SP4")


def test_a_level_in_the_products_name_counts(tmp_path: Path) -> None:
    files = [{"name": "Info.dll", "version": OLD}]
    facts = server(products=[{"name": "Contoso Mail Server 5.5 SP4"}], files=files)
    assert decide(load(tmp_path, rule()), facts).decision == "fix-required"
    split = server(products=[{"name": "Contoso Mail Server 5.5", "level": "Service Pack 4"}], files=files)
    assert decide(load(tmp_path, rule()), split).decision == "fix-required"


def test_a_level_from_the_build(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail(None, OLD, build="5.5.2653.23"))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "level-from-build").observed == "5.5.2653.23"
    listed_not = decide(load(tmp_path, rule()), mail(None, OLD, build="5.5.2448.8"))
    assert answer(listed_not) == "not-affected, none"
    assert codes(listed_not) == ["level-not-listed", "level-from-build"]


@pytest.mark.parametrize(
    ("build", "code"), [("unknown", "level-unreadable"), ("5.5", "level-unknown"), ("9.9.1", "level-unknown")]
)
def test_a_build_that_means_no_level(tmp_path: Path, build: str, code: str) -> None:
    decided = decide(load(tmp_path, rule()), mail(None, OLD, build=build))
    assert answer(decided) == "undetermined, investigate"
    assert reason(decided, code).observed == build


def test_a_level_from_a_key_file(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2653.23"}
    decided = decide(load(tmp_path, rule()), mail(None, OLD, files=[store]))
    assert answer(decided) == "fix-required, apply"
    assert reason(decided, "level-from-file").file == "Store.exe"


def test_a_key_file_that_cannot_be_read_shows_no_level(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "unknown"}
    decided = decide(load(tmp_path, rule()), mail(None, OLD, files=[store]))
    assert answer(decided) == "undetermined, investigate"
    assert "Store.exe unknown" in reason(decided, "level-missing").text


def test_levels_are_written_as_in_their_own_catalogue() -> None:
    facts = server(products=[{"name": "Contoso Data", "level": "9.0"}])
    texts = []
    for level in ("8.03", "8.3"):  # one level, whichever way a definition writes it
        levels = [{"level": level}, {"level": "9.0"}]
        product = {"needfix": 1, "product": "data", "name": "Contoso Data", "levels": levels}
        catalogue = catalogue_of(product, rule(product="data", affects=[level]))
        texts.append(decide(catalogue, facts).reasons[0].text)
    assert texts == [
        "Contoso Data 9.0 is not affected; the rule lists 8.03",
        "Contoso Data 9.0 is not affected; the rule lists 8.3",
    ]


def test_several_editions_that_are_not_listed_are_all_named() -> None:
    editions = ["Core Edition", "Lite Edition", "Pro Edition"]
    product = {
        "needfix": 1, "product": "data", "name": "Contoso Data", "levels": [{"level": "9.0"}],
        "editions": editions, "separate_editions": editions,
    }  # fmt: skip
    affects = [{"product": "data", "edition": "Core Edition"}]
    stated = {"name": "Contoso Data Pro Edition", "level": "9.0", "edition": "Lite Edition"}
    why = decide(catalogue_of(product, rule(affects=affects)), server(products=[stated]))
    assert reason(why, "edition-not-listed").text == (
        "Only Core Edition is affected; this server has Lite Edition or Pro Edition"
    )


# ---- a service pack without its version


def test_a_bare_service_pack_of_several_versions_is_ambiguous(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail("SP3", OLD))
    assert answer(decided) == "undetermined, investigate"
    found = reason(decided, "level-ambiguous")
    assert found.observed == "SP3"
    assert "5.0 SP3 or 5.5 SP3" in found.text


def test_the_build_shows_which_level_a_bare_service_pack_means(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    assert decide(catalogue, mail("SP3", OLD, build="5.5.2650.24")).decision == "fix-required"
    assert decide(catalogue, mail("SP3", OLD, build="5.0.1460")).decision == "not-affected"


def test_a_key_file_shows_which_level_a_bare_service_pack_means(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2650.24"}
    assert decide(load(tmp_path, rule()), mail("SP3", OLD, files=[store])).decision == "fix-required"


def test_a_bare_service_pack_that_one_version_has_is_clear(tmp_path: Path) -> None:
    assert decide(load(tmp_path, rule()), mail("SP4", OLD)).decision == "fix-required"


# ---- contradictions


def test_a_key_file_older_than_the_stated_level_contradicts_it(tmp_path: Path) -> None:
    store = {"name": "Store.exe", "version": "5.5.2448.8"}
    decided = decide(load(tmp_path, rule()), mail("5.5 SP4", OLD, files=[store]))
    assert answer(decided) == "undetermined, investigate"
    found = reason(decided, "level-contradicted")
    assert (found.file, found.observed, found.expected) == ("Store.exe", "5.5.2448.8", "5.5 SP4")


@pytest.mark.parametrize("build", ["5.5.2448.8", "6.0.4417", "2448.8"])
def test_a_build_contradicts_the_stated_level_in_either_direction(tmp_path: Path, build: str) -> None:
    decided = decide(load(tmp_path, rule()), mail("5.5 SP4", OLD, build=build))
    assert answer(decided) == "undetermined, investigate"
    found = reason(decided, "level-contradicted")
    assert (found.observed, found.expected) == (build, "5.5 SP4")


def test_a_build_within_a_level_text_contradicts_it(tmp_path: Path) -> None:
    decided = decide(load(tmp_path, rule()), mail("Version 5.5 (Build 2448.8: Service Pack 4)", OLD))
    assert answer(decided) == "undetermined, investigate"
    assert reason(decided, "level-contradicted").expected == "5.5 SP4"


@pytest.mark.parametrize("build", ["unknown", "", "5.5"])
def test_a_build_that_means_no_level_contradicts_nothing(tmp_path: Path, build: str) -> None:
    assert decide(load(tmp_path, rule()), mail("5.5 SP4", OLD, build=build)).decision == "fix-required"


def test_files_that_reach_their_minima_outweigh_an_unknown_level(tmp_path: Path) -> None:
    assert answer(decide(load(tmp_path, rule()), mail("latest", NEW))) == "fix-present, none"
    store = {"name": "Store.exe", "version": "5.5.2448.8"}
    decided = decide(load(tmp_path, rule()), mail("5.5 SP4", NEW, files=[store]))
    assert answer(decided) == "undetermined, investigate"
    assert "level-contradicted" in codes(decided)
