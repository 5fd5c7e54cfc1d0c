"""Whoever passes something else than a catalogue, servers and ids of rules gets an error that says what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import needfix
from tests.support.catalogues import OLD, catalogue_of, mail, rule

CATALOGUE = catalogue_of(rule("Q100001"), rule("Q100002"), rule("Q100003", requires=["Q100002"]))


@pytest.mark.parametrize(
    ("servers", "message"),
    [
        ("exchange.json", "takes a server or servers, not str\n    hint: read a file with read_inventory"),
        (Path("exchange.json"), "not PosixPath\n    hint: read a file"),
        ({"server": "A"}, r"not dict\n    hint: make a server of a record with Server.from_record\(record\)"),
        (b"{}", "not bytes"),
        (None, "not None\n    hint: pass a Server, or an iterable of them"),
        (3, "not int"),
        (needfix.FileCopy("a"), "not FileCopy"),
    ],
)
def test_what_is_no_server_is_an_error_at_once(servers: Any, message: str) -> None:  # noqa: ANN401 - anything
    with pytest.raises(needfix.UsageError, match=message):
        needfix.evaluate(CATALOGUE, servers)
    with pytest.raises(needfix.UsageError, match=message):
        needfix.diff(CATALOGUE, CATALOGUE, servers)


def test_and_within_a_stream_when_it_comes() -> None:
    found = needfix.evaluate(CATALOGUE, [mail(info=OLD), {"server": "A"}])  # type: ignore[list-item]  # what is tested
    assert next(found).server == "MAIL01"
    with pytest.raises(needfix.UsageError, match="not dict at position 1"):
        list(found)


@pytest.mark.parametrize("catalogue", [None, [], "rules/", {}])
def test_what_is_no_catalogue_is_an_error(catalogue: Any) -> None:  # noqa: ANN401 - as above
    server = mail(info=OLD)
    for call in (
        lambda: needfix.evaluate(catalogue, server),
        lambda: needfix.explain(catalogue, server, "Q100001"),
        lambda: needfix.diff(CATALOGUE, catalogue, server),
    ):
        with pytest.raises(needfix.UsageError, match="hint: pass what load_catalogue"):
            call()


def test_rules_select_what_is_decided_in_the_order_of_the_catalogue() -> None:
    found = needfix.evaluate(CATALOGUE, mail(info=OLD), rules=["kb100003", "q100001", "Q100001"])
    assert [one.rule for one in found] == ["Q100001", "Q100003"]
    every = {one.rule: one.as_dict() for one in needfix.evaluate(CATALOGUE, mail(info=OLD))}
    (third,) = needfix.evaluate(CATALOGUE, mail(info=OLD), rules="Q100003")
    assert third.as_dict() == every["Q100003"]
    assert list(needfix.evaluate(CATALOGUE, mail(info=OLD), rules=[])) == []


def test_a_rule_that_is_not_there_is_an_error() -> None:
    with pytest.raises(
        needfix.UnknownRuleError, match="there is no rule 'Q10001'\n    hint: did you mean Q10000"
    ):
        needfix.evaluate(CATALOGUE, mail(info=OLD), rules=["Q10001"])
    with pytest.raises(needfix.UsageError, match="rules is int"):
        needfix.evaluate(CATALOGUE, mail(info=OLD), rules=3)  # type: ignore[arg-type]  # what is tested
    with pytest.raises(KeyError):
        needfix.explain(CATALOGUE, mail(info=OLD), "Q1")


def test_explain_takes_one_server_and_any_spelling() -> None:
    explanation = needfix.explain(CATALOGUE, mail(info=OLD), "kb100001")
    assert (explanation.rule, explanation.decision) == ("Q100001", "fix-required")
    with pytest.raises(needfix.UsageError, match="explain takes one server, not list"):
        needfix.explain(CATALOGUE, [mail(info=OLD)], "Q100001")  # type: ignore[arg-type]  # what is tested


def test_diff_says_which_decisions_a_change_of_rules_alters() -> None:
    new = catalogue_of(rule("Q100001", if_missing="fix-required"), rule("Q100002", affects=["5.5 SP3"]))
    servers = [mail(info=OLD, server=name) for name in ("A", "B")]
    found = needfix.diff(catalogue_of(rule("Q100001"), rule("Q100002")), new, servers)
    (one,) = found.transitions
    assert (one.rule, one.kind, one.servers) == ("Q100002", "no-longer-required", ("A", "B"))
    assert (found.servers, found.altered) == (2, 2)


@pytest.mark.parametrize("path", [5, [5], b"rules", [None]])
def test_a_path_is_text_or_a_path(path: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(needfix.UsageError, match=r"rules is text or a Path, not (?:int|bytes|None)$"):
        needfix.load_catalogue(path)
    with pytest.raises(needfix.UsageError, match="inventory is text or a Path"):
        list(needfix.read_inventory(path))


@pytest.mark.parametrize("texts", [{"a.yaml": 5}, {5: "needfix: 1"}, {"a.yaml": b"needfix: 1"}])
def test_texts_of_rules_are_texts(texts: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(needfix.UsageError, match="a file of rules"):
        needfix.load_catalogue(texts)
