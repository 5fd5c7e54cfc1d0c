"""Everything that a rule can say loads, and means what it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from packaging.version import Version

from needfix.catalogue.product_format import PRODUCT
from needfix.catalogue.rule_format import RULE
from needfix.model.rule import Affects, RuleSource
from needfix.model.symptom import CounterSeen, EventSeen, ServiceSeen, Symptom
from tests.catalogue.support import Reader, texts

OWN = "product: mail\naffects: [SP3]\n"


def test_what_is_left_out(rule: Reader) -> None:
    found = rule(OWN)
    assert (found.title, found.apply, found.if_missing) == ("Q1", "always", "not-affected")
    assert (found.symptoms, found.requires, found.supersedes, found.corrected_in) == ((), (), (), ())
    assert (found.references, found.cases, found.source) == ((), (), None)
    fix = found.fixes[0]
    assert (fix.component, fix.product, fix.levels) == (None, None, None)
    assert (fix.edition, fix.platform, fix.language) == (None, None, None)


def test_texts(rule: Reader) -> None:
    found = rule(
        OWN + "title: The queues grow\nsupersedes: [Q2, Q3]\napply: if-symptoms\nif_missing: fix-required\n"
        'references: ["https://support.microsoft.com/kb/1"]\n'
        "source: {title: XADM Queues Grow, revised: 2001-02-03}\n"
    )
    assert (found.title, found.supersedes) == ("The queues grow", ("Q2", "Q3"))
    assert (found.apply, found.if_missing) == ("if-symptoms", "fix-required")
    assert found.references == ("https://support.microsoft.com/kb/1",)
    assert found.source == RuleSource("XADM Queues Grow", "2001-02-03")


def test_what_the_vendor_says_of_it(rule: Reader) -> None:
    found = rule(
        OWN + "severity: critical\nreleased: 2024-03-12\nadvisories: [CVE-2024-26198, ADV240001]\n"
        "updates: [KB5036386, KB5036402]\nalso_needed: Run the script that turns the check on\n"
    )
    assert (found.severity, found.released) == ("critical", date(2024, 3, 12))
    assert found.advisories == ("CVE-2024-26198", "ADV240001")
    assert (found.updates, found.also_needed) == (
        ("KB5036386", "KB5036402"), "Run the script that turns the check on",
    )  # fmt: skip
    stated = found.as_dict()
    keys = ("severity", "released", "advisories", "updates", "also_needed")
    assert [stated[key] for key in keys] == [
        "critical", "2024-03-12", ["CVE-2024-26198", "ADV240001"], ["KB5036386", "KB5036402"],
        "Run the script that turns the check on",
    ]  # fmt: skip
    assert not set(keys) & rule(OWN).as_dict().keys()


@pytest.mark.parametrize("day", ["2024-03-12", "'2024-03-12'", '" 2024-03-12 "'])
def test_a_date_may_be_quoted_or_not(rule: Reader, day: str) -> None:
    assert rule(f"{OWN}released: {day}\n").released == date(2024, 3, 12)


def test_branches(rule: Reader) -> None:
    found = rule(
        OWN + "fixes:\n"
        "  - {platform: x86, language: en, component: Store, files: {a.dll: {}}}\n"
        "  - {edition: Enterprise Edition, product: mail, files: {a.dll: {}}}\n"
    )
    first, second = found.fixes
    assert (first.platform, first.language, first.component) == ("x86", "en", "Store")
    assert (second.edition, second.product) == ("Enterprise Edition", "mail")
    assert first.at is not None
    assert second.at is not None
    assert (first.at.column, second.at.line - first.at.line) == (5, 1)


def test_minima(rule: Reader) -> None:
    found = rule(
        OWN + "fixes:\n"
        "  - files:\n"
        '      a.dll: {version: "5,5,2654,29", modified: 2000-03-14, path: bin}\n'
        "      b.dll: {version: 5.5.2654.29}\n"
        "      c.dll: {modified: 2000-03-14T18:00}\n"
        "      d.dll: {modified: 2000-03-14 18:00:05}\n"
        "      e.dat: {}\n"
    )
    a, b, c, d, e = found.fixes[0].files
    assert (a.name, a.version, a.modified, a.path) == ("a.dll", Version("5.5.2654.29"), None, "bin")
    assert (a.text, b.text, b.version) == ("5,5,2654,29", "5.5.2654.29", a.version)
    assert (c.version, c.text) == (None, "2000-03-14T18:00")
    assert c.modified is not None
    assert (c.modified.first, c.modified.last.second) == (datetime(2000, 3, 14, 18), 59)  # noqa: DTZ001
    assert d.modified is not None
    assert d.modified.first == d.modified.last.replace(microsecond=0)
    assert [minimum.is_compared for minimum in (a, b, c, d, e)] == [True, True, True, True, False]


def test_symptoms(rule: Reader) -> None:
    found = rule(
        OWN + "symptoms:\n"
        "  - {id: hangs, text: The store hangs}\n"
        "  - id: seen\n"
        "    text: It can be seen\n"
        "    observe:\n"
        "      - {source: Store, id: 1234}\n"
        "      - {source: Store, contains: out of memory}\n"
        "      - {source: Store, id: 5, contains: full}\n"
        "      - {service: Store, state: stopping}\n"
        "      - {counter: queue, above: 100, for: 10m}\n"
        "      - {counter: queue, above: 0.5}\n"
    )
    assert found.symptoms[0] == Symptom("hangs", "The store hangs")
    assert found.symptoms[1].observe == (
        EventSeen("Store", id=1234),
        EventSeen("Store", contains="out of memory"),
        EventSeen("Store", 5, "full"),
        ServiceSeen("Store", "stopping"),
        CounterSeen("queue", 100.0, 600.0),
        CounterSeen("queue", 0.5, 0.0),
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86400), ("0s", 0)]
)
def test_durations(rule: Reader, text: str, seconds: int) -> None:
    observe = f"[{{counter: queue, above: 1, for: {text}}}]"
    found = rule(f"{OWN}symptoms: [{{id: seen, text: Seen, observe: {observe}}}]")
    assert found.symptoms[0].observe == (CounterSeen("queue", 1.0, float(seconds)),)


def test_cases(rule: Reader) -> None:
    found = rule(
        OWN + "cases:\n"
        "  - name: short\n"
        '    given: {level: 5.5 SP3, build: "5.5.2650.1", files: {a.dll: "1.0", b.dll: {loaded: "2.0"}}}\n'
        "    expect: fix-present\n"
        "  - name: long\n"
        "    given:\n"
        "      products: [{name: mail, level: ~}]\n"
        "      files: [{name: a.dll, modified: 2000-03-14}]\n"
        "      complete: [files]\n"
        "      restart_pending: yes\n"
        "    expect: undetermined\n"
        "    action: investigate\n"
        "    reasons: [level-missing]\n"
    )
    short, long = found.cases
    assert short.given == {
        "level": "5.5 SP3",
        "build": "5.5.2650.1",
        "files": {"a.dll": "1.0", "b.dll": {"loaded": "2.0"}},
    }
    assert (short.name, short.expect, short.action, short.reasons) == ("short", "fix-present", None, ())
    assert long.given == {
        "products": [{"name": "mail", "level": None}],
        "files": [{"name": "a.dll", "modified": "2000-03-14"}],
        "complete": ["files"],
        "restart_pending": True,
    }
    assert (long.action, long.reasons, long.at.column) == ("investigate", ("level-missing",), 5)


def test_aliases_stand_for_their_values(rule: Reader) -> None:
    found = rule(OWN + 'fixes: [{language: en, files: &f {a.dll: {version: "1.0"}}}, {files: *f}]')
    assert found.fixes[0].files == found.fixes[1].files


@pytest.mark.parametrize("schema", [RULE.schema(), PRODUCT.schema()])
def test_the_schemas_are_schemas(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


def test_what_an_import_was_not_sure_of(rule: Reader) -> None:
    found = rule(
        OWN + "review:\n"
        "  - {line: 7, read: to SP2, why: no first level, about: affects, propose: {levels: [SP1, SP2]}}\n"
        "  - {line: 9, read: NT, why: the level is missing, propose: {product: nt}}\n"
        "  - {line: 12, read: a.dll, why: no version}\n"
    )
    of_mail, of_nt, plain = found.review
    assert (of_mail.line, of_mail.read, of_mail.why) == (7, "to SP2", "no first level")
    assert of_mail.about == "affects"
    assert of_mail.propose is not None
    assert (of_mail.propose.product, texts(of_mail.propose.levels)) == ("mail", ["5.5 SP1", "5.5 SP2"])
    assert of_nt.propose == Affects("nt", None)
    assert (plain.about, plain.propose) == (None, None)
    assert [item.at.line - of_mail.at.line for item in found.review] == [0, 1, 2]


def test_a_rule_knows_where_its_keys_and_their_items_stand(rule: Reader) -> None:
    found = rule(OWN + "supersedes:\n  - Q2\n  - Q3\nrequires: [Q4, SP2]\n")
    start = found.places["supersedes",].line
    assert [found.places["supersedes", item].line - start for item in range(2)] == [0, 1]
    assert [found.places["requires", item].column for item in range(2)] == [12, 16]
    assert ("references",) not in found.places


def test_a_rule_knows_where_its_levels_files_and_observations_stand(rule: Reader) -> None:
    found = rule(
        "product: mail\naffects:\n  - {from: SP1, to: SP2}\n  - SP3\n"
        "symptoms:\n  - id: one\n    text: It waits\n    observe:\n      - {service: Web, state: stopped}\n"
        "fixes:\n  - files:\n      a.dll: {}\n      b.dll: {}\n"
    )
    start = found.places["affects",].line
    assert [at.line - start for at in found.affects[0].places.values()] == [0, 0, 1]
    assert found.places["symptoms", 0, "observe", 0].line - start == 6
    assert [found.places["fixes", 0, "files", name].line - start for name in ("a.dll", "b.dll")] == [9, 10]
