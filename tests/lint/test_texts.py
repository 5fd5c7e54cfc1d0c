from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.support import findings, line, shown
from tests.support.catalogues import rule


@pytest.mark.parametrize(
    "title",
    [
        "XADM: The queues grow",
        "XCLN:The queues grow",
        "xadm: the queues grow",
        "OL2000: The queues grow",
        "PC DirSync: The queues grow",
        "Err Msg: The queues grow",
        "PRB: The queues grow",
        "BUG: The queues grow",
        "FIX: The queues grow",
        "MS00-082: The queues grow",
        "This article describes a hotfix",
        "Microsoft has confirmed that this is a problem in Exchange",
        "A supported fix is now available from Microsoft",
        "A supported fix that corrects this problem is now available",
        "You may receive the following error message",
        "One or more of the following symptoms may occur",
    ],
)
def test_a_title_in_the_vendors_words(tmp_path: Path, title: str) -> None:
    (found,) = findings(tmp_path, "NF501", rule(title=title))
    assert (found.severity, found.rule) == ("warning", "Q100001")
    assert found.what.startswith("the title reads like the vendor's text: it ")
    assert line(tmp_path, found).startswith("title: ")


def test_a_symptom_in_the_vendors_words(tmp_path: Path) -> None:
    text = "When you start the service you may receive the\nfollowing error message: Failed"
    (found,) = findings(tmp_path, "NF501", rule(symptoms=[{"id": "failed", "text": text}]))
    assert found.what == (
        "the text of failed reads like the vendor's text: it says 'may receive the following error'"
    )


def test_the_title_of_the_article(tmp_path: Path) -> None:
    source = {"title": "XADM: Store Stops: Mail Waits"}
    for title in ("Store stops. Mail waits", "Store Stops: Mail Waits"):
        assert shown(tmp_path, "NF501", rule(title=title, source=source)) == [
            "the title reads like the vendor's text: it is the article's title"
        ]


@pytest.mark.parametrize(
    "title",
    [
        "Mail: the queues grow after SP4",
        "Fix for the store that stops",
        "Bug in the MTA",
        "RPC: calls hang",
        "Fix: x",
    ],
)
def test_titles_in_own_words(tmp_path: Path, title: str) -> None:
    assert shown(tmp_path, "NF501", rule(title=title, source={"title": "XADM: Another"})) == []


def test_a_rule_without_a_title(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "NF502", rule(title=None))
    assert (found.severity, found.what) == ("note", "the rule has no title")
    assert shown(tmp_path, "NF502", rule()) == []


def test_long_texts(tmp_path: Path) -> None:
    symptoms = [{"id": "short", "text": "x" * 240}, {"id": "long", "text": "x" * 241}]
    assert shown(tmp_path, "NF503", rule(title="x" * 121, symptoms=symptoms)) == [
        "the title has 121 characters, more than 120",
        "the text of long has 241 characters, more than 240",
    ]
