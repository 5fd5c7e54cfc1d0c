"""Explanations: the chain from facts to the decision, and alterations that hold when they are tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

import needfix
from needfix.cases.steps import just_below
from needfix.explain.explain import explain
from needfix.infer.inference import row_of
from needfix.model.explanation import Alteration, Explanation, Line
from needfix.model.server import FileCopy, InstalledProduct
from needfix.versions import parse_version
from tests.decide.strategies import records, rules
from tests.support import ROOT
from tests.support.catalogues import (
    MAIL,
    NEW,
    OLD,
    OTHER,
    SYSTEM,
    Document,
    catalogue_of,
    codes,
    decide,
    fix,
    load,
    mail,
    rule,
    server,
    text_of,
)
from tests.support.laws import tried

LEVELS = {document["name"]: [entry["level"] for entry in document["levels"]] for document in (MAIL, SYSTEM)}
KEY_FILES = {document["name"]: document.get("key_files", []) for document in (MAIL, SYSTEM)}


# ---- alterations carried out as a reader of them would


def carried_out(facts: needfix.Server, change: Line, rule_id: str) -> Iterator[needfix.Server]:
    """The servers that a change speaks of: one for each of the values that it states."""
    if change.name.startswith(("level of ", "edition of ", "platform of ", "language of ")):
        key, _, name = change.name.partition(" of ")
        for value in values(key, name, change.text):
            yield with_product(facts, name, key, value)
    elif change.name in LEVELS:
        others = tuple(entry for entry in facts.products or () if entry.name != change.name)
        files = tuple(copy for copy in facts.files if copy.name not in KEY_FILES[change.name])
        complete = facts.complete if files else facts.complete - {"files"}
        yield replace(facts, products=others, complete=complete | {"products"}, files=files)
    elif change.name == "restart":
        yield replace(facts, restart_pending=False)
    elif change.name == "symptoms":
        yield with_symptoms(facts, change.text, rule_id)
    elif change.name == "all files of the fix":
        yield with_files(facts, change.text)
    else:
        yield with_file(facts, change)


def values(key: str, name: str, text: str) -> Iterator[str]:
    order = LEVELS[name]
    for part in text.split(" or "):
        first, _, last = part.partition(" to ")
        run = order[order.index(first) : order.index(last) + 1] if last and key == "level" else [part]
        yield from run


def with_product(facts: needfix.Server, name: str, key: str, value: str) -> needfix.Server:
    changed: dict[str, Any] = {key: value, **({"build": None} if key == "level" else {})}
    listed = facts.products or ()
    own = [entry for entry in listed if entry.name == name] or [InstalledProduct(name)]
    others = [entry for entry in listed if entry.name != name]
    return replace(facts, products=(*others, *(replace(entry, **changed) for entry in own)))


def with_symptoms(facts: needfix.Server, text: str, rule_id: str) -> needfix.Server:
    ids = ["mail-waits", "store-hangs"]
    observed, absent = facts.observed or frozenset(), facts.absent or frozenset()
    if text.endswith(" observed"):
        return replace(facts, observed=observed | set(text.removesuffix(" observed").split(" or ")))
    both = {*ids, *(f"{rule_id}/{one}".casefold() for one in ids)}
    return replace(facts, observed=observed - both, absent=absent | set(ids))


def with_file(facts: needfix.Server, change: Line) -> needfix.Server:
    own = [copy for copy in facts.files if copy.name.casefold() == change.name.casefold()]
    others = tuple(copy for copy in facts.files if copy not in own)
    if change.text.startswith("not there"):
        named = change.text.partition("listed, ")[2].removesuffix(" among them")
        listed = (*others, *map(FileCopy, named.split(" and ") if named else ())) or (
            FileCopy("Another.dll"),
        )
        return replace(facts, files=listed, complete=facts.complete | {"files"})
    value = change.text.removesuffix(" or later")
    if value.startswith("below "):
        value = below(value.removeprefix("below "))
    changed: dict[str, Any] = {"modified" if "-" in value else "version": value}
    new = [replace(copy, **changed) for copy in own or [FileCopy(change.name)]]
    return replace(facts, files=(*others, *new))


def with_files(facts: needfix.Server, text: str) -> needfix.Server:
    for shown in text.removesuffix(", or later").split(", "):
        facts = with_file(facts, Line(*shown.split(" ", 1)))
    return facts


def below(text: str) -> str:
    """A value just below a minimum."""
    if "-" in text:
        return "2000-03-13T23:59" if len(text) == len("2000-03-14") else "2000-03-14T17:59"
    lower = just_below(str(parse_version(text)))
    return f"{lower}.65535"


CONTRADICTED = {"level-contradicted", "product-contradicted", "edition-contradicted"}


def outcomes(
    catalogue: needfix.Catalogue, facts: needfix.Server, changes: tuple[Line, ...], rule_id: str
) -> Iterator[tuple[str, str]]:
    """What is decided where the changes are made, for each of the values that they state.

    Changes that set facts against each other are no way out and are left out.
    """
    was_contradicted = CONTRADICTED & set(codes(decide(catalogue, facts, rule_id)))
    servers = [facts]
    for change in changes:
        servers = [new for one in servers for new in carried_out(one, change, rule_id)]
    for one in servers:
        decided = decide(catalogue, one, rule_id)
        if was_contradicted or not CONTRADICTED & set(codes(decided)):
            yield decided.decision, decided.action


def hold(catalogue: needfix.Catalogue, facts: needfix.Server, shown: Explanation) -> None:
    """Every alteration leads where it says, to something else, and by no fewer changes."""
    for one in shown.alterations:
        expected = {(one.decision, one.action)}
        assert set(outcomes(catalogue, facts, one.changes, shown.rule)) == expected, one
        assert (one.decision, one.action) != (shown.decision, shown.action)
        for fewer in smaller(one):
            decisions = {decision for decision, _ in outcomes(catalogue, facts, fewer, shown.rule)}
            assert decisions <= {shown.decision, "undetermined"}, (one, fewer)


def smaller(one: Alteration) -> Iterator[tuple[Line, ...]]:
    return (fewer for size in range(1, len(one.changes)) for fewer in combinations(one.changes, size))


def decided_by(shown: Explanation) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """Where each set of changes leads."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for one in shown.alterations:
        key = tuple(f"{change.name}: {change.text}" for change in one.changes)
        found.setdefault(key, []).append((one.decision, one.action))
    return found


# ---- examples

SYMPTOMS = [{"id": "mail-waits", "text": "Mail waits"}, {"id": "store-hangs", "text": "The store hangs"}]


def test_what_would_change_a_required_fix(tmp_path: Path) -> None:
    catalogue, facts = load(tmp_path, rule()), mail(info=OLD)
    shown = explain(catalogue, facts, "Q100001")
    assert decided_by(shown) == {
        ("Info.dll: 5.5.2654.10 or later",): [("fix-present", "none")],
        ("Info.dll: not there, and all files listed, Store.exe among them",): [("not-affected", "none")],
        ("level of Contoso Mail Server: 5.0 to 5.5 SP2 or 6.0 or 6.0 SP1",): [("not-affected", "none")],
        ("Contoso Mail Server: not installed",): [("not-affected", "none")],
    }
    hold(catalogue, facts, shown)


def test_the_facts_that_would_settle_an_undetermined_file(tmp_path: Path) -> None:
    catalogue, facts = load(tmp_path, rule()), mail()
    shown = explain(catalogue, facts, "Q100001")
    assert shown.decision == "undetermined"
    settled = decided_by(shown)
    assert settled["Info.dll: 5.5.2654.10 or later",] == [("fix-present", "none")]
    assert settled["Info.dll: below 5.5.2654.10",] == [("fix-required", "apply")]
    hold(catalogue, facts, shown)


def test_a_list_of_all_files_has_the_key_file(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule())
    without = decided_by(explain(catalogue, mail(), "Q100001"))
    text = "Info.dll: not there, and all files listed, Store.exe among them"
    assert without[text,] == [("not-affected", "none")]
    store = {"name": "Store.exe", "version": "5.5.2653.23"}
    there = decided_by(explain(catalogue, mail(files=[store]), "Q100001"))
    assert there["Info.dll: not there, and all files listed",] == [("not-affected", "none")]


def test_a_key_file_that_is_not_there_settles_nothing(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[fix({"Store.exe": "5.5.2654.10"})]))
    stated = decided_by(explain(catalogue, mail(), "Q100001"))
    assert not any("not there" in text for (text, *_) in stated)
    unstated = decided_by(explain(catalogue, server(), "Q100001"))
    assert unstated["Store.exe: not there, and all files listed",] == [("not-affected", "none")]


def test_the_facts_that_would_settle_an_undetermined_level(tmp_path: Path) -> None:
    catalogue, facts = load(tmp_path, rule()), mail(None, OLD)
    shown = explain(catalogue, facts, "Q100001")
    assert decided_by(shown)["level of Contoso Mail Server: 5.5 SP3 or 5.5 SP4",] == [
        ("fix-required", "apply")
    ]
    hold(catalogue, facts, shown)


def test_the_facts_that_would_settle_the_branch(tmp_path: Path) -> None:
    two = [fix({"Info.dll": "5.5.2654.1"}, platform="x86"), fix(platform="alpha")]
    catalogue, facts = load(tmp_path, rule(fixes=two)), mail(info="5.5.2654.5")
    shown = explain(catalogue, facts, "Q100001")
    assert decided_by(shown)["platform of Contoso Mail Server: x86",] == [("fix-present", "none")]
    assert decided_by(shown)["platform of Contoso Mail Server: alpha",] == [("fix-required", "apply")]
    hold(catalogue, facts, shown)


def test_a_file_with_several_minima_is_shown_with_the_value_that_was_tried(tmp_path: Path) -> None:
    two = [fix({"Info.dll": "5.5.2653.1"}, platform="x86"), fix({"Info.dll": "5.5.2654"}, platform="alpha")]
    catalogue, facts = load(tmp_path, rule(fixes=two)), mail()
    shown = explain(catalogue, facts, "Q100001")
    assert decided_by(shown)["Info.dll: 5.5.2653.0",] == [("fix-required", "apply")]
    assert decided_by(shown)["Info.dll: 5.5.2654",] == [("fix-present", "none")]
    hold(catalogue, facts, shown)


def test_symptoms_alter_the_action_only(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(apply="if-symptoms", symptoms=SYMPTOMS))
    shown = explain(catalogue, mail(info=OLD), "Q100001")
    found = decided_by(shown)
    assert found["symptoms: mail-waits or store-hangs observed",] == [("fix-required", "apply")]
    assert found["symptoms: all reported absent",] == [("fix-required", "wait")]
    assert [one.decision == shown.decision for one in shown.alterations] == [False] * 4 + [True] * 2
    hold(catalogue, mail(info=OLD), shown)


def test_several_facts_where_one_is_not_enough(tmp_path: Path) -> None:
    catalogue, facts = load(tmp_path, rule()), server(products=[], complete=["products"])
    shown = explain(catalogue, facts, "Q100001")
    assert {len(one.changes) for one in shown.alterations} == {2}
    assert {one.decision for one in shown.alterations} == {"fix-present", "fix-required"}
    hold(catalogue, facts, shown)


def test_a_level_is_changed_with_what_the_name_states_of_the_product(tmp_path: Path) -> None:
    two = [fix({"Info.dll": "5.5.2654.1"}, language="en"), fix(language="de")]
    product_ = {"name": "Contoso Mail Server 5.5 SP4"}
    facts = server(products=[product_], files=[{"name": "Info.dll", "version": "5.5.2654.5"}])
    shown = explain(load(tmp_path, rule(fixes=two)), facts, "Q100001")
    assert decided_by(shown)["language of Contoso Mail Server: de",] == [("fix-required", "apply")]


def test_a_run_of_levels_is_one_of_the_products_own(tmp_path: Path) -> None:
    other = {**SYSTEM, "product": "other-system", "name": "Contoso Other System"}
    known = ["4.0", "4.0 SP5", "4.0 SP5a", "4.0 SP6", "4.0 SP6a"]
    affects = [{"product": "other-system", "levels": ["4.0 SP5a"]}]
    ours = {**other, "levels": [{"level": level} for level in known]}
    catalogue = load(tmp_path, ours, rule(product=None, affects=affects))
    facts = mail(info=OLD, products=[{"name": "Contoso Other System", "level": "4.0 SP5a"}])
    shown = decided_by(explain(catalogue, facts, "Q100001"))
    # Seen from host-system, which has no SP5a, 4.0 SP5 and SP6 stand next to each other.
    name = "level of Contoso Other System"
    assert shown[f"{name}: 4.0 or 4.0 SP5 or 4.0 SP6 or 4.0 SP6a",] == [("not-affected", "none")]


def test_the_chain_of_an_explanation(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(requires=["6.0"], apply="if-symptoms", symptoms=SYMPTOMS))
    shown = explain(catalogue, mail(info=OLD, hotfixes=["Q100001"]), "Q100001")
    assert [line.name for line in shown.fired] == [
        "files-outdated",
        "symptoms-unreported",
        "remark-requires",
        "remark-claim-outdated",
    ]
    assert shown.fired[0].text == "files = outdated → fix-required"
    assert {line.name: line.value for line in shown.evidence}["files"] == "outdated"
    assert any(line.text == f"Info.dll, {OLD}" for line in shown.facts)
    assert any(line.text == f"Info.dll {NEW} or later" for line in shown.asks)
    assert shown.as_dict()["decision"] == "fix-required"


def test_every_kind_of_fact_is_shown(tmp_path: Path) -> None:
    facts = mail(
        info=OLD,
        files=[{"name": "Other.dll", "version": "1"}, {"name": "INFO.DLL", "path": "c:\\x", "loaded": "1"}],
        complete=["files"],
        symptoms={"observed": ["a"], "absent": ["b"]},
        events=[{"source": "a", "id": 1}],
        services=[{"name": "IS", "state": "running"}],
        counters=[{"name": "c", "value": 1}],
        hotfixes=[],
        restart_pending=True,
    )
    shown = explain(load(tmp_path, rule()), facts, "Q100001")
    names = {line.name for line in shown.facts}
    assert names >= {"product", "file", "files", "complete", "symptoms observed", "symptoms absent"}
    assert names >= {"events", "services", "counters", "hotfixes", "restart"}
    for empty, text in (
        (server(), "not listed"),
        (server(products=[]), "none (the inventory lists all products)"),
    ):
        lines = explain(load(tmp_path, rule()), empty, "Q100001").facts
        assert text in {line.text for line in lines if line.name == "products"}


def test_everything_that_a_rule_asks_is_shown(tmp_path: Path) -> None:
    two_files = fix({"Info.dll": NEW, "Info.dat": {}}, component="Store", language="en")
    document = rule(
        fixes=[two_files],
        symptoms=SYMPTOMS,
        requires=["5.5", "Q100009"],
        supersedes=["Q100008"],
        corrected_in=["6.0"],
    )
    shown = explain(load(tmp_path, document), mail(info=OLD), "Q100001")
    names = [line.name for line in shown.asks]
    assert names == [
        *("from", "affects", "fix", "apply", "symptom", "symptom"),
        *("requires", "requires", "supersedes", "corrected in"),
    ]
    assert {line.name: line.text for line in shown.asks}["fix"] == (
        f"Store, en: Info.dll {NEW} or later, Info.dat (not compared)"
    )


def test_an_unknown_rule_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        explain(load(tmp_path, rule()), mail(), "Q999999")


# ---- laws


def simple(documents: list[Document], record: Document) -> tuple[list[Document], Document]:
    """Without places of copies: a reader's `One.dll 2.0` does not say which copy is meant."""
    for fix_ in (one for document in documents for one in document["fixes"]):
        for minimum in fix_["files"].values():
            minimum.pop("path", None)
    files = [
        {key: value for key, value in copy.items() if key not in ("path", "platform")}
        for copy in record["files"]
    ]
    return documents, {**record, "files": files}


_TWO_BRANCHES = rule(
    "Q100000",
    affects=["5.0 SP3", "5.5", "5.5 SP3", "5.5 SP4", "6.0"],
    apply="if-symptoms",
    fixes=[
        fix({"One.dll": "5.5.2653.1"}, level=["5.0 SP3"]),
        fix({"Store.exe": "1.9", "Two.dll": "5.5.2653.1"}, level=["5.0 SP3", "5.5"]),
    ],
    corrected_in=[{"product": "mail-server", "level": "5.5"}],
)
_TWO_STORES = {
    "server": "A",
    "files": [{"name": "Store.exe", "version": "5.5.1960.4"}, {"name": "Store.exe", "version": "unknown"}],
}


@tried(60)
@example([_TWO_BRANCHES], _TWO_STORES)  # all files of a fix are one change
@given(rules(), records())
def test_alterations_hold_when_they_are_carried_out(documents: list[Document], record: Document) -> None:
    documents, record = simple(documents, record)
    catalogue = catalogue_of(*documents)
    facts, last = server(**record), documents[-1]["id"]
    shown = explain(catalogue, facts, last)
    hold(catalogue, facts, shown)


@tried(60)
@given(rules(), records())
def test_the_rows_that_fired_lead_from_the_evidence_to_the_decision(
    documents: list[Document], record: Document
) -> None:
    catalogue = catalogue_of(*documents)
    facts = server(**record)
    for document, decided in zip(documents, needfix.evaluate(catalogue, facts), strict=True):
        shown = explain(catalogue, facts, document["id"])
        evidence = {line.name.replace("-", "_"): line.value for line in shown.evidence}
        found = {shown.decision}
        assert (shown.decision, shown.action) == (decided.decision, decided.action)
        rows = [row_of(line.name) for line in shown.fired]
        assert rows[0].then == shown.decision
        assert rows[0].needs is None
        for row in rows:
            assert all(evidence[key] == value for key, value in row.when.items())
            assert row.needs is None or row.needs in found
        assert shown.action in {row.then for row in rows[1:]}


def test_evidence_names_the_facts_that_it_comes_from(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(requires=["5.5 SP4"]))
    shown = explain(catalogue, mail(info=OLD, hotfixes=["Q1"]), "Q100001")
    why = {line.name: line.why for line in shown.evidence}
    assert why["affected"].startswith("Contoso Mail Server 5.5 SP4 is affected")
    assert why["files"] == f"Info.dll is {OLD}; 5.5.2654.10 or later is needed"
    assert why["requires"] == "mail-server 5.5 SP4"
    assert why["claimed"] == "the hotfix list has 1 entry, searched for Q100001"


def test_the_level_that_the_files_are_built_on_is_named_as_required() -> None:
    inventory = ROOT / "fixtures" / "inventories" / "exchange.json"
    facts = next(one for one in needfix.read_inventory(inventory) if one.server == "MAIL05")
    shown = explain(needfix.load_catalogue(), facts, "Q279798")
    why = {line.name: (line.value, line.why) for line in shown.evidence}
    assert why["requires"] == ("unmet", "5.5 SP4 is needed first, since the files are built on it")


def test_the_builds_that_would_settle_a_minimum_of_the_build(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[{"build": "5.5.2653.30"}]))
    facts = mail()
    shown = explain(catalogue, facts, "Q100001")
    settled = decided_by(shown)
    assert settled["build of Contoso Mail Server: 5.5.2653.30 or later",] == [("fix-present", "none")]
    assert settled["build of Contoso Mail Server: below 5.5.2653.30",] == [("fix-required", "apply")]
    (files,) = (line for line in shown.evidence if line.name == "files")
    assert files.why == "No fact shows the product's build; build 5.5.2653.30 or later is needed"


def test_a_key_file_settles_a_range_of_builds_where_the_stated_build_may_stay_behind() -> None:
    lagging = {**MAIL, "shows_updates": ["key_files"]}
    affects = [{"builds": {"from": "5.5.2653.10", "below": "5.5.2653.30"}}]
    catalogue = needfix.load_catalogue(
        {"rules.yaml": text_of((lagging, SYSTEM, OTHER, rule(affects=affects)))}
    )
    settled = decided_by(explain(catalogue, mail(info=OLD, build="5.5.2653.5"), "Q100001"))
    assert settled["Store.exe: 5.5.2653.10",] == [("fix-required", "apply")]
    assert settled["Store.exe: 5.5.2653.9",] == [("not-affected", "none")]


def test_a_key_file_that_shows_the_build_is_among_the_facts(tmp_path: Path) -> None:
    catalogue = load(tmp_path, rule(fixes=[{"build": "5.5.2653.30"}]))
    facts = mail(files=[{"name": "Store.exe", "version": "5.5.2653.23"}, {"name": "Info.dll"}])
    shown = explain(catalogue, facts, "Q100001")
    assert [line.text for line in shown.facts if line.name in ("file", "files")] == [
        "Store.exe, 5.5.2653.23",
        "1 other, not used by Q100001",
    ]


def test_a_minimum_in_lines_is_settled_by_a_value_of_the_last_line(tmp_path: Path) -> None:
    lines = [{"version": "1.0.5.0"}, {"from": "2.0.0.0", "version": "2.0.4.0"}]
    catalogue = load(tmp_path, rule(fixes=[fix({"Info.dll": lines})]))
    settled = decided_by(explain(catalogue, mail(info="2.0.1.0"), "Q100001"))
    assert settled["Info.dll: 2.0.4.0",] == [("fix-present", "none")]
