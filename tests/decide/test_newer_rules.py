"""Rules whose fix contains another one: a reason for each, or one for many."""

from __future__ import annotations

import needfix

PRODUCT = 'needfix: 1\nproduct: mail\nname: Contoso Mail\nlevels: [{level: "1.0"}]\n'


def decision(count: int, version: str) -> needfix.Decision:
    """The decision of the oldest of several rules, each of which supersedes the one before it."""
    rules = [PRODUCT]
    for number in range(count + 1):
        older = f"supersedes: [Fix{number - 1}]\n" if number else ""
        files = f'{{Info.dll: {{version: "1.0.0.{number + 1}"}}}}'
        rules.append(
            f"needfix: 1\nid: Fix{number}\ntitle: A fix\nproduct: mail\naffects: ['1.0']\n"
            f"fixes: [{{files: {files}}}]\n{older}"
        )
    catalogue = needfix.load_catalogue({"a.yaml": "---\n".join(rules)})
    products = [{"name": "Contoso Mail", "level": "1.0"}]
    record = {"server": "A", "products": products, "files": [{"name": "Info.dll", "version": version}]}
    server = needfix.Server.from_record(record)
    return next(iter(needfix.evaluate(catalogue, [server], rules=["Fix0"])))


def texts(found: needfix.Decision, code: str) -> list[str]:
    return [reason.text for reason in found.reasons if reason.code == code]


def test_each_newer_rule_has_a_reason() -> None:
    assert texts(decision(2, "1.0.0.0"), "superseded-by") == [
        "Fix1 contains this fix, but the facts do not prove that it is installed",
        "Fix2 contains this fix, but the facts do not prove that it is installed",
    ]
    assert texts(decision(2, "1.0.0.3"), "superseded-present") == [
        "Fix1, which contains this fix, is installed",
        "Fix2, which contains this fix, is installed",
    ]


def test_many_newer_rules_share_one() -> None:
    found = decision(4, "1.0.0.0")
    assert texts(found, "superseded-by") == [
        "Fix1, Fix2, Fix3 and Fix4 contain this fix, but the facts do not prove that any is installed"
    ]
    (reason,) = (one for one in found.reasons if one.code == "superseded-by")
    assert reason.expected == "Fix1, Fix2, Fix3, Fix4"
    assert texts(decision(4, "1.0.0.5"), "superseded-present") == [
        "Fix1, Fix2, Fix3 and Fix4, which contain this fix, are installed"
    ]
