"""Facts about a product that exclude each other, or leave several levels possible; singly and in columns."""

from __future__ import annotations

from typing import Any

import pytest

from needfix.model.decision import Decision
from tests.fleet.support import fleet_rows, piece_of, single_rows
from tests.support.catalogues import (
    MAIL,
    NEW,
    OLD,
    SYSTEM,
    Document,
    answer,
    catalogue_of,
    codes,
    decide,
    fix,
    mail,
    reason,
    rule,
    server,
)


def both(facts: Any, *documents: Document, **keys: Any) -> Decision:  # noqa: ANN401 - a server, keys of a rule
    """The decision for a server, which is the same one by one and in columns, with its reasons."""
    catalogue = catalogue_of(*documents, rule(**keys))
    assert fleet_rows(catalogue, piece_of([facts]))[0] == single_rows(catalogue, [facts])
    return decide(catalogue, facts, "Q100001")


def store(version: str | None, **keys: Any) -> Document:  # noqa: ANN401 - any key of a file
    return {"name": "Store.exe", "version": version, **keys}


EVERY: list[Document] = [{"product": "mail-server"}]


# ---- the level is a set


@pytest.mark.parametrize(
    ("affects", "expected"),
    [
        (["5.5 SP3", "5.5 SP4"], "fix-required"),
        (["5.5 SP3"], "undetermined"),
        (["5.5 SP4"], "undetermined"),
        (["5.5 SP2"], "not-affected"),
    ],
)
def test_a_key_file_of_a_later_level_leaves_both_possible(affects: list[str], expected: str) -> None:
    found = both(mail("5.5 SP3", OLD, files=[store("5.5.2653.23")]), affects=affects)
    assert found.decision == expected
    shown = reason(found, "file-newer-than-level")
    assert (shown.observed, shown.expected) == ("5.5.2653.23", "5.5 SP3")


def test_key_files_that_disagree_leave_both_levels_possible() -> None:
    copies = [store("5.5.2653.23", path="c:\\a\\store.exe"), store("5.5.2448.8", path="d:\\sp2\\store.exe")]
    assert both(mail(None, OLD, files=copies)).decision == "undetermined"
    assert both(mail(None, OLD, files=copies), affects=["5.5 SP2", "5.5 SP4"]).decision == "fix-required"
    none = both(mail(None, OLD, files=copies), affects=["5.0"])
    assert (none.decision, codes(none)) == ("not-affected", ["level-not-listed", "file-newer-than-level"])


def test_copies_in_folders_that_keep_old_files_show_no_level() -> None:
    kept = store("5.5.2448.8", path=r"C:\WINNT\$NtUninstallQ1$\store.exe")
    assert both(mail(None, OLD, files=[store("5.5.2653.23"), kept])).decision == "fix-required"
    assert codes(both(mail(None, OLD, files=[kept])))[0] == "level-missing"
    assert codes(both(server(files=[kept])))[0] == "product-unknown"


@pytest.mark.parametrize(
    ("product", "files"),
    [
        ({"level": "5.5 SP4", "build": "5.5.2448.8"}, []),
        ({"level": "5.5 SP2", "build": "5.5.2653.23"}, []),
        ({"level": "5.5 SP4", "build": "6.0.4416"}, []),
        ({"level": "5.5 SP4"}, [store("5.5.2448.8")]),
        ({"level": "5.5 SP4"}, [store("6.0.4712.5")]),
        ({"level": "5.5 SP4"}, [store("9.1.2.3")]),
        ({"level": "5.5 SP9"}, [store("5.5.2653.23")]),
        ({"level": "5.5 SP9", "build": "5.5.2653.23"}, []),
        ({}, [store("5.0.1460.1"), store("5.5.2653.23")]),
        ({"level": "5.5.2448 SP4"}, []),
        ({"level": "5.5.2653.23 SP3"}, []),
        ({"level": "5.5 SP4 (Build 2650.24)"}, []),
        ({"level": "5.5", "build": "2653.23"}, []),
        ({"build": "5.5.2653.23 (SP3)"}, []),
    ],
)
def test_facts_that_exclude_each_other_are_contradicted(product: Document, files: list[Document]) -> None:
    entry = {"name": "Contoso Mail Server", **product}
    for info in (OLD, NEW):
        facts = server(products=[entry], files=[*files, {"name": "Info.dll", "version": info}])
        found = both(facts, affects=EVERY)
        assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")


@pytest.mark.parametrize(
    ("level", "build", "expected"),
    [
        ("5.5.2653.23 Service Pack 4", None, "fix-required"),
        ("5.5 SP4 (Build 2653.23)", None, "fix-required"),
        ("Version 5.5 (Build 2653.23)", None, "fix-required"),
        ("Version 5.5 (Build 2653.23: Service Pack 4)", None, "fix-required"),
        ("5.5.2653 Service Pack 4 Build 2653", None, "fix-required"),
        ("N/A", "5.5.2653.23", "fix-required"),
        ("newest", "5.5.2653.23", "fix-required"),
        ("RTM", "5.5.2653.23", "fix-required"),
        ("SP4", "2653.23", "fix-required"),
        (None, "Version 5.5 (Build 2653.23)", "fix-required"),
        ("5.5 GA", None, "not-affected"),
        ("5.5 RTM (Build 1960)", None, "not-affected"),
        (None, "2653.23", "undetermined"),
        (None, "6.0", "undetermined"),
        (None, "6.0.4416", "undetermined"),
        ("5.5 SP9", None, "undetermined"),
    ],
)
def test_texts_with_level_and_build(level: str | None, build: str | None, expected: str) -> None:
    assert both(mail(level, OLD, build=build)).decision == expected


@pytest.mark.parametrize("build", ["99999", "5.5.70000.1", "0", "2022.5", "2022.160.4075.1"])
def test_builds_that_are_no_builds_of_the_product_show_no_level(build: str) -> None:
    assert both(mail("5.5 SP4", OLD, build=build)).decision == "fix-required"
    assert both(mail(None, OLD, build=build)).decision == "undetermined"


def test_a_build_of_the_only_level_contradicts_one_that_is_not_defined() -> None:
    product = {**SYSTEM, "product": "gate", "name": "Gate", "levels": [{"level": "4.0", "build": "4.0.90"}]}
    facts = server(
        products=[{"name": "Gate", "level": "5.5 SP2", "build": "4.0.95"}],
        files=[{"name": "Info.dll", "version": OLD}],
    )
    found = both(facts, product, affects=[{"product": "gate"}])
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "level-contradicted")


def test_facts_of_which_each_by_itself_says_no_say_no_together() -> None:
    found = both(mail("5.5 SP2", OLD, build="5.0.1460"))
    assert (found.decision, codes(found)) == ("not-affected", ["level-contradicted", "level-not-listed"])
    assert both(mail("5.5 SP2", OLD, build="9.9.9")).decision == "undetermined"
    assert both(mail("5.5 SP4", OLD, build="5.0.1460")).decision == "undetermined"


def test_editions_that_exclude_each_other_say_no_where_the_level_does() -> None:
    entry = {
        "name": "Contoso Mail Server, Enterprise Edition",
        "edition": "Standard Edition",
        "level": "5.5 SP2",
    }
    for files in ([], [store("5.5")]):
        found = both(server(products=[entry], files=files))
        assert (found.decision, codes(found)[0]) == ("not-affected", "edition-contradicted")


def test_a_newer_key_file_may_say_yes_where_facts_that_exclude_each_other_say_no() -> None:
    found = both(mail("5.5 SP1", OLD, build="5.5.2448", files=[store("5.5.2653.23")]))
    assert (found.decision, codes(found)[0]) == ("undetermined", "level-contradicted")


def test_an_installation_that_no_fix_is_for_is_shown_where_another_one_decides() -> None:
    entries = [
        {"name": "Contoso Mail Server", "level": "5.5 SP4", "platform": "alpha"},
        {"name": "Contoso Mail Server"},
    ]
    facts = server(products=entries, files=[{"name": "Info.dll", "version": OLD}])
    assert "no-branch" in codes(both(facts, fixes=[fix(platform="x86")]))


def test_a_level_that_cannot_be_read_is_named_whatever_else_shows_it() -> None:
    found = both(mail("5.5 SP4", OLD, build="n/a"))
    assert (found.decision, reason(found, "level-unreadable").observed) == ("fix-required", "n/a")


def test_a_key_file_in_no_level_s_range_proves_no_minimum() -> None:
    fixes = [fix({"Store.exe": "5.5.2654.29"})]
    for product in ({}, {"products": [{"name": "Contoso Mail Server"}]}):
        found = both(server(files=[store("6.0.4416.0")], **product), fixes=fixes, affects=EVERY)
        assert answer(found) == "undetermined, investigate"
        below = both(server(files=[store("5.5.1000.1")], **product), fixes=fixes, affects=EVERY)
        assert below.decision == "fix-required"


def test_a_version_alone_leaves_every_level_of_it_possible() -> None:
    levels = [{"level": "2016 SP1"}, {"level": "2016 SP2"}, {"level": "2019 RTM"}, {"level": "2019 SP1"}]
    gate = {"needfix": 1, "product": "gate", "name": "Contoso Gate", "levels": levels}

    def decided(level: str, affects: list[str]) -> str:
        facts = server(
            products=[{"name": "Contoso Gate", "level": level}], files=[{"name": "Info.dll", "version": OLD}]
        )
        return both(facts, gate, product="gate", affects=affects).decision

    assert decided("2016", ["2016 SP1"]) == "undetermined"
    assert decided("2016", ["2016 SP1", "2016 SP2"]) == "fix-required"
    assert decided("2019", ["2019 RTM"]) == "undetermined"
    assert decided("2019 Gold", ["2019 RTM"]) == "fix-required"
    assert decided("2019", ["2016 SP1"]) == "not-affected"


def test_words_that_servers_leave_out_of_their_level() -> None:
    levels = [{"level": "2.0 SP4"}, {"level": "2.0 SP4 HRP"}, {"level": "2.0 SP5"}]
    gate: Document = {"needfix": 1, "product": "gate", "name": "Contoso Gate", "levels": levels}
    facts = server(
        products=[{"name": "Contoso Gate", "level": "2.0 SP4"}], files=[{"name": "Info.dll", "version": OLD}]
    )
    assert both(facts, gate, product="gate", affects=["2.0 SP4"]).decision == "fix-required"
    gate["stated_without"] = ["HRP"]
    assert both(facts, gate, product="gate", affects=["2.0 SP4"]).decision == "undetermined"
    assert both(facts, gate, product="gate", affects=["2.0 SP4", "2.0 SP4 HRP"]).decision == "fix-required"


def test_builds_end_with_their_first_two_numbers_or_where_until_says() -> None:
    levels = [
        {"level": "2019", "build": "10.0.17763", "until": "10.0.17764"},
        {"level": "2022", "build": "10.0.20348"},
        {"level": "2025", "build": "11.0.100"},
    ]
    gate = {"needfix": 1, "product": "gate", "name": "Contoso Gate", "levels": levels}

    def decided(build: str) -> str:
        facts = server(
            products=[{"name": "Contoso Gate", "build": build}], files=[{"name": "Info.dll", "version": OLD}]
        )
        return both(facts, gate, product="gate", affects=["2019", "2022"]).decision

    assert [decided("10.0.17763.5"), decided("10.0.20348.2159")] == ["fix-required", "fix-required"]
    assert [decided("10.0.18000.1"), decided("10.1.1")] == ["undetermined", "undetermined"]
    assert decided("11.0.100.1") == "not-affected"


# ---- the list of products


def test_a_list_that_leaves_out_a_product_whose_key_file_is_there_is_contradicted() -> None:
    other = {"name": "Contoso Backup", "level": "3.1"}
    for info in (OLD, NEW):
        files = [store("5.5.2653.23"), {"name": "Info.dll", "version": info}]
        found = both(server(products=[other], files=files))
        assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "product-contradicted")
    assert both(server(products=[other])).decision == "not-affected"
    not_listed = both(server(products=[other], files=[store("5.0.1460.1")]))
    assert not_listed.decision == "not-affected"
    assert "product-contradicted" in codes(not_listed)


@pytest.mark.parametrize("name", ["Unknown", "N/A", "System.Object[]", "null", "-"])
def test_a_name_that_says_nothing_may_be_any_product(name: str) -> None:
    listed = [{"name": name, "level": "5.5 SP2"}]
    found = both(server(products=listed, files=[{"name": "Info.dll", "version": OLD}]))
    assert (found.decision, codes(found)[0]) == ("undetermined", "product-name-unreadable")
    shown = both(server(products=listed, files=[store("5.5.2653.23"), {"name": "Info.dll", "version": OLD}]))
    assert shown.decision == "fix-required"
    assert "product-name-unreadable" in codes(shown)
    named = [*listed, {"name": "Contoso Mail Server", "level": "5.5 SP2"}]
    assert both(server(products=named)).decision == "not-affected"


def test_an_empty_list_is_whole_only_where_it_is_called_complete() -> None:
    assert codes(both(server(products=[])))[0] == "product-unknown"
    assert both(server(products=[], complete=["products"])).decision == "not-affected"
    left = server(products=[], complete=["products"], files=[store("5.5.2653.23")])
    assert codes(both(left))[0] == "product-contradicted"


def test_names_that_a_definition_calls_other_products_make_nothing_unclear() -> None:
    client = server(products=[{"name": "Contoso Mail Server 2019 Native Client"}])
    assert codes(both(client))[0] == "product-name-unclear"
    own = {**MAIL, "product": "own", "name": "Own Server", "aliases": [], "key_files": ["Own.exe"]}
    own["other_names"] = ["Contoso Mail Server * Native Client", "Contoso Mail Server Studio*"]
    assert both(client, own).decision == "not-affected"
    studio = server(products=[{"name": "Contoso Mail Server Studio 19.1"}])
    assert both(studio, own).decision == "not-affected"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Contoso Gate 2019", "undetermined"),
        ("Contoso Gate 2019 SP1 (64-bit)", "fix-required"),
        ("Contoso Gate 2019 SP1 Standard, English", "fix-required"),
        ("Contoso Gate 2016 x64", "not-affected"),
        ("Contoso Gate 2019 SP1 Viewer", "undetermined"),
    ],
)
def test_a_star_in_an_alias_stands_for_level_edition_platform_and_language(name: str, expected: str) -> None:
    levels = [{"level": "2016"}, {"level": "2019"}, {"level": "2019 SP1"}]
    gate = {"needfix": 1, "product": "gate", "name": "Gate of Contoso", "levels": levels}
    gate |= {"aliases": ["Contoso Gate *"], "editions": ["Standard Edition"]}
    facts = server(products=[{"name": name}], files=[{"name": "Info.dll", "version": OLD}])
    assert both(facts, gate, product="gate", affects=["2019 SP1"]).decision == expected


def test_a_key_file_of_two_definitions_shows_neither() -> None:
    twin = {**MAIL, "product": "twin", "name": "Twin of Contoso", "aliases": []}
    files = [store("5.5.2653.23"), {"name": "Info.dll", "version": OLD}]
    assert codes(both(server(files=files), twin))[0] == "product-unknown"
    assert both(server(files=files, products=[{"name": "Twin of Contoso"}]), twin).decision == "not-affected"
    listed = server(files=files, products=[{"name": "Contoso Mail Server", "level": "5.5 SP4"}])
    assert both(listed, twin).decision == "fix-required"
    other = both(server(files=files, products=[{"name": "Other Thing"}]), twin)
    assert codes(other)[0] == "product-contradicted"


def test_a_complete_list_of_files_without_any_key_file_is_not_believed() -> None:
    fixes = [fix({"Store.exe": "5.5.2654.29"})]
    entry = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    files = [{"name": "Other.dll", "version": "1.0.0.0"}]
    facts = server(products=[entry], files=files, complete=["files"])
    found = both(facts, fixes=fixes)
    assert answer(found) == "undetermined, investigate"
    assert "key-file-missing" in codes(found)
    missing = both(mail("5.5 SP4", complete=["files"], files=[store("5.5.2653.23")]))
    assert (missing.decision, codes(missing)[0]) == ("not-affected", "component-not-installed")
    required = both(facts, if_missing="fix-required")
    assert required.decision == "undetermined"


# ---- editions, platforms, languages


@pytest.mark.parametrize(
    "edition", ["Unknown", "N/A", "274", "ServerEnterprise", "Enterprise Evaluation Edition"]
)
def test_an_edition_outside_the_definition_counts_as_not_stated(edition: str) -> None:
    affects = [{"product": "mail-server", "levels": ["5.5 SP4"], "edition": "Enterprise Edition"}]
    found = both(mail("5.5 SP4", OLD, edition=edition), affects=affects)
    assert found.decision == "undetermined"
    assert reason(found, "edition-unreadable").observed == edition


@pytest.mark.parametrize(
    "edition",
    ["Enterprise Edition (64-bit)", "Enterprise Edition: Core-based Licensing (64-bit)", "enterprise"],
)
def test_an_edition_with_its_platform_or_licence(edition: str) -> None:
    affects = [{"product": "mail-server", "levels": ["5.5 SP4"], "edition": "Enterprise Edition"}]
    assert both(mail("5.5 SP4", OLD, edition=edition), affects=affects).decision == "fix-required"


def test_an_edition_that_the_name_contradicts() -> None:
    entry = {"name": "Contoso Mail Server Enterprise Edition", "level": "5.5 SP4", "edition": "Standard"}
    facts = server(products=[entry], files=[{"name": "Info.dll", "version": NEW}])
    found = both(facts)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "edition-contradicted")
    affects = [{"product": "mail-server", "edition": "Hosted Edition"}]
    none = both(facts, affects=affects)
    assert (none.decision, codes(none)[0]) == ("not-affected", "edition-contradicted")


X86, X64 = (fix(platform=one) for one in ("x86", "x64"))


def test_a_platform_is_that_of_the_entry_and_of_the_key_files_only() -> None:
    other = [{"name": "Other.dll", "version": "1.0.0.0", "platform": "x64"}]
    assert both(mail("5.5 SP4", OLD, files=other), fixes=[X86]).decision == "fix-required"
    by_key = [store("5.5.2653.23", platform="64-bit")]
    assert codes(both(mail("5.5 SP4", OLD, files=by_key), fixes=[X86]))[0] == "no-branch"
    differs = both(mail("5.5 SP4", OLD, files=by_key, platform="x86"), fixes=[X86])
    assert (differs.decision, "platform-differs" in codes(differs)) == ("fix-required", True)


@pytest.mark.parametrize("word", ["34405", "Windows", "Unknown", "vax"])
def test_a_platform_that_is_no_known_one_counts_as_not_stated(word: str) -> None:
    found = both(mail("5.5 SP4", OLD, platform=word), fixes=[X86])
    assert found.decision == "fix-required"
    assert reason(found, "platform-unreadable").observed == word


def test_a_language_that_is_no_known_one_counts_as_not_stated() -> None:
    dated = fix({"Info.dll": {"modified": "2000-03-14"}}, language="en")
    files = [{"name": "Info.dll", "modified": "2000-03-13"}]
    for spoken, expected in (("1033", "fix-required"), ("neutral", "fix-required"), ("0407", "undetermined")):
        found = both(mail("5.5 SP4", files=files, language=spoken), fixes=[dated])
        assert found.decision == expected
        assert ("language-unreadable" in codes(found)) == (spoken == "neutral")


# ---- fixes for other levels


def test_a_level_older_than_the_oldest_branch_needs_that_level_first() -> None:
    fixes = [fix(level="5.5 SP3"), fix({"Info.dll": "5.5.2654.20"}, level="5.5 SP4")]
    affects = ["5.5 SP1", "5.5 SP2", "5.5 SP3", "5.5 SP4", "5.0"]
    older = both(mail("5.5 SP1", OLD), affects=affects, fixes=fixes)
    assert answer(older) == "fix-required, upgrade-first"
    assert reason(older, "no-fix-for-level").expected == "5.5 SP3"
    assert both(mail("5.5 SP1", NEW), affects=affects, fixes=fixes).decision == "fix-present"
    assert answer(both(mail("5.5 SP3", OLD), affects=affects, fixes=fixes)) == "fix-required, apply"
    other = both(mail("5.0", OLD), affects=affects, fixes=fixes)
    assert (other.decision, codes(other)[0]) == ("undetermined", "no-branch")


def test_a_possible_level_that_no_fix_is_for_disagrees_with_the_others() -> None:
    fixes = [fix(level="5.5 SP3")]
    newer = mail("5.5 SP3", NEW, files=[store("5.5.2653.23")])
    found = both(newer, affects=["5.5 SP3", "5.5 SP4"], fixes=fixes)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "branch-ambiguous")
    assert "for Contoso Mail Server 5.5 SP4 Q100001 has no fix" in reason(found, "branch-ambiguous").text
    older = mail("5.5 SP3", OLD, files=[store("5.5.2653.23")])
    assert both(older, affects=["5.5 SP3", "5.5 SP4"], fixes=fixes).decision == "undetermined"
    assert both(newer, affects=["5.5 SP3"], fixes=fixes).decision == "fix-present"
    dated = fix({"Data.dll": {"modified": "2000-03-14"}}, level="5.5 SP4", language="en")
    spoken = mail("5.5 SP3", NEW, files=[store("5.5.2653.23")], language="de")
    both_levels = both(spoken, affects=["5.5 SP3", "5.5 SP4"], fixes=[*fixes, dated])
    assert (both_levels.decision, "branch-ambiguous" in codes(both_levels)) == ("undetermined", True)


def test_a_key_that_rules_out_every_fix_at_a_possible_level_is_named() -> None:
    fixes = [fix(level="5.5 SP3"), fix(level="5.5 SP4", platform="x86")]
    files = [store("5.5.2653.23")]
    affects = ["5.5 SP3", "5.5 SP4"]
    found = both(mail("5.5 SP3", NEW, files=files, platform="alpha"), affects=affects, fixes=fixes)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "no-branch")
    assert "no fix for the level 5.5 SP4 and the platform alpha" in reason(found, "no-branch").text
    assert both(mail("5.5 SP3", NEW, files=files), affects=affects, fixes=fixes).decision == "fix-present"


def test_what_a_branch_installs_belongs_together_also_in_another_language() -> None:
    dated = fix({"Data.dll": {"modified": "2000-03-14"}}, language="en", component="Data")
    fixes = [fix(language="en", component="Info"), dated]
    files = [{"name": "Data.dll", "modified": "2000-03-15"}]
    for info, own in ((NEW, "fix-present"), (OLD, "fix-required")):
        assert both(mail("5.5 SP4", info, files=files, language="en"), fixes=fixes).decision == own
        other = both(mail("5.5 SP4", info, files=files, language="de"), fixes=fixes)
        assert (other.decision, codes(other)[0]) == ("undetermined", "no-branch")


def test_a_fix_for_the_level_keeps_those_of_later_levels_out_also_in_another_language() -> None:
    dated = fix({"Info.dll": {"modified": "2000-03-14"}}, level="5.5 SP3", platform="alpha", language="en")
    fixes = [fix(level="5.5 SP4", platform="x86"), dated]
    found = both(mail("5.5 SP3", OLD, language="de"), affects=["5.5 SP3", "5.5 SP4"], fixes=fixes)
    assert (answer(found), codes(found)[0]) == ("undetermined, investigate", "no-branch")


def test_a_fix_that_is_built_on_a_later_level_needs_it_first() -> None:
    fixes = [fix({"Store.exe": "5.5.2654.29"})]
    facts = mail("5.5 SP3", files=[store("5.5.2650.24")])
    found = both(facts, fixes=fixes)
    assert answer(found) == "fix-required, upgrade-first"
    assert reason(found, "built-on-later-level").expected == "5.5 SP4"
    assert answer(both(facts, fixes=fixes, requires=[])) == "fix-required, apply"
    own = {**MAIL, "product": "own", "name": "Own Server", "aliases": [], "cumulative": True}
    own["key_files"] = ["Own.exe"]
    listed = server(
        products=[{"name": "Own Server", "level": "5.5 SP3"}],
        files=[{"name": "Own.exe", "version": "5.5.2650.24"}],
    )
    of_own = both(listed, own, product="own", fixes=[fix({"Own.exe": "5.5.2654.29"})])
    assert answer(of_own) == "fix-required, apply"


def test_a_fix_of_a_level_belongs_to_the_products_that_list_that_level() -> None:
    gate = {
        "needfix": 1,
        "product": "gate",
        "name": "Contoso Gate",
        "levels": [{"level": "5.0"}, {"level": "5.5"}],
    }
    affects = [{"product": "mail-server", "levels": ["5.0"]}, {"product": "gate", "levels": ["5.5"]}]
    fixes = [fix(level="5.0"), fix({"Info.dll": "5.5.2650.1"}, level="5.5")]
    gated = server(products=[{"name": "Contoso Gate"}], files=[{"name": "Info.dll", "version": OLD}])
    found = both(gated, gate, product=None, affects=affects, fixes=fixes)
    assert (found.decision, reason(found, "file-reaches-minimum").expected) == ("fix-present", "5.5.2650.1")


# ---- versions side by side, other products


def test_later_means_later_of_the_same_version() -> None:
    assert both(mail("5.5 SP3", OLD), affects=EVERY, corrected_in=["5.5 SP2"]).decision == "not-affected"
    assert both(mail("6.0", OLD), affects=EVERY, corrected_in=["5.5 SP2"]).decision == "fix-required"
    listed = ["5.5 SP2", "6.0"]
    assert both(mail("6.0 SP1", OLD), affects=EVERY, corrected_in=listed).decision == "not-affected"


@pytest.mark.parametrize(
    ("products", "expected"),
    [
        ([{"name": SYSTEM["name"], "level": "4.0 SP6"}], "not-affected"),
        ([{"name": SYSTEM["name"], "level": "4.0 SP5"}], "fix-required"),
        ([{"name": SYSTEM["name"]}], "undetermined"),
        ([{"name": "Contoso Host"}], "undetermined"),
        ([{"name": "Unknown"}], "undetermined"),
        ([], "fix-required"),
    ],
)
def test_a_product_below_that_may_carry_the_fix_leaves_it_open(
    products: list[Document], expected: str
) -> None:
    own = {"name": "Contoso Mail Server", "level": "5.5 SP4"}
    marks = [{"product": "host-system", "level": "4.0 SP6"}]
    facts = server(products=[own, *products], files=[{"name": "Info.dll", "version": OLD}])
    assert both(facts, corrected_in=marks).decision == expected
    by_files = server(files=[store("5.5.2653.23"), {"name": "Info.dll", "version": OLD}])
    assert both(by_files, corrected_in=marks).decision == "undetermined"


def test_installations_are_decided_one_by_one_and_the_worst_counts() -> None:
    fixes = [fix(level="5.5 SP3"), fix({"Info.dll": "5.5.2650.1"}, level="5.5 SP4")]
    sure, unsure = {"level": "5.5 SP4"}, {"build": "6.0.4416"}
    entries = [{"name": "Contoso Mail Server", **one} for one in (sure, unsure)]
    facts = server(products=entries, files=[{"name": "Info.dll", "version": OLD}])
    found = both(facts, fixes=fixes, affects=["5.5 SP3", "5.5 SP4"])
    assert found.decision == "undetermined"
    assert both(
        server(products=entries[:1], files=[{"name": "Info.dll", "version": OLD}]), fixes=fixes
    ).decision == ("fix-present")


def test_a_product_that_may_not_be_there_asks_for_a_restart_only_where_all_do() -> None:
    affects = [{"product": "mail-server"}, {"product": "host-system", "levels": ["4.0 SP5"]}]
    fixes = [
        {**fix(), "product": "mail-server"},
        {**fix({"Two.dll": "2.0"}), "product": "host-system"},
    ]
    two = {"name": "Two.dll", "version": "2.0", "loaded": "1.9"}
    for loaded, expected in ((None, "fix-present, none"), ("1.0", "fix-present, restart")):
        info = {"name": "Info.dll", "version": NEW, "loaded": loaded}
        facts = server(files=[store("5.5.2653.23"), info, two])
        assert answer(both(facts, product=None, affects=affects, fixes=fixes)) == expected
