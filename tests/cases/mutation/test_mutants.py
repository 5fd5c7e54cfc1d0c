"""Mutants: every small change of a rule that matters, each shown with the line that it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import needfix
from needfix.cases.mutation.mutants import mutants
from tests.support.catalogues import Document, fix, load, rule


def changes(folder: Path, *documents: Document, **keys: Any) -> list[str]:  # noqa: ANN401
    """The changes of the mutants of a rule, beside other rules."""
    catalogue = load(folder, rule(**keys), *documents)
    return [mutant.change for mutant in mutants(next(iter(catalogue)), catalogue)]


ALWAYS = ["apply: if-symptoms instead of always", "if_missing: fix-required instead of not-affected"]


def test_a_plain_rule(tmp_path: Path) -> None:
    assert changes(tmp_path) == [
        "mail-server 5.5 SP3 not affected",
        "mail-server 5.5 SP4 not affected",
        "mail-server 5.5 SP2 affected, too",
        "mail-server 6.0 affected, too",
        "Info.dll 5.5.2654.11 instead of 5.5.2654.10",
        "Info.dll 5.5.2654.9 instead of 5.5.2654.10",
        "Info.dll not compared",
        *ALWAYS,
    ]


def test_levels_next_to_gaps_are_added_and_of_every_level_the_ends_are_dropped(tmp_path: Path) -> None:
    found = changes(tmp_path / "gap", affects=["5.5", "5.5 SP2"])
    assert [one for one in found if "affected, too" in one] == [
        f"mail-server {level} affected, too" for level in ("5.0 SP3", "5.5 SP1", "5.5 SP3")
    ]
    found = changes(tmp_path / "all", affects=[{"product": "mail-server"}])
    assert [one for one in found if "affected" in one][:2] == [
        "mail-server 5.0 not affected",
        "mail-server 6.0 SP1 not affected",
    ]


def test_a_level_that_another_entry_lists_is_not_added(tmp_path: Path) -> None:
    affects = [
        {"product": "mail-server", "levels": ["5.5 SP3"]},
        {"product": "mail-server", "levels": ["5.5 SP4", "6.0", "6.0 SP1"]},
    ]
    added = [one for one in changes(tmp_path, affects=affects) if "affected, too" in one]
    assert added == ["mail-server 5.5 SP2 affected, too"]


def test_editions_products_and_corrections(tmp_path: Path) -> None:
    found = changes(
        tmp_path,
        affects=[
            {"product": "mail-server", "levels": ["6.0 SP1"], "edition": "Hosted Edition"},
            {"product": "host-system"},
        ],
        corrected_in=[{"product": "host-system", "level": "4.0 SP6"}],
    )
    assert found[:8] == [
        "mail-server 6.0 SP1 not affected",
        "mail-server 6.0 affected, too",
        "mail-server affected in other editions than Hosted Edition, too",
        "host-system 4.0 not affected",
        "host-system 4.0 SP6a not affected",
        "host-system not affected",
        "not corrected in host-system 4.0 SP6",
        "corrected in host-system 4.0 SP5 instead of 4.0 SP6",
    ]


def test_branches_and_their_keys(tmp_path: Path) -> None:
    fixes = [
        fix({"One.dll": {"version": "1.0", "path": "bin"}, "Two.txt": {}}, platform="x86", language="en"),
        fix({"One.dll": {"modified": "2000-03-14"}}, level=["5.5 SP3"], language="de"),
    ]
    found = [one for one in changes(tmp_path, fixes=fixes) if "mail-server" not in one]
    assert found == [
        "One.dll 1.1 instead of 1.0",
        "One.dll 0.65535 instead of 1.0",
        "One.dll not compared",
        "One.dll not only in bin",
        "without the fix for x86 en",
        "the fix for x86 en for any platform",
        "One.dll 2000-03-15 instead of 2000-03-14",
        "One.dll 2000-03-13 instead of 2000-03-14",
        "One.dll not compared",
        "without the fix for 5.5 SP3 de",
        "the fix for 5.5 SP3 de not for 5.5 SP3",
        "the fix for 5.5 SP3 de for any level",
        "the fix for 5.5 SP3 de for any language",
        *ALWAYS,
    ]


def test_symptoms_and_thresholds(tmp_path: Path) -> None:
    observe = [
        {"counter": "queue", "above": 100, "for": "10m"},
        {"counter": "load", "above": 0.25},
        {"source": "MSMail", "id": 7, "contains": "deadlock"},
        {"service": "Spooler", "state": "stopped"},
    ]
    symptoms = [{"id": "waits", "text": "Mail waits", "observe": observe}]
    found = [one for one in changes(tmp_path, symptoms=symptoms, apply="if-symptoms") if "dll" not in one]
    unseen = "waits not shown by the observation here"
    assert found[4:-2] == [
        "without the symptom waits",
        unseen,
        "queue above 101 instead of 100",
        "queue above 99 instead of 100",
        "queue for 601 s instead of 600 s",
        "queue for 599 s instead of 600 s",
        unseen,
        "load above 0.26 instead of 0.25",
        "load above 0.24 instead of 0.25",
        "load for 1 s instead of 0 s",
        unseen,
        "any event of MSMail with the text 'deadlock'",
        "every event 7 of MSMail",
        unseen,
    ]
    assert found[-2:] == ["apply: always instead of if-symptoms", ALWAYS[1]]


def test_what_a_rule_requires_and_supersedes(tmp_path: Path) -> None:
    requires = ["5.5 SP3", {"product": "host-system", "level": "4.0 SP5"}, "Q100002"]
    found = changes(
        tmp_path, rule("Q100002"), rule("Q100003"), requires=requires, supersedes=["q100003", "Q9"]
    )
    assert [one for one in found if "without" in one] == [
        "requires without mail-server 5.5 SP3",
        "requires without host-system 4.0 SP5",
        "requires without Q100002",
        "supersedes without q100003",
    ]


def test_what_a_branch_requires_and_each_of_several(tmp_path: Path) -> None:
    found = changes(tmp_path, fixes=[fix(requires=[{"any": ["5.5 SP4", "KB222222"]}])])
    assert [one for one in found if "without" in one] == [
        "the fix for every server requires without mail-server 5.5 SP4 or KB222222",
        "the fix for every server requires without mail-server 5.5 SP4 of mail-server 5.5 SP4 or KB222222",
        "the fix for every server requires without KB222222 of mail-server 5.5 SP4 or KB222222",
    ]


def test_what_entries_ask_for_beside_a_level(tmp_path: Path) -> None:
    asked = {"builds": {"from": "5.5.2653.5", "below": "5.5.2653.9"}, "platform": "x86", "language": "en"}
    together = {"all": [{"levels": ["6.0"]}, {"product": "host-system", "levels": ["4.0 SP6"]}]}
    found = changes(tmp_path, affects=[asked, together])
    assert [one for one in found if one.startswith("mail-server affected")] == [
        "mail-server affected in every build",
        "mail-server affected builds from 5.5.2653.6 below 5.5.2653.9: 5.5.2653.6 instead of 5.5.2653.5",
        "mail-server affected builds from 5.5.2653.4 below 5.5.2653.9: 5.5.2653.4 instead of 5.5.2653.5",
        "mail-server affected builds from 5.5.2653.5 below 5.5.2653.10: 5.5.2653.10 instead of 5.5.2653.9",
        "mail-server affected builds from 5.5.2653.5 below 5.5.2653.8: 5.5.2653.8 instead of 5.5.2653.9",
        "mail-server affected on every platform",
        "mail-server affected in every language",
        "mail-server affected without host-system 4.0 SP6, too",
    ]


def test_each_mutant_differs_from_its_rule_and_stands_in_its_file() -> None:
    catalogue = needfix.load_catalogue()
    for own in catalogue:
        for mutant in mutants(own, catalogue):
            assert mutant.rule != own, mutant.change
            assert own.at is not None
            assert mutant.at.file == own.at.file
            assert mutant.at.line >= own.at.line


def test_builds_lines_and_versions_above_another(tmp_path: Path) -> None:
    lines = [{"version": "1.0.5.0"}, {"from": "2.0.0.0", "version": "2.0.4.0"}]
    files = {"Info.dll": lines, "Last.dll": {"above": "3.1"}}
    own = {"affects": [{"product": "mail-server"}], "fixes": [{**fix(files), "build": "5.5.2653.30"}]}
    found = changes(tmp_path, **own)
    assert found[2:] == [
        "Info.dll 1.0.5.1 instead of 1.0.5.0",
        "Info.dll 1.0.4.65535 instead of 1.0.5.0",
        "Info.dll 2.0.4.1 instead of 2.0.4.0",
        "Info.dll 2.0.3.65535 instead of 2.0.4.0",
        "Info.dll from 2.0.0.1 instead of 2.0.0.0",
        "Info.dll from 1.65535.65535.65535 instead of 2.0.0.0",
        "Info.dll without the line from 2.0.0.0",
        "Info.dll not compared",
        "Last.dll above 3.2 instead of 3.1",
        "Last.dll above 3.0 instead of 3.1",
        "Last.dll not compared",
        "build 5.5.2653.31 instead of 5.5.2653.30",
        "build 5.5.2653.29 instead of 5.5.2653.30",
        "build not compared",
        *ALWAYS[:1],
    ]


def test_updates_and_what_is_also_needed(tmp_path: Path) -> None:
    found = changes(tmp_path, updates=["KB500001", "KB500002"], also_needed="Turn it on")
    assert found[-4:] == ["without updates", *ALWAYS, "without also_needed"]
