"""Every code that a reason can have, each with a server that gets it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import needfix
import needfix.compare
import needfix.decide
from needfix.infer.inference import REMARKS
from needfix.model.reason_codes import REASON_CODES
from tests.support.catalogues import MAIL, NEW, OLD, Document, codes, fix, load, mail, rule, server

SYMPTOMS = [{"id": "mail-waits", "text": "Mail waits"}]
SERVICE = {**SYMPTOMS[0], "observe": [{"service": "MailStore", "state": "stopping"}]}
SYMPTOMATIC = rule(apply="if-symptoms", symptoms=SYMPTOMS)
ENTERPRISE = rule(affects=[{"product": "mail-server", "edition": "Enterprise Edition"}])
TWO = rule(fixes=[fix({"Info.dll": NEW, "Gate.dll": "2.0"})])
BRANCHES = rule(fixes=[fix({"Info.dll": "5.5.2654.1"}, platform="x86"), fix(platform="alpha")])
BY_BUILD = rule(fixes=[{"build": "5.5.2653.30"}])
ASKING = rule(fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Check": {"equals": "1"}}}])
NEWER = rule("Q100002", supersedes=["Q100001"], fixes=[fix({"Newer.dll": "2.0"})])
LAGGING = rule(product="lagging", fixes=[{"build": "5.5.2653.30"}])
ONLY_KEY_FILES = {"aliases": [], "shows_updates": ["key_files"]}
OBSERVED, ABSENT = {"observed": ["mail-waits"]}, {"absent": ["mail-waits"]}


def store(version: str) -> list[Document]:
    return [{"name": "Store.exe", "version": version}]


def newer(version: str) -> list[Document]:
    return [{"name": "Newer.dll", "version": version}]


def check(value: str) -> list[Document]:
    return [{"path": r"HKLM\SOFTWARE\Mail", "name": "Check", "value": value}]


Scene = tuple[Any, needfix.Server]
SCENES: dict[str, Scene] = {
    "product-not-installed": (rule(), server(products=[{"name": "Other"}])),
    "product-unknown": (rule(), server()),
    "product-name-unclear": (rule(), server(products=[{"name": "Contoso Mail Server Deluxe Pack"}])),
    "product-name-unreadable": (rule(), server(products=[{"name": "Unknown"}])),
    "product-contradicted": (rule(), server(products=[{"name": "Other"}], files=store("5.5.2653.23"))),
    "key-file-missing": (
        rule(),
        server(
            products=[{"name": "Contoso Mail Server"}],
            files=[{"name": "Info.dll", "version": OLD}],
            complete=["files"],
        ),
    ),
    "level-affected": (rule(), mail(info=OLD)),
    "level-not-listed": (rule(), mail("5.5")),
    "condition-not-met": (rule(affects=[{"platform": "x86"}]), mail(platform="alpha")),
    "condition-unknown": (rule(affects=[{"platform": "x86"}]), mail()),
    "corrected-in-level": (rule(corrected_in=["5.5 SP4"]), mail()),
    "level-missing": (rule(), mail(None)),
    "level-unreadable": (rule(), mail("brand new")),
    "level-unknown": (rule(), mail(None, build="5.5")),
    "level-ambiguous": (rule(), mail("SP3")),
    "level-not-defined": (rule(), mail("7.0")),
    "level-contradicted": (rule(), mail(build="6.0.4417")),
    "level-from-build": (rule(), mail(None, build="5.5.2653.23")),
    "level-from-file": (rule(), mail(None, files=store("5.5.2653.23"))),
    "file-newer-than-level": (rule(), mail("5.5 SP3", files=store("5.5.2653.23"))),
    "edition-not-listed": (ENTERPRISE, mail(edition="Standard Edition")),
    "edition-not-stated": (ENTERPRISE, mail()),
    "edition-unreadable": (rule(), mail(edition="Unknown")),
    "edition-contradicted": (
        rule(),
        server(products=[{"name": "Contoso Mail Server Hosted Edition", "edition": "Standard Edition"}]),
    ),
    "platform-unreadable": (rule(), mail(platform="vax")),
    "platform-differs": (
        rule(),
        mail(platform="x86", files=[{"name": "Store.exe", "platform": "x64"}]),
    ),
    "language-unreadable": (rule(), mail(language="neutral")),
    "no-fix-for-level": (rule(fixes=[fix(level="5.5 SP4")]), mail("5.5 SP3", OLD)),
    "built-on-later-level": (
        rule(fixes=[fix({"Store.exe": "5.5.2654.10"})]),
        mail("5.5 SP3", files=store("5.5.2650.24")),
    ),
    "no-branch": (rule(fixes=[fix(platform="x86")]), mail(platform="alpha")),
    "branch-ambiguous": (BRANCHES, mail(info="5.5.2654.5")),
    "language-not-listed": (rule(fixes=[fix(language="en")]), mail(info=OLD, language="fr")),
    "nothing-to-compare": (rule(fixes=[fix({"Info.dat": {}})]), mail()),
    "file-below-minimum": (rule(), mail(info=OLD)),
    "file-reaches-minimum": (rule(), mail(info=NEW)),
    "file-missing": (TWO, mail(info=NEW, complete=["files"])),
    "file-not-inventoried": (rule(), mail()),
    "file-unreadable": (rule(), mail(info="5.5.x")),
    "partial": (TWO, mail(info=NEW, complete=["files"])),
    "component-not-installed": (rule(), mail(complete=["files"])),
    "build-below-minimum": (BY_BUILD, mail(build="5.5.2653.29")),
    "build-reaches-minimum": (BY_BUILD, mail(build="5.5.2653.30")),
    "build-not-shown": (BY_BUILD, mail()),
    "build-differs": (BY_BUILD, mail(build="5.5.2653.29", files=store("5.5.2653.30"))),
    "build-may-lag": (
        [{**MAIL, "product": "lagging", "name": "Lagging Mail", **ONLY_KEY_FILES}, LAGGING],
        server(products=[{"name": "Lagging Mail", "level": "5.5 SP4", "build": "5.5.2653.29"}]),
    ),
    "registry-as-needed": (ASKING, mail(registry=check("1"))),
    "registry-not-as-needed": (ASKING, mail(registry=check("0"))),
    "registry-missing": (ASKING, mail(registry=[], complete=["registry"])),
    "registry-not-inventoried": (ASKING, mail()),
    "registry-unreadable": (
        rule(fixes=[{"registry": {r"HKLM\SOFTWARE\Mail\Check": {"version": "1.2"}}}]),
        mail(registry=check("two")),
    ),
    "registry-contradicted": (ASKING, mail(registry=[*check("0"), *check("1")])),
    "superseded-present": (
        [rule(), NEWER],
        mail(info=OLD, edition="Standard Edition", files=newer("2.0")),
    ),
    "superseded-by": ([rule(), NEWER], mail(info=OLD, files=newer("1.0"))),
    "claimed-but-files-older": (rule(), mail(info=OLD, hotfixes=["Q100001"])),
    "claimed-but-files-missing": (rule(), mail(complete=["files"], hotfixes=["Q100001"])),
    "claimed-but-unproved": (rule(), mail(hotfixes=["Q100001"])),
    "claimed-but-not-affected": (rule(), mail("5.5", hotfixes=["Q100001"])),
    "requires-unmet": (rule(requires=["6.0"]), mail(info=OLD)),
    "requires-unknown": (rule(requires=["Q999999"]), mail(info=OLD)),
    "symptom-observed": (SYMPTOMATIC, mail(info=OLD, symptoms=OBSERVED)),
    "symptoms-absent": (SYMPTOMATIC, mail(info=OLD, symptoms=ABSENT)),
    "symptoms-unreported": (SYMPTOMATIC, mail(info=OLD)),
    "symptom-contradicted": (SYMPTOMATIC, mail(info=OLD, symptoms={**OBSERVED, **ABSENT})),
    "symptom-despite-fix": (SYMPTOMATIC, mail(info=NEW, symptoms=OBSERVED)),
    "needs-setting": (rule(also_needed="Turn it on"), mail(info=NEW)),
    "records-disagree": (rule(), needfix.joined([mail(info=OLD), mail(info=NEW)])),
    "state-unreadable": (
        rule(apply="if-symptoms", symptoms=[SERVICE]),
        mail(info=OLD, services=[{"name": "MailStore", "state": "asleep"}]),
    ),
    "restart-pending": (rule(), mail(info=NEW, restart_pending=True)),
    "loaded-below-minimum": (
        rule(),
        mail(files=[{"name": "Info.dll", "version": NEW, "loaded": OLD}]),
    ),
}


def test_there_is_a_scene_for_every_code() -> None:
    assert SCENES.keys() == REASON_CODES.keys()


@pytest.mark.parametrize("code", SCENES)
def test_every_code_is_given_as_a_reason(tmp_path: Path, code: str) -> None:
    rules, facts = SCENES[code]
    documents = rules if isinstance(rules, list) else [rules]
    catalogue = load(tmp_path, *documents)
    decided = next(iter(needfix.evaluate(catalogue, facts)))
    assert code in codes(decided)
    assert set(codes(decided)) <= REASON_CODES.keys()
    assert all(one.text for one in decided.reasons)


def codes_in_source() -> Iterator[tuple[str, str]]:
    """Every code written out in compare and decide where a reason is made, with the module."""
    folders = [Path(next(iter(room.__path__))) for room in (needfix.compare, needfix.decide)]
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("Reason", "_doubt") and node.args:
                first = ast.walk(node.args[0])
                for part in first:
                    if isinstance(part, ast.Constant) and "-" in str(part.value):
                        yield str(part.value), path.name


def test_every_code_written_in_compare_and_decide_has_a_meaning() -> None:
    written = dict(codes_in_source())
    assert len(written) > 25
    assert {code: module for code, module in written.items() if code not in REASON_CODES} == {}
    assert {row.then for row in REMARKS} <= REASON_CODES.keys()
