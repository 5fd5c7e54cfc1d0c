"""The cases that a rule lacks: those of its probes that no case of it covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count

from needfix.cases.generating.covering import covers
from needfix.cases.generating.new_case import NewCase
from needfix.cases.generating.scene import Scene, scene
from needfix.cases.probes import Probe, probes
from needfix.catalogue import Catalogue
from needfix.catalogue.part import part
from needfix.model.rule import Case, Rule


def missing_cases(rule: Rule, catalogue: Catalogue, existing: Sequence[Case]) -> list[NewCase]:
    """A case for each boundary of a rule that none covers, with the answer of the plain evaluator."""
    related = part(catalogue, [rule.id])
    known = list(_scenes(rule, related, existing))
    names = {case.name for case in existing}
    found: list[NewCase] = []
    for probe in probes(rule, related):
        target = scene(related, rule, probe.given, probe.at)
        if target is None or any(covers(probe, target, one) for one in known):
            continue
        known.append(target)
        found.append(_new_case(probe, target, names))
        names.add(found[-1].name)
    return found


def _scenes(rule: Rule, catalogue: Catalogue, existing: Iterable[Case]) -> Iterator[Scene]:
    for case in existing:
        case_scene = scene(catalogue, rule, case.given, case.at)
        if case_scene is not None and case.skip is None:
            yield case_scene


def _new_case(probe: Probe, target: Scene, names: Collection[str]) -> NewCase:
    decision, action = target.answer
    about = f", {probe.about}" if probe.about else ""
    review = f"generated ({probe.aim}{about}); check it, then remove this line"
    return NewCase(_unused(probe.name, names), probe.given, decision, action, review)


def _unused(name: str, names: Collection[str]) -> str:
    numbered = (f"{name} ({number})" for number in count(2))
    return name if name not in names else next(one for one in numbered if one not in names)
