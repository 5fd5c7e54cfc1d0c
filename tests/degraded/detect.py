"""The first random catalogue and server at which a law does not hold, where a fault was put back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Literal

from packaging.version import Version

from needfix.catalogue import Catalogue
from needfix.catalogue.assemble import assemble
from needfix.errors import Problem
from needfix.model.rule import Fix, Minimum
from needfix.model.server import FileCopy, Server
from tests.degraded.deciders import by_the_plain_evaluator
from tests.support.less_information import Answers, Decider, check, groups_of
from tests.support.random_rules import random_catalogue
from tests.support.random_servers import random_server

Law = Literal["less information", "the plain evaluator"]
"""What does not hold: the law of less information, or that the plain evaluator decides the same."""

_SERVERS = 3
MOST = 4000
"""Seeds that are tried where nothing else is asked."""


def first_failure(
    decide: Decider, law: Law, *, needed: bool = False, seeds: Iterable[int] = range(MOST)
) -> int | None:
    """The first seed at which a law fails; `needed`: of rules whose fix most servers need."""
    return next((seed for seed in seeds if _fails(decide, law, seed, needed=needed)), None)


def _fails(decide: Decider, law: Law, seed: int, *, needed: bool) -> bool:
    random = Random(seed)  # noqa: S311 - a sample
    catalogue = random_catalogue(random)
    servers = [random_server(random, catalogue) for _ in range(_SERVERS)]
    if needed:
        catalogue, servers = _of_needed_fixes(catalogue, servers)
    if law == "less information":
        groups = groups_of(catalogue, servers, random)
        return next(check(catalogue, groups, decide), None) is not None
    return _outcomes(decide(catalogue, servers)) != _outcomes(by_the_plain_evaluator(catalogue, servers))


def _outcomes(answers: Sequence[Answers]) -> list[dict[str, tuple[str, str]]]:
    return [{rule: (one.decision, one.action) for rule, one in own.items()} for own in answers]


def _of_needed_fixes(catalogue: Catalogue, servers: Sequence[Server]) -> tuple[Catalogue, list[Server]]:
    """The same with a fix in each rule that no file is new enough for, so that symptoms decide the action."""
    fix = Fix((Minimum("Four.dll", version=Version("9.9"), text="9.9"),))
    rules = [
        replace(rule, fixes=(fix,), apply="if-symptoms", supersedes=(), corrected_in=(), requires=())
        for rule in catalogue
    ]
    problems: list[Problem] = []
    changed = assemble(rules, catalogue.products, problems)
    assert not problems
    old = FileCopy("Four.dll", version="9.8.7.6")
    return changed, [replace(one, files=(*one.files, old)) for one in servers]
