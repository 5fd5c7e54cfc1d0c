"""What servers' own lists of hotfixes claim, as rule bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from needfix.compare.claims import normal_id
from needfix.decide.rule_plan import RulePlan
from needfix.fleet.arrays import Flags, Ints, Words
from needfix.fleet.bits import width
from needfix.fleet.facts import Batch
from needfix.fleet.native import lists
from needfix.fleet.symptom_evidence import Said, spread


def hotfixes(batch: Batch) -> tuple[Said, Flags]:
    """The hotfixes that servers list, by the form that ids are compared in, and who has a list at all."""
    told = lists(batch.records, "hotfixes")
    for owners, column in batch.listed("hotfixes"):
        return Said(
            owners.owners, column.codes, [normal_id(text or "") for text in column.values()]
        ), owners.is_told
    return Said.nothing(), told.is_told if told is not None else np.zeros(len(batch), np.bool_)


def claimed(rules: Sequence[RulePlan], listed: Said, places: Ints, count: int) -> Words:
    """The rules that servers of a plan claim."""
    numbers: dict[object, list[int]] = {}
    for place, rule in enumerate(rules):
        numbers.setdefault(normal_id(rule.rule.id), []).append(place)
    return spread(listed.of(places), count, width(len(rules)), numbers.get)
