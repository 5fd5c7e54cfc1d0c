"""A forward-chaining network in durable-rules, used only in the way that was measured to be safe.

Facts hold only enumeration strings, and rules test them for equality. One session is wiped after each
run; there are no timers. Any answer of durable-rules outside this contract raises InferenceError.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple
from weakref import WeakSet, finalize

import durable_rules_engine

from needfix.errors import InferenceError

MOST_RULES = 200
"""Most rules in one network. durable-rules loops forever from 512 tests under one node."""

_MOST_STEPS = 10_000
_SESSION = "s"
_TOKEN = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_HANDLED, _ALREADY_THERE = 0, 2
_CATCH_ALL = "zz-catch-all"
_RESERVED = frozenset({"sid", "id", "finding"})

Fact = Mapping[str, str]


class NetworkRule(NamedTuple):
    """Fires once where a fact equals `when` in every key and all `needs` have been found."""

    name: str
    when: Fact
    needs: tuple[str, ...] = ()


class Network:
    """Rules over facts and findings. Rules that hold at the same time fire in the order given."""

    def __init__(self, rules: Sequence[NetworkRule], findings: Iterable[str] = ()) -> None:
        if not 0 < len(rules) <= MOST_RULES:
            raise InferenceError(f"a network has 1 to {MOST_RULES} rules, not {len(rules)}")
        self._definition = json.dumps(_definition(rules, sorted(set(findings))))
        self._probe = _encode("probe", rules[0].when)
        self._names = frozenset(rule.name for rule in rules)
        self._lock = Lock()
        self._process = 0
        self._handle = 0
        _NETWORKS.add(self)

    def unlock(self) -> None:
        """Replace the lock after a fork: a thread of the parent may hold it, and never releases it here."""
        self._lock = Lock()

    def run(
        self, facts: Sequence[Fact], conclude: Callable[[str], Iterable[str]] = lambda _: ()
    ) -> tuple[str, ...]:
        """The names of the rules that fire, in order; `conclude` returns the findings of each.

        Raises InferenceError where durable-rules fails.
        """
        encoded = [_encode(f"f{number}", fact) for number, fact in enumerate(facts)]
        if not encoded:
            return ()
        with self._lock:
            handle = self._own_handle()
            try:
                return tuple(self._fire(handle, encoded, conclude))
            except durable_rules_engine.error as error:
                raise InferenceError(f"durable-rules failed: {error}") from error
            finally:
                _wipe(handle)

    def _own_handle(self) -> int:
        # A handle belongs to the process that made it: a fork must not share the C state.
        if self._process != os.getpid():
            self._handle = durable_rules_engine.create_ruleset("needfix", self._definition)
            self._process = os.getpid()
            finalize(self, _release, self._handle, self._process).atexit = False
            # Wiping a session that never dispatched an action crashes, so the first one does.
            tuple(self._fire(self._handle, [self._probe], lambda _: ()))
            _wipe(self._handle)
        return self._handle

    def _fire(
        self, handle: int, facts: Iterable[str], conclude: Callable[[str], Iterable[str]]
    ) -> Iterable[str]:
        state = 0
        for fact in facts:
            state = _assert(handle, fact, _HANDLED)
        started = durable_rules_engine.start_action_for_state(handle, state)
        action = started[1] if started else None
        caught = False
        for _ in range(_MOST_STEPS):
            if action is None:
                break
            name = action[2 : action.index('"', 2)]
            if name in self._names:
                yield name
                for finding in conclude(name):
                    _assert(handle, _encode(f"d_{finding}", {"finding": finding}), _HANDLED, _ALREADY_THERE)
            caught = caught or name.startswith(_CATCH_ALL)
            action = durable_rules_engine.complete_and_start_action(handle, state)
        if action is not None or not caught:
            raise InferenceError("durable-rules did not come to an end")


_NETWORKS: WeakSet[Network] = WeakSet()


def _unlock_all() -> None:
    for network in _NETWORKS:
        network.unlock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_all)


def _definition(rules: Sequence[NetworkRule], findings: Sequence[str]) -> dict[str, object]:
    definition: dict[str, object] = {}
    for priority, rule in enumerate(rules, 1):
        _check(rule, definition)
        tests = [{key: value} for key, value in sorted(rule.when.items())]
        conditions: list[object] = [{"base": {"$and": tests} if len(tests) > 1 else tests[0]}]
        conditions += [{f"n{i}": {"finding": finding}} for i, finding in enumerate(rule.needs)]
        definition[rule.name] = {"all": conditions, "pri": priority}
    # Every fact and every finding is consumed by some rule, so that "not handled" is always a fault.
    kinds = sorted({rule.when["kind"] for rule in rules})
    for kind in kinds:
        definition[f"{_CATCH_ALL}-{kind}"] = {"all": [{"base": {"kind": kind}}], "pri": MOST_RULES + 1}
    for finding in findings:
        definition[f"zz-found-{finding}"] = {"all": [{"base": {"finding": finding}}], "pri": MOST_RULES + 2}
    return definition


def _check(rule: NetworkRule, definition: Mapping[str, object]) -> None:
    tokens = [rule.name, *rule.when, *rule.when.values(), *rule.needs]
    wrong = [token for token in tokens if not _TOKEN.match(token)]
    if wrong or rule.name in definition or "kind" not in rule.when or _RESERVED & rule.when.keys():
        raise InferenceError(f"the network rule {rule.name!r} is not well formed")


def _encode(fact_id: str, fact: Fact) -> str:
    # durable-rules parses its text itself, so only tokens may reach it.
    if not all(map(_TOKEN.match, (*fact, *fact.values()))):
        raise InferenceError(f"the fact {dict(fact)!r} holds more than tokens")
    return json.dumps({"sid": _SESSION, "id": fact_id, **fact})


def _assert(handle: int, fact: str, *allowed: int) -> int:
    code, state = durable_rules_engine.assert_fact(handle, fact)
    if code not in allowed:
        raise InferenceError(f"durable-rules refused a fact with code {code}")
    return state


def _release(handle: int, process: int) -> None:
    if process == os.getpid():
        durable_rules_engine.delete_ruleset(handle)


def _wipe(handle: int) -> None:
    try:
        durable_rules_engine.delete_state(handle, _SESSION)
    except durable_rules_engine.error as error:
        raise InferenceError(f"durable-rules kept its session: {error}") from error
