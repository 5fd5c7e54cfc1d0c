"""Laws that hold for any two versions of any rules, and any servers."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.diff import Comparison, Side
from needfix.diff.blame import mixture
from needfix.diff.subjects import Subjects, subjects_of
from needfix.model.difference import CatalogueChange, DecidedAction, Difference
from tests.decide.strategies import records, rules
from tests.support.catalogues import MAIL, SYSTEM, Document, server, text_of
from tests.support.laws import tried

OTHER_MAIL: Document = {
    **MAIL,
    "aliases": ["Mail Server", "Unrelated Thing"],
    "separate_editions": [],
    "editions": ["Enterprise Edition", "Hosted Edition"],
    "key_files": [],
    "levels": [
        entry if entry["level"] != "5.5 SP3" else {"level": "5.5 SP3", "build": "5.5.2600"}
        for entry in MAIL["levels"]
    ],
}
Answers = dict[tuple[int, str], DecidedAction]


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[Document], list[Document]]:
    """Two versions of rules: some as they were, some with another value for some key, some gone or new."""
    old, other = draw(rules()), draw(rules())
    drawn = {rule["id"]: rule for rule in other}
    new = [draw(changed(rule, drawn.get(rule["id"], rule))) for rule in old]
    new += other[len(old) :]
    mail = draw(st.sampled_from([MAIL, MAIL, OTHER_MAIL]))
    kept = [rule for rule in new if draw(st.integers(0, 5))]
    return [MAIL, SYSTEM, *old], [mail, SYSTEM, *(kept or new)]


@st.composite
def changed(draw: st.DrawFn, rule: Document, other: Document) -> Document:
    """A rule with the values of some keys taken from another."""
    keys = draw(st.sets(st.sampled_from(sorted({*rule, *other}))))
    mixed = {**rule, **{key: other[key] for key in keys & other.keys()}}
    return {key: value for key, value in mixed.items() if key not in keys or key in other}


def side(name: str, documents: list[Document]) -> Side:
    return Side(name, needfix.load_catalogue({f"{name}.yaml": text_of(documents)}))


def answers(side: Side, servers: list[needfix.Server]) -> Answers:
    return {
        (number, decision.rule): DecidedAction(decision.decision, decision.action)
        for number, one in enumerate(servers)
        for decision in needfix.evaluate(side.catalogue, one)
    }


def differing(before: Answers, after: Answers) -> set[tuple[Any, ...]]:
    return {
        (*key, before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
        and not (key not in before and after[key].decision == "not-affected")
        and not (key not in after and before[key].decision == "not-affected")
    }


def shown(difference: Difference) -> set[tuple[Any, ...]]:
    return {
        (int(name), one.rule, one.before, one.after) for one in difference.transitions for name in one.servers
    }


def numbered(drawn: list[Document]) -> list[needfix.Server]:
    return [server(**{**record, "server": str(number)}) for number, record in enumerate(drawn)]


@tried(60)
@given(st.data())
def test_what_is_altered_and_why(data: st.DataObject) -> None:
    try:
        before, after = data.draw(versions())
        old, new = side("old", before), side("new", after)
    except needfix.CatalogueError:
        return
    servers = numbered(data.draw(st.lists(records(), min_size=1, max_size=6)))
    comparison = Comparison(old, new)
    for one in servers:
        comparison.add(one)
    difference = comparison.difference()
    assert shown(difference) == differing(answers(old, servers), answers(new, servers))
    check_causes(difference, subjects_of(old, new), servers)
    check_all_changes(subjects_of(old, new), answers(new, servers), servers)


def check_causes(difference: Difference, subjects: Subjects, servers: list[needfix.Server]) -> None:
    """Each cause leads to the new answer, and no part of it does."""
    for one in difference.transitions:
        for name in one.servers:
            for cause in one.causes:
                assert made(subjects, frozenset(cause), servers[int(name)], one.rule) == one.after
                for change in cause:
                    rest = frozenset(cause) - {change}
                    assert made(subjects, rest, servers[int(name)], one.rule) != one.after


def check_all_changes(subjects: Subjects, expected: Answers, servers: list[needfix.Server]) -> None:
    every = frozenset(subjects.changes)
    for (number, rule_id), answer in expected.items():
        assert made(subjects, every, servers[number], rule_id) == answer


def made(
    subjects: Subjects, chosen: frozenset[CatalogueChange], one: needfix.Server, rule_id: str
) -> DecidedAction | str | None:
    catalogue = mixture(subjects, subjects.rules, chosen)
    if catalogue is None:
        return "no catalogue"
    found = [d for d in needfix.evaluate(catalogue, one) if d.rule == rule_id]
    return DecidedAction(found[0].decision, found[0].action) if found else None
