"""What the laws find of a sample that is made for one fault, with the fault put back and without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.faults.patching import forget
from tests.support.fault_samples import SAMPLES, Sample
from tests.support.faults import Fault
from tests.support.leaving_out import without_each
from tests.support.less_information import Answers, Decider, Group, check


def name_of(fault: Fault) -> str:
    """What a fault is, in words."""
    return fault.__name__.replace("_", " ")


def violated_by(fault: Fault, decide: Decider) -> set[int]:
    """The clauses of the law that do not hold with a fault put back; without it all hold."""
    sample = SAMPLES[fault.__name__]
    assert not _clauses(decide, sample)
    with _put_back(fault):
        return _clauses(decide, sample)


def shows_by(fault: Fault, decide: Decider, other: Decider) -> bool:
    """Whether one decides otherwise than another with a fault put back; without it they decide the same."""
    sample = SAMPLES[fault.__name__]
    assert not _differ(decide, other, sample)
    with _put_back(fault):
        return _differ(decide, other, sample)


def _clauses(decide: Decider, sample: Sample) -> set[int]:
    catalogue = sample.catalogue()
    groups = [Group(one, list(without_each(catalogue, one))) for one in sample.servers]
    return {found.clause for found in check(catalogue, groups, decide)}


def _differ(decide: Decider, other: Decider, sample: Sample) -> bool:
    """Whether servers of a sample, or these without one of their facts, are decided differently."""
    catalogue = sample.catalogue()
    less = (found for one in sample.servers for _, found in without_each(catalogue, one))
    servers = [*sample.servers, *less]
    return _outcomes(decide(catalogue, servers)) != _outcomes(other(catalogue, servers))


def _outcomes(answers: Sequence[Answers]) -> list[dict[str, tuple[str, str]]]:
    return [{rule: (one.decision, one.action) for rule, one in own.items()} for own in answers]


@contextmanager
def _put_back(fault: Fault) -> Iterator[None]:
    """A fault put back; what was remembered without it, and with it, is forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        forget()
        fault(patch.setattr)
        try:
            yield
        finally:
            forget()
