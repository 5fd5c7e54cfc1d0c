"""The driver of durable-rules: what it fires, what it refuses, and that a failure leaves nothing behind."""

from __future__ import annotations

import gc
import resource
from collections.abc import Iterator
from typing import Any

import pytest

from needfix.errors import InferenceError
from needfix.infer.network import MOST_RULES, Network, NetworkRule


def numbered(count: int) -> list[NetworkRule]:
    return [NetworkRule(f"r{n}", {"kind": "event", "source": f"s{n}"}) for n in range(count)]


def event(source: str) -> dict[str, str]:
    return {"kind": "event", "source": source}


def test_rules_fire_in_the_order_given() -> None:
    rules = [NetworkRule(name, {"kind": "event"}) for name in ("c", "a", "b")]
    assert Network(rules).run([event("s1")]) == ("c", "a", "b")


def test_a_rule_that_needs_a_finding_fires_behind_it() -> None:
    rules = [NetworkRule("second", {"kind": "e"}, ("found",)), NetworkRule("first", {"kind": "e"})]
    found = {"first": ["found"]}
    assert Network(rules, ["found"]).run([{"kind": "e"}], lambda name: found.get(name, [])) == (
        "first",
        "second",
    )


def test_a_finding_may_be_concluded_twice() -> None:
    rules = [NetworkRule("a", {"kind": "e"}), NetworkRule("b", {"kind": "e"})]
    rules.append(NetworkRule("last", {"kind": "e"}, ("found",)))
    found = {"a": ["found"], "b": ["found"]}
    fired = Network(rules, ["found"]).run([{"kind": "e"}], lambda name: found.get(name, []))
    assert sorted(fired) == ["a", "b", "last"]


def test_nothing_fires_where_no_fact_matches() -> None:
    network = Network(numbered(3))
    assert network.run([event("other")]) == ()
    assert network.run([]) == ()


def test_runs_do_not_see_each_other() -> None:
    network = Network(numbered(3))
    assert network.run([event("s0"), event("s2")]) == ("r0", "r2")
    assert network.run([event("s1")]) == ("r1",)
    assert network.run([event("other")]) == ()


@pytest.mark.parametrize("count", [1, MOST_RULES])
def test_as_many_rules_as_are_allowed_all_fire(count: int) -> None:
    network = Network(numbered(count))
    for start in range(0, count, 50):
        numbers = range(start, min(start + 50, count))
        assert sorted(network.run([event(f"s{n}") for n in numbers])) == sorted(f"r{n}" for n in numbers)


def test_as_many_rules_with_one_condition_as_are_allowed_all_fire() -> None:
    network = Network([NetworkRule(f"r{n}", {"kind": "event"}) for n in range(MOST_RULES)])
    assert len(network.run([event("x")])) == MOST_RULES


@pytest.mark.parametrize("count", [0, MOST_RULES + 1, 10_000])
def test_too_many_rules_or_none_are_refused(count: int) -> None:
    with pytest.raises(InferenceError, match=f"1 to {MOST_RULES} rules, not {count}"):
        Network(numbered(count))


NOT_TOKENS = ['a"b', "a}b", "{}", "a\0b", "a b", "", "A", "1a", "é", "a\n", "x" * 41, "$and", "a\\u0022"]


@pytest.mark.parametrize("text", NOT_TOKENS)
def test_text_that_is_no_token_never_reaches_durable_rules(text: str) -> None:
    network = Network(numbered(1))
    with pytest.raises(InferenceError):
        network.run([event(text)])
    with pytest.raises(InferenceError):
        network.run([{"kind": "event", text: "a"}])
    assert network.run([event("s0")]) == ("r0",)


@pytest.mark.parametrize("text", NOT_TOKENS)
def test_text_that_is_no_token_is_no_part_of_a_rule(text: str) -> None:
    for rule in (
        NetworkRule(text, {"kind": "e"}),
        NetworkRule("a", {"kind": text}),
        NetworkRule("a", {"kind": "e", text: "b"}),
        NetworkRule("a", {"kind": "e"}, (text,)),
    ):
        with pytest.raises(InferenceError, match="not well formed"):
            Network([rule])


@pytest.mark.parametrize("when", [{"source": "a"}, {"kind": "e", "sid": "a"}, {"kind": "e", "finding": "a"}])
def test_a_rule_without_a_kind_or_with_a_reserved_key_is_refused(when: dict[str, str]) -> None:
    with pytest.raises(InferenceError, match="not well formed"):
        Network([NetworkRule("a", when)])


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(InferenceError, match="not well formed"):
        Network([NetworkRule("a", {"kind": "e"}), NetworkRule("a", {"kind": "f"})])


def test_a_fact_of_a_kind_that_no_rule_has_fails_closed_and_leaves_nothing_behind() -> None:
    network = Network(numbered(2))
    with pytest.raises(InferenceError):
        network.run([event("s0"), {"kind": "unheard"}])
    assert network.run([event("s1")]) == ("r1",)


def test_a_finding_that_was_not_announced_fails_closed_and_leaves_nothing_behind() -> None:
    network = Network(numbered(2))
    with pytest.raises(InferenceError):
        network.run([event("s0")], lambda _: ["unheard"])
    assert network.run([event("s1")]) == ("r1",)


def test_an_exception_of_the_caller_passes_and_leaves_nothing_behind() -> None:
    network = Network(numbered(2))

    def conclude(_name: str) -> Iterator[str]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        network.run([event("s0"), event("s1")], conclude)
    assert network.run([event("s1")]) == ("r1",)


def test_an_endless_chain_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("needfix.infer.network._MOST_STEPS", 3)
    rules: list[Any] = [NetworkRule(f"r{n}", {"kind": "e"}) for n in range(5)]
    with pytest.raises(InferenceError, match="did not come to an end"):
        Network(rules).run([{"kind": "e"}])


def test_networks_that_are_gone_leave_nothing_behind() -> None:
    def one_more() -> None:
        network = Network([NetworkRule("only", {"kind": "evidence", "place": "here"})])
        assert network.run([{"kind": "evidence", "place": "here"}]) == ("only",)

    for _ in range(20):
        one_more()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(300):
        one_more()
    gc.collect()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KB; each held 233 KB
