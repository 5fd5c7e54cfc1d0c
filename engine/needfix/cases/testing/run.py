"""Cases decided, and held against what they expect."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from needfix.cases.testing.item import Item
from needfix.decide.engine import Engine, engine_of
from needfix.decide.evaluate import decide
from needfix.errors import CatalogueError, InputError, NeedfixError
from needfix.model.case_result import CaseDecision, CaseResult, Expectation, Status
from needfix.model.decision import Decision


def run(item: Item) -> CaseResult:
    """Decide a case. What keeps it from being decided makes it an error, and is reported."""
    started = perf_counter()
    status, answer, why = _outcome(item)
    return CaseResult(
        item.rule,
        item.case,
        item.at,
        status,
        item.expected,
        answer,
        why,
        item.review,
        perf_counter() - started,
    )


def passes(expected: Expectation, decision: Decision) -> bool:
    """Whether a decision is what was expected."""
    return next(_differences(expected, decision), None) is None


def decide_item(item: Item, engine: Engine) -> Decision:
    """What an engine decides for a case. Raises CatalogueError where its facts are not a valid record."""
    if isinstance(item.facts, tuple):
        raise CatalogueError(item.facts)
    return decide(engine, item.facts, item.rule)


def _outcome(item: Item) -> tuple[Status, CaseDecision | None, tuple[str, ...]]:
    if item.skip is not None:
        return "skipped", None, (item.skip,)
    try:
        decision = decide_item(item, engine_of(item.catalogue))
    except InputError as error:
        return "error", None, tuple(map(str, error.problems))
    except NeedfixError as error:
        return "error", None, (str(error),)
    answer = CaseDecision(decision.decision, decision.action, decision.reasons)
    why = tuple(_differences(item.expected, decision))
    return "fail" if why else "pass", answer, why


def _differences(expected: Expectation, decision: Decision) -> Iterator[str]:
    if decision.decision != expected.decision:
        yield f"expected {expected.decision}, was {decision.decision}"
    if expected.action is not None and decision.action != expected.action:
        yield f"expected the action {expected.action}, was {decision.action}"
    if expected.reasons:
        codes = {reason.code for reason in decision.reasons}
        missing = [code for code in expected.reasons if code not in codes]
        if missing:
            yield f"expected the reasons {', '.join(missing)}, were {', '.join(sorted(codes))}"
