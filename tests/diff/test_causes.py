"""Each kind of change: how it is shown, where it stands, and which decisions it is blamed for."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

import needfix
from needfix.diff import Comparison, Side
from needfix.diff.product_edits import product_edits
from needfix.model.difference import CatalogueChange, Difference
from tests.support.catalogues import MAIL, NEW, OLD, Document, fix, mail, rule, server

SYMPTOM = {"id": "mail-waits", "text": "Mail waits", "observe": [{"counter": "queue", "above": 10}]}
BUILDS: Document = {
    **MAIL,
    "levels": [
        {**entry, "build": "5.5.2700"} if entry["level"] == "6.0" else entry for entry in MAIL["levels"]
    ],
}
LINES = [{"version": "5.5.2653.1"}, {"from": "5.5.2654", "version": "5.5.2654.20"}]
CHECK = r"HKLM\SOFTWARE\Mail\Check"
CHECKED: Document = {"registry": {CHECK: {"equals": "1"}}}
WITHOUT_SP4: Document = {**MAIL, "levels": [e for e in MAIL["levels"] if e["level"] != "5.5 SP4"]}


def side(folder: Path, name: str, documents: list[Document]) -> Side:
    file = folder / f"{name}.yaml"
    known = documents if any("levels" in one for one in documents) else [MAIL, *documents]
    file.write_text(yaml.safe_dump_all(known, sort_keys=False), encoding="utf-8")
    return Side(name, needfix.load_catalogue(file))


def compared(folder: Path, old: list[Document], new: list[Document], *servers: needfix.Server) -> Difference:
    comparison = Comparison(side(folder, "old", old), side(folder, "new", new))
    for one in servers:
        comparison.add(one)
    return comparison.difference()


def causes(difference: Difference) -> list[list[list[str]]]:
    """The causes of every transition, in sentences."""
    return [
        [[f"{change.subject}: {change.sentence}" for change in cause] for cause in one.causes]
        for one in difference.transitions
    ]


def line(folder: Path, name: str, change: CatalogueChange) -> str:
    """The line that a change names on one side."""
    at = change.old if name == "old" else change.new
    assert at is not None
    assert at.file == str(folder / f"{name}.yaml")
    return Path(at.file).read_text(encoding="utf-8").splitlines()[at.line - 1].strip()


@pytest.mark.parametrize(
    ("before", "after", "facts", "sentence", "lines"),
    [
        ({}, {"fixes": [fix({"Info.dll": "5.5.2654.20"})]}, {"info": NEW},
         "Info.dll 5.5.2654.10 → 5.5.2654.20", ("version: 5.5.2654.10", "version: 5.5.2654.20")),
        ({}, {"fixes": [fix({"Info.dll": NEW, "More.dll": "1.0"})]}, {"info": NEW},
         "More.dll 1.0 added", (None, "version: '1.0'")),
        ({}, {"fixes": [fix({"Info.dll": {"modified": "2000-03-14"}})]}, {"info": NEW},
         "Info.dll 5.5.2654.10 → 2000-03-14", ("version: 5.5.2654.10", "modified: '2000-03-14'")),
        ({}, {"fixes": [{**fix(), "build": "5.5.2653.30"}]}, {"info": NEW},
         "build 5.5.2653.30 added", (None, "build: 5.5.2653.30")),
        ({"fixes": [{"build": "5.5.2653.30"}]}, {"fixes": [{"build": {"above": "5.5.2653.30"}}]},
         {"build": "5.5.2653.30"},
         "build 5.5.2653.30 → above 5.5.2653.30", ("- build: 5.5.2653.30", "above: 5.5.2653.30")),
        ({}, {"fixes": [fix({"Info.dll": LINES})]}, {"info": NEW},
         "Info.dll 5.5.2654.10 → 5.5.2653.1; from 5.5.2654: 5.5.2654.20",
         ("version: 5.5.2654.10", "- version: 5.5.2653.1")),
        ({}, {"fixes": [fix(platform="alpha")]}, {"info": OLD, "platform": "x86"},
         "platform of the fix alpha added", (None, "- platform: alpha")),
        ({}, {"affects": ["5.5 SP3"]}, {"info": OLD}, "affects 5.5 SP4 removed", ("- 5.5 SP4", None)),
        ({"affects": ["5.5 SP3"]}, {}, {"info": OLD}, "affects 5.5 SP4 added", (None, "- 5.5 SP4")),
        ({}, {"corrected_in": ["5.5 SP4"]}, {"info": OLD},
         "corrected_in mail-server 5.5 SP4 added", (None, "- 5.5 SP4")),
        ({"requires": ["6.0"]}, {}, {"info": OLD}, "requires mail-server 6.0 removed", ("- '6.0'", None)),
        ({"fixes": [fix(requires=["5.5"])]}, {"fixes": [fix(requires=[{"any": ["6.0", "6.0 SP1"]}])]},
         {"info": OLD}, "requires of the fix mail-server 5.5 → mail-server 6.0 or mail-server 6.0 SP1",
         ("- '5.5'", "- any:")),
        ({"affects": [{"levels": ["5.5 SP4"], "builds": {"below": "5.5.2653.20"}}]},
         {"affects": [{"levels": ["5.5 SP4"], "builds": {"below": "5.5.2653.30"}}]},
         {"info": OLD, "build": "5.5.2653.25"}, "affects 5.5 SP4 builds below 5.5.2653.30 added",
         (None, "- 5.5 SP4")),
        ({"affects": [{"levels": ["5.5 SP4"], "platform": "alpha"}]}, {"affects": ["5.5 SP4"]},
         {"info": OLD, "platform": "x86"}, "affects 5.5 SP4 added", (None, "- 5.5 SP4")),
        ({"fixes": [CHECKED]}, {"fixes": [{"registry": {CHECK: {"equals": "0"}}}]},
         {"registry": [{"path": "HKLM/SOFTWARE/Mail", "name": "Check", "value": "1"}]},
         rf"{CHECK} 1 → 0", ("equals: '1'", "equals: '0'")),
        ({"affects": [{"levels": ["5.5 SP4"], **CHECKED}]}, {"affects": ["5.5 SP4"]},
         {"info": OLD, "registry": [], "complete": ["registry"]},
         "affects 5.5 SP4 added", (None, "- 5.5 SP4")),
        ({}, {"apply": "if-symptoms"}, {"info": OLD},
         "apply always → if-symptoms", (None, "apply: if-symptoms")),
        ({"if_missing": "fix-required"}, {}, {"complete": ["files"]},
         "if_missing fix-required → not-affected", ("if_missing: fix-required", None)),
        ({}, {"updates": ["KB500001"]}, {"level": "5.5 SP2", "hotfixes": ["KB500001"]},
         "updates KB500001 added", (None, "- KB500001")),
        ({"also_needed": "Turn it on"}, {}, {"info": NEW},
         "also_needed Turn it on removed", ("also_needed: Turn it on", None)),
        ({"symptoms": [SYMPTOM], "apply": "if-symptoms"}, {"apply": "if-symptoms"},
         {"info": OLD, "symptoms": {"observed": ["mail-waits"]}},
         "symptoms mail-waits removed", ("- id: mail-waits", None)),
        ({"symptoms": [SYMPTOM], "apply": "if-symptoms"},
         {"symptoms": [{**SYMPTOM, "observe": [{"counter": "queue", "above": 99}]}], "apply": "if-symptoms"},
         {"info": OLD, "counters": [{"name": "queue", "value": 50}]},
         "observe of mail-waits counter queue above 10 → counter queue above 99",
         ("- counter: queue", "- counter: queue")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_change_of_a_rule(  # noqa: PLR0913, PLR0917 - what is changed, and how it is shown
    tmp_path: Path, before: Document, after: Document, facts: dict[str, Any],
    sentence: str, lines: tuple[str | None, str | None],
) -> None:  # fmt: skip
    difference = compared(tmp_path, [rule(**before)], [rule(**after)], mail(**facts))
    assert causes(difference) == [[[f"Q100001: {sentence}"]]]
    ((change,),) = difference.transitions[0].causes
    for name, expected, at in zip(("old", "new"), lines, (change.old, change.new), strict=True):
        assert (at and line(tmp_path, name, change)) == expected


def test_free_builds_are_a_change_of_the_definition(tmp_path: Path) -> None:
    difference = compared(tmp_path, [MAIL, rule()], [{**MAIL, "builds": "free"}, rule()], mail(info=OLD))
    assert [change.sentence for change in difference.changes] == ["builds free added"]


def test_what_means_the_same_is_no_change(tmp_path: Path) -> None:
    before = rule(symptoms=[SYMPTOM], requires=["5.5 SP3", "Q7"], fixes=[fix({"A.dll": "1.0", "B.dll": "2"})])
    after = rule(
        title="Another", symptoms=[{**SYMPTOM, "text": "Other words"}], requires=["q7", "5.5 SP3"],
        fixes=[{"component": "Store", **fix({"b.DLL": "2.0", "A.dll": "1.0"})}], references=["x"],
        affects={"from": "5.5 SP3", "to": "5.5 SP4"}, apply="always",
        cases=[{"name": "A case", "given": {"level": "5.5"}, "expect": "not-affected"}],
    )  # fmt: skip
    assert compared(tmp_path, [before], [after], mail(info=OLD)).changes == ()


def test_severity_and_advisories_are_changes_that_alter_no_decision(tmp_path: Path) -> None:
    before = rule(severity="low", advisories=["CVE-2024-1", "CVE-2024-2"], updates=["KB500001"])
    after = rule(severity="critical", advisories=["cve-2024-2", "CVE-2024-3"], updates=["Q500001"])
    difference = compared(tmp_path, [before], [after], mail(info=OLD))
    assert [change.sentence for change in difference.changes] == [
        "severity low → critical", "advisories CVE-2024-1 removed", "advisories CVE-2024-3 added",
    ]  # fmt: skip
    assert difference.transitions == ()


def test_changes_that_are_needed_together_are_blamed_together(tmp_path: Path) -> None:
    new = rule(affects=["5.5 SP2", "5.5 SP3", "5.5 SP4"], apply="if-symptoms", references=["x"])
    difference = compared(tmp_path, [rule()], [new], mail("5.5 SP2", OLD), mail("5.5 SP4", OLD))
    assert causes(difference) == [
        [["Q100001: affects 5.5 SP2 added", "Q100001: apply always → if-symptoms"]],
        [["Q100001: apply always → if-symptoms"]],
    ]


def test_causes_that_each_suffice_are_all_reported(tmp_path: Path) -> None:
    new = rule(affects=["5.5 SP3"], corrected_in=["5.5 SP4"])
    difference = compared(tmp_path, [rule()], [new], mail(info=OLD))
    assert causes(difference) == [
        [["Q100001: affects 5.5 SP4 removed"], ["Q100001: corrected_in mail-server 5.5 SP4 added"]]
    ]


def test_a_change_of_a_required_rule_is_blamed_where_it_stands(tmp_path: Path) -> None:
    needing = rule("Q2", requires=["Q1"])
    other = {"More.dll": "1.0"}
    facts = mail(info=OLD, files=[{"name": "More.dll", "version": "1.0"}])
    new = [rule("Q1", fixes=[fix({"More.dll": "2.0"})]), needing]
    difference = compared(tmp_path, [rule("Q1", fixes=[fix(other)]), needing], new, facts)
    assert [one.rule for one in difference.transitions] == ["Q1", "Q2"]
    assert causes(difference) == [[["Q1: More.dll 1.0 → 2.0"]]] * 2


def test_a_rule_that_supersedes_is_blamed_for_what_it_contains(tmp_path: Path) -> None:
    newer = rule("Q2", fixes=[fix({"More.dll": "1.0"})], supersedes=["Q1"])
    more = [{"name": "More.dll", "version": "1.0"}]
    facts = mail(info=OLD, edition="Standard Edition", files=more)
    added = compared(tmp_path, [rule("Q1")], [rule("Q1"), newer], facts, mail("5.5", OLD))
    assert causes(added) == [[["Q2: rule Q2 added"]]] * 2
    assert [(one.rule, one.kind) for one in added.transitions] == [
        ("Q1", "no-longer-required"), ("Q2", "other-decision"),
    ]  # fmt: skip
    assert added.unconcerned == (("Q2", 1),)
    removed = compared(tmp_path, [rule("Q1"), newer], [rule("Q1")], facts)
    assert causes(removed) == [[["Q2: rule Q2 removed"]]] * 2
    assert removed.transitions[1].after is None


def test_a_list_of_files_is_as_whole_for_its_causes_as_it_is(tmp_path: Path) -> None:
    new = {**MAIL, "key_files": [], "editions": ["Enterprise Edition", "Hosted Edition"]}
    facts = server(
        products=[{"name": "Contoso Mail Server", "level": "5.5 SP4"}],
        files=[{"name": "Other.dll", "version": "1.0"}],
        complete=["files"],
    )
    difference = compared(tmp_path, [MAIL, rule()], [new, rule()], facts)
    (transition,) = difference.transitions
    assert transition.after is not None
    assert transition.after.decision == "not-affected"
    assert causes(difference) == [[["mail-server: key_files Store.exe removed"]]]


def test_a_build_of_a_product_definition(tmp_path: Path) -> None:
    facts = mail(None, OLD, build="5.5.2800")
    difference = compared(tmp_path, [MAIL, rule()], [BUILDS, rule()], facts)
    assert causes(difference) == [[["mail-server: build of 6.0 6.0.4417 → 5.5.2700"]]]
    assert line(tmp_path, "new", difference.changes[0]) == "build: 5.5.2700"
    assert (difference.changed("rule"), difference.changed("product")) == (0, 1)


KEY = [{"name": "Store.exe", "version": "5.5.2650.24"}]


def sp4(**keys: object) -> Document:
    """The definition with other keys at SP4."""
    levels = [{**one, **keys} if one["level"] == "5.5 SP4" else one for one in MAIL["levels"]]
    return {**MAIL, "levels": levels}


HRP: Document = {**MAIL, "levels": [*MAIL["levels"][:7], {"level": "5.5 SP4 HRP", "build": "5.5.2656"}]}


@pytest.mark.parametrize(
    ("before", "after", "facts", "sentence", "at"),
    [
        (MAIL, sp4(until="5.5.2654"), mail(None, OLD, build="5.5.2654.1"),
         "until of 5.5 SP4 5.5.2654 added", "until: 5.5.2654"),
        (MAIL, {**MAIL, "cumulative": True}, mail("5.5 SP3", "5.5.2650.1", files=KEY),
         "cumulative true added", "cumulative: true"),
        (MAIL, {**MAIL, "other_names": ["Contoso Mail Server * Tools"]},
         server(products=[{"name": "Contoso Mail Server 5.5 Tools"}]),
         "other_names Contoso Mail Server * Tools added", "- Contoso Mail Server * Tools"),
        (HRP, {**HRP, "stated_without": ["HRP"]}, mail(info=OLD),
         "stated_without HRP added", "- HRP"),
    ],
    ids=["until", "cumulative", "other_names", "stated_without"],
)  # fmt: skip
def test_a_change_of_a_product_definition(  # noqa: PLR0913, PLR0917 - what is changed, and how it is shown
    tmp_path: Path, before: Document, after: Document, facts: needfix.Server, sentence: str, at: str
) -> None:
    files = {one.name: "5.5.2654.10" for one in facts.files} or {"Info.dll": "1.0"}
    own = rule(affects=["5.5 SP3", "5.5 SP4"], fixes=[fix(files)])
    difference = compared(tmp_path, [before, own], [after, own], facts)
    assert causes(difference) == [[[f"mail-server: {sentence}"]]]
    ((change,),) = difference.transitions[0].causes
    assert line(tmp_path, "new", change) == at
    undone = compared(tmp_path, [after, own], [before, own], facts)
    assert causes(undone) == [[[f"mail-server: {sentence.replace('added', 'removed')}"]]]


def test_a_rule_that_says_that_nothing_is_required(tmp_path: Path) -> None:
    fixes = [fix({"Store.exe": "5.5.2654.10"})]
    open_, nothing = rule(fixes=fixes), rule(fixes=fixes, requires=[])
    facts = mail("5.5 SP3", files=KEY)
    difference = compared(tmp_path, [open_], [nothing], facts)
    assert causes(difference) == [[["Q100001: requires [] added"]]]
    assert line(tmp_path, "new", difference.changes[0]) == "requires: []"


COMPARED = {
    needfix.ProductDefinition: {"at", "places", "product", "numberings", "levels_of_key_files"},
    needfix.Rule: {
        "at", "places", "id", "title", "references", "cases", "source", "review", "silences",
        "accepted_mutants", "released",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", COMPARED)
def test_every_key_that_can_alter_a_decision_is_compared(kind: type) -> None:
    """A key that is added to the format shows as a difference, too."""
    folder = Path(product_edits.__code__.co_filename).parent
    sources = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    keys = {own.name for own in fields(kind) if own.init} - COMPARED[kind]
    assert {key for key in keys if not any(key in text for text in sources)} == set()


def test_a_level_within_a_range_is_blamed_on_the_product_definition(tmp_path: Path) -> None:
    ranged = rule(affects={"from": "5.5 SP3", "to": "6.0"})
    difference = compared(tmp_path, [WITHOUT_SP4, ranged], [MAIL, ranged], mail(info=OLD))
    assert causes(difference) == [[["mail-server: levels 5.5 SP4 added"]]]
    assert difference.changed("rule") == 0


def test_every_level_stands_apart_from_levels_that_are_named(tmp_path: Path) -> None:
    named = {"product": "mail-server", "levels": ["5.5 SP3", "6.0"]}
    every = {"product": "mail-server", "edition": "Enterprise Edition"}
    old, new = rule(affects=[every]), rule(affects=[named, every])
    difference = compared(tmp_path, [old], [new], mail("6.0", OLD))
    assert causes(difference) == [[["Q100001: affects 6.0 added"]]]


def test_servers_that_are_alike_share_a_transition(tmp_path: Path) -> None:
    servers = [mail(info=OLD, server=f"S{number}") for number in range(5)]
    difference = compared(tmp_path, [rule()], [rule(affects=["5.5 SP3"])], *servers)
    (one,) = difference.transitions
    assert one.servers == ("S0", "S1", "S2", "S3", "S4")
    assert (difference.servers, difference.servers_altered, difference.altered) == (5, 5, 5)


def test_the_riskiest_stand_first(tmp_path: Path) -> None:
    old = [rule("Q1"), rule("Q2"), rule("Q3", affects=["5.5"]), rule("Q4")]
    new = [
        rule("Q1", apply="if-symptoms"), rule("Q2", affects=["5.5"]), rule("Q3"),
        rule("Q4", fixes=[fix(platform="alpha")]),
    ]  # fmt: skip
    difference = compared(tmp_path, old, new, mail(info=OLD, platform="x86"))
    assert [(one.rule, one.kind) for one in difference.transitions] == [
        ("Q2", "no-longer-required"), ("Q4", "no-longer-required"), ("Q3", "newly-required"),
        ("Q1", "action-only"),
    ]  # fmt: skip


def test_only_the_changes_that_matter_to_a_rule_that_compares_a_build_are_blamed(tmp_path: Path) -> None:
    old = [MAIL, rule(fixes=[{"build": "5.5.2653.30"}])]
    new = [BUILDS, rule(fixes=[{"build": "5.5.2653.20"}], title="Another title")]
    found = compared(tmp_path, old, new, mail(build="5.5.2653.25"))
    assert causes(found) == [[["Q100001: build 5.5.2653.30 → 5.5.2653.20"]]]
