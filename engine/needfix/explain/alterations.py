"""The smallest changes of facts that would alter a decision, found by deciding the changed servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice

from needfix.decide.evaluation import Evaluation
from needfix.explain.changes import changes
from needfix.explain.fact_change import FactChange
from needfix.explain.product_changes import level_fact
from needfix.infer.inference import Outcome
from needfix.model.explanation import Alteration, Line

_MOST_FACTS = 3
_MOST_TRIALS = 4000
_LEAST_RUN = 3


def alterations(here: Evaluation, rule_id: str) -> tuple[Alteration, ...]:
    """The smallest sets of changed facts that lead to another decision, or else to another action.

    Changes of one fact to several values that lead to the same answer are reported as one.
    """
    before = here.outcomes[rule_id]
    candidates = changes(here, here.checklist.rules[rule_id])
    altered: dict[tuple[str, ...], list[Alteration]] = {}
    for size in range(1, _MOST_FACTS + 1):
        for found in _altering(here, rule_id, candidates, size):
            altered.setdefault(tuple(change.name for change in found.changes), []).append(found)
        answers = {one.decision for same in altered.values() for one in same}
        if answers - {before.decision, "undetermined"}:
            break
    joined = (one for same in altered.values() for one in _joined(same, candidates, here))
    return tuple(_ordered(before, joined))


def _altering(
    here: Evaluation, rule_id: str, candidates: Sequence[FactChange], size: int
) -> Iterator[Alteration]:
    """The sets of so many changes that make a difference."""
    before = here.outcomes[rule_id]
    for chosen in islice(_sets(candidates, size), _MOST_TRIALS):
        after = _decide(here, rule_id, chosen)
        if after is not None and _differs(before, after, only_decision=size > 1):
            yield Alteration(tuple(change.line for change in chosen), after.decision, after.action)


def _sets(candidates: Sequence[FactChange], size: int) -> Iterator[tuple[FactChange, ...]]:
    """Sets of changes of different facts. A change of many facts counts as many."""
    for chosen in combinations(candidates, size):
        if len({change.fact for change in chosen}) == size and sum(c.size for c in chosen) == size:
            yield chosen
    if size == _MOST_FACTS:
        yield from ((change,) for change in candidates if change.size > 1)


def _decide(here: Evaluation, rule_id: str, chosen: Iterable[FactChange]) -> Outcome | None:
    server = here.server
    for change in chosen:
        server = change.make(server)
    changed = Evaluation(here.engine, server)
    if _is_contradicted(changed) and not _is_contradicted(here):
        return None
    return changed.outcomes[rule_id]


def _is_contradicted(here: Evaluation) -> bool:
    """Whether facts exclude each other; a change that causes this is not offered."""
    return any(installation.contradictions for installation in here.installed.installations)


def _differs(before: Outcome, after: Outcome, *, only_decision: bool) -> bool:
    if before.decision != after.decision:
        return True
    return not only_decision and before.action != after.action


def _joined(
    found: Sequence[Alteration], candidates: Sequence[FactChange], here: Evaluation
) -> list[Alteration]:
    """Alterations of the same facts that differ in one value and lead to the same answer, as one."""
    facts = [line.name for line in found[0].changes]
    choices = {change.fact for change in candidates if change.choices}
    place = next((place for place, fact in enumerate(facts) if fact in choices), None)
    if place is None:
        return list(found)
    by_answer: dict[tuple[object, ...], list[Alteration]] = {}
    for one in found:
        others = (*one.changes[:place], *one.changes[place + 1 :])
        by_answer.setdefault((others, one.decision, one.action), []).append(one)
    scale = _scale(here, facts[place])
    return [_merged(same, place, scale) for same in by_answer.values()]


def _merged(same: Sequence[Alteration], place: int, scale: Sequence[str]) -> Alteration:
    first = same[0]
    text = in_runs([one.changes[place].text for one in same], scale)
    line = Line(first.changes[place].name, text)
    changes = (*first.changes[:place], line, *first.changes[place + 1 :])
    return Alteration(changes, first.decision, first.action)


def _scale(here: Evaluation, fact: str) -> list[str]:
    """The levels of the product whose level is altered, in order."""
    products = here.engine.catalogue.products.values()
    own = next((product for product in products if fact == level_fact(product)), None)
    return [str(entry.level) for entry in own.levels] if own else []


def in_runs(texts: Sequence[str], scale: Sequence[str]) -> str:
    """Texts joined; a run of neighbours on a scale is written as its first and last."""
    runs: list[list[str]] = []
    for text in dict.fromkeys(texts):
        last = runs[-1][-1] if runs else None
        if last in scale and text in scale and scale.index(last) + 1 == scale.index(text):
            runs[-1].append(text)
        else:
            runs.append([text])
    return " or ".join(
        f"{run[0]} to {run[-1]}" if len(run) >= _LEAST_RUN else " or ".join(run) for run in runs
    )


def _ordered(before: Outcome, found: Iterable[Alteration]) -> list[Alteration]:
    """Other decisions first, the smallest changes before others; undetermined is left out."""
    decided = [one for one in found if one.decision != "undetermined"]
    return sorted(decided, key=lambda one: (one.decision == before.decision, len(one.changes)))
