"""Every probe of a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from needfix.cases.probes.of_dependencies import claim_probes, requirement_probes, superseding_probes
from needfix.cases.probes.of_entries import entry_probes
from needfix.cases.probes.of_files import file_probes
from needfix.cases.probes.of_levels import (
    branch_probes,
    correction_probes,
    foreign_correction_probes,
    level_probes,
    product_probes,
    unfixed_level_probes,
)
from needfix.cases.probes.of_symptoms import symptom_probes
from needfix.cases.probes.probe import Probe
from needfix.cases.probes.stage import Stage, stages
from needfix.catalogue import Catalogue
from needfix.model.rule import Rule


def probes(rule: Rule, catalogue: Catalogue) -> Iterator[Probe]:
    """The servers at the boundaries of a rule, in the order of its parts, each name once.

    Their number grows with the files and the levels of the rule, not with the product of both.
    """
    found = stages(rule, catalogue)
    return _named_apart(
        probe for stage in found for probe in _of_stage(stage, catalogue, is_first=stage is found[0])
    )


def _of_stage(stage: Stage, catalogue: Catalogue, *, is_first: bool) -> Iterator[Probe]:
    yield from file_probes(stage)
    yield from level_probes(stage)
    yield from unfixed_level_probes(stage)
    yield from entry_probes(stage)
    yield from branch_probes(stage)
    yield from correction_probes(stage)
    yield from foreign_correction_probes(stage, catalogue)
    yield from requirement_probes(stage, catalogue)
    yield from superseding_probes(stage, catalogue)
    if is_first:
        yield from symptom_probes(stage)
        yield from claim_probes(stage.rule)
        yield from product_probes(stage, catalogue)


def _named_apart(found: Iterable[Probe]) -> Iterator[Probe]:
    """Names that come again get a number."""
    seen: Counter[str] = Counter()
    for probe in found:
        seen[probe.name] += 1
        number = seen[probe.name]
        yield probe if number == 1 else replace(probe, name=f"{probe.name} ({number})")
