"""Laws that hold for every catalogue and every server."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import needfix
from needfix.cases.plain import decide
from needfix.model.reason_codes import REASON_CODES
from tests.decide.strategies import records, rules
from tests.decide.wide_strategies import wide_records, wide_rules
from tests.support.catalogues import Document, catalogue_of, server
from tests.support.laws import tried

often = tried(60)


def answers(catalogue: needfix.Catalogue, *facts: needfix.Server) -> list[tuple[str, str, str, str]]:
    return [(d.server, d.rule, d.decision, d.action) for d in needfix.evaluate(catalogue, facts)]


def in_full(catalogue: needfix.Catalogue, *facts: needfix.Server) -> list[dict[str, object]]:
    return [decision.as_dict() for decision in needfix.evaluate(catalogue, facts)]


def decided(catalogue: needfix.Catalogue, facts: needfix.Server) -> dict[str, tuple[str, str]]:
    return {d.rule: (d.decision, d.action) for d in needfix.evaluate(catalogue, facts)}


def servers_of(facts: list[Document]) -> list[needfix.Server]:
    return [server(**{**record, "server": f"MAIL{place:02}"}) for place, record in enumerate(facts)]


def many(of_servers: st.SearchStrategy[Document]) -> st.SearchStrategy[list[Document]]:
    return st.lists(of_servers, min_size=4, max_size=8)


@often
@given(rules(), st.lists(records(), min_size=1, max_size=8))
def test_decisions_are_those_of_a_second_plain_implementation(
    documents: list[Document], facts: list[Document]
) -> None:
    catalogue = catalogue_of(*documents)
    for one in (server(**record) for record in facts):
        assert decided(catalogue, one) == decide(catalogue, one), one


@often
@given(wide_rules(), st.lists(wide_records(), min_size=1, max_size=8))
def test_they_are_so_for_facts_of_every_kind_and_spelling(
    documents: list[Document], facts: list[Document]
) -> None:
    catalogue = catalogue_of(*documents)
    for one in (server(**record) for record in facts):
        assert decided(catalogue, one) == decide(catalogue, one), one


@pytest.mark.slow
def test_the_random_servers_reach_every_decision_and_action() -> None:
    seen: Counter[tuple[str, str]] = Counter()

    @settings(max_examples=250, deadline=None, database=None, derandomize=True)
    @given(st.one_of(st.tuples(rules(), many(records())), st.tuples(wide_rules(), many(wide_records()))))
    def collect(drawn: tuple[list[Document], list[Document]]) -> None:
        documents, facts = drawn
        catalogue = catalogue_of(*documents)
        for record in facts:
            seen.update(decide(catalogue, server(**record)).values())

    collect()
    assert {decision for decision, _ in seen} == set(needfix.model.decision.DECISIONS)
    assert {action for _, action in seen} == set(needfix.model.decision.ACTIONS)


@pytest.mark.slow
def test_the_random_rules_have_branches_that_overlap_and_servers_that_meet_them() -> None:
    overlaps: Counter[str] = Counter()
    shown: Counter[str] = Counter()

    @settings(max_examples=250, deadline=None, database=None, derandomize=True)
    @given(rules(), many(records()))
    def collect(documents: list[Document], facts: list[Document]) -> None:
        overlaps.update(kind for document in documents for kind in overlap(document["fixes"]))
        for decision in needfix.evaluate(catalogue_of(*documents), servers_of(facts)):
            shown.update(reason.code for reason in decision.reasons)

    collect()
    assert {kind for kind, times in overlaps.items() if times > 20} == OVERLAPS
    assert min(shown[code] for code in ("branch-ambiguous", "no-branch", "language-not-listed")) > 5


OVERLAPS = {"general beside specific", "two keys beside one", "a dated file beside another language"}


def overlap(fixes: list[Document]) -> set[str]:
    """How the branches of one rule overlap."""
    keys = [fix.keys() - {"files"} for fix in fixes]
    dated = [fix for fix in fixes if "language" in fix and "modified" in str(fix["files"])]
    languages = {fix.get("language") for fix in fixes}
    met = {
        "general beside specific": set() in keys and any(keys),
        "two keys beside one": any(len(own & other) == 1 and len(own) > 1 for own in keys for other in keys),
        "a dated file beside another language": bool(dated) and len(languages - {None}) > 1,
    }
    return {kind for kind, is_met in met.items() if is_met}


@often
@given(rules(), st.lists(records(), min_size=2, max_size=4))
def test_servers_in_one_run_are_decided_as_each_by_itself(
    documents: list[Document], facts: list[Document]
) -> None:
    servers = servers_of(facts)
    shared = catalogue_of(*documents)
    together = in_full(shared, *servers) + in_full(shared, *servers)
    alone = [decision for one in servers for decision in in_full(catalogue_of(*documents), one)]
    assert together == alone + alone


@often
@given(rules(), st.lists(records(), min_size=1, max_size=4), st.data())
def test_the_order_of_files_and_products_and_rules_does_not_matter(
    documents: list[Document], facts: list[Document], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(documents))
    one, other = catalogue_of(*documents), catalogue_of(*shuffled)
    for record in facts:
        turned = {
            key: data.draw(st.permutations(value)) if key in ("files", "products") else value
            for key, value in record.items()
        }
        assert sorted(answers(one, server(**record))) == sorted(answers(other, server(**turned)))


UNRELATED: list[dict[str, Any]] = [
    {"files": [{"name": "Unrelated.dll", "version": "0.1", "loaded": "0.1"}]},
    {"files": [{"name": "Unrelated.dll", "version": "unknown", "path": "c:\\mail\\bin\\x"}]},
    {"hotfixes": ["Q555555"]},
    {"events": [{"source": "Elsewhere", "id": 1, "message": "nothing"}]},
    {"services": [{"name": "Spooler", "state": "running"}]},
    {"counters": [{"name": "cpu", "value": 99}]},
    {"collected": "2002-05-09T08:00:00Z"},
    {"symptoms": {"observed": ["printer-jams"]}},
]


@often
@given(rules(), records(), st.sampled_from(UNRELATED))
def test_a_fact_that_no_rule_asks_for_changes_nothing(
    documents: list[Document], record: Document, fact: Document
) -> None:
    catalogue = catalogue_of(*documents)
    more = dict(record)
    for key, value in fact.items():
        if isinstance(value, list):
            more[key] = [*record.get(key, []), *value]
        elif isinstance(value, dict):
            shown = record[key]
            more[key] = {**shown, **{name: [*(shown[name] or []), *ids] for name, ids in value.items()}}
        else:
            more[key] = value
    plain = in_full(catalogue, server(**record))
    expected = [{**decision, "collected": more.get("collected")} for decision in plain]
    assert in_full(catalogue, server(**more)) == expected


@often
@given(rules(), records())
def test_a_product_that_no_definition_has_changes_nothing(
    documents: list[Document], record: Document
) -> None:
    catalogue = catalogue_of(*documents)
    listed = {**record, "products": record.get("products") or [{"name": "Another Thing"}]}
    more = {**listed, "products": [*listed["products"], {"name": "Unrelated Thing", "level": "1.0"}]}
    assert in_full(catalogue, server(**more)) == in_full(catalogue, server(**listed))


@often
@given(rules(), records())
def test_every_decision_has_reasons_of_known_codes(documents: list[Document], record: Document) -> None:
    for decision in needfix.evaluate(catalogue_of(*documents), server(**record)):
        assert decision.reasons, decision
        assert {reason.code for reason in decision.reasons} <= REASON_CODES.keys()
