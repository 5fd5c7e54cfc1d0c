"""An engine that met other servers before decides each as a new one would."""

# ruff: noqa: SLF001 - what is put out of order is not public

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import needfix
from needfix.catalogue import Catalogue
from needfix.compare.installation import Installation, Installed
from needfix.decide.checklist import ChecklistParts
from needfix.decide.engine import Engine
from needfix.decide.evaluation import Evaluation
from needfix.model.server import Server
from tests.degraded.sample import sample
from tests.support.laws import tried

Patch = Callable[[object, str, Any], None]
Given = Any  # what the function takes that is put out of order
_SERVERS = 4
_SEEDS = range(60)


def in_full(catalogue: Catalogue, server: Server) -> list[dict[str, object]]:
    return [decision.as_dict() for decision in needfix.evaluate(catalogue, server)]


def servers_that_differ_in_one_fact(seed: int) -> tuple[Catalogue, list[Server]]:
    """Servers, each with the same server without one fact or some, and with files of other platforms."""
    catalogue, groups = sample(seed, _SERVERS)
    every = [one for group in groups for one in (group.server, *(less for _, less in group.less))]
    others = [
        replace(group.server, files=tuple(replace(copy, platform=platform) for copy in group.server.files))
        for group in groups
        for platform in ("x86", "x64")
    ]
    return catalogue, [*every, *others]


def first_difference(seed: int) -> tuple[object, object] | None:
    """What an engine decides that met other servers before, and what a new one does."""
    catalogue, servers = servers_that_differ_in_one_fact(seed)
    for one in servers:
        shared, by_itself = in_full(catalogue, one), in_full(replace(catalogue), one)
        if shared != by_itself:
            return shared, by_itself
    return None


@tried(20)
@given(st.integers(0, 2**32))
def test_an_engine_decides_each_server_as_a_new_one_does(seed: int) -> None:
    assert first_difference(seed) is None


# ---- it can fail: what engines remember, by too little


def products_without(place: int, value: object) -> Callable[[Patch], None]:
    """Products are remembered without their list, their key files, or whether files are complete."""

    def fault(patch: Patch) -> None:
        whole = Engine._product_facts

        def facts(self: Engine, server: Server) -> Given:
            found: list[Given] = list(whole(self, server))
            found[place] = value
            return tuple(found)

        patch(Engine, "_product_facts", facts)

    return fault


def key_files_without(place: int) -> Callable[[Patch], None]:
    """Products are remembered without a value of each copy of a key file."""

    def fault(patch: Patch) -> None:
        whole = Engine._product_facts

        def facts(self: Engine, server: Server) -> Given:
            products, copies, is_complete = whole(self, server)
            return products, tuple((*copy[:place], *copy[place + 1 :]) for copy in copies), is_complete

        patch(Engine, "_product_facts", facts)

    return fault


def checklists_without(key: str, value: object) -> Callable[[Patch], None]:
    """Checklists are remembered without something that is known of an installation."""

    def fault(patch: Patch) -> None:
        signature: Given = Installation.signature
        of_installation = signature.fget
        patch(
            Installation,
            "signature",
            property(lambda self: of_installation(replace(self, **{key: value}))),
        )

    return fault


def checklists_without_whether_products_are_listed(patch: Patch) -> None:
    signature: Given = Installed.signature
    of_installed = signature.func
    patch(Installed, "signature", property(lambda self: of_installed(replace(self, is_listed=True))))


def rules_without_how_an_installation_stands(patch: Patch) -> None:
    whole = ChecklistParts.rule_checklist

    def same(self: Given, rule: Given, standing: Given, *given: Given) -> Given:
        first = self.__dict__.setdefault("first", {}).setdefault(rule.id, standing)
        return whole(self, rule, first, *given)

    patch(ChecklistParts, "rule_checklist", same)


def reasons_of_the_server_that_a_checklist_was_made_for(patch: Patch) -> None:
    patch(Evaluation, "assessment", lambda self, rule_id: self.checklist.assessment(rule_id))


FAULTS: dict[str, Callable[[Patch], None]] = {
    "the list of products": products_without(0, None),
    "the key files": products_without(1, ()),
    "whether all files are listed": products_without(2, None),
    "the version of a key file": key_files_without(2),
    "the platform of a key file": key_files_without(3),
    "the edition": checklists_without("edition", None),
    "the language": checklists_without("language", None),
    "the platforms": checklists_without("platforms", ()),
    "the levels": checklists_without("possible", ()),
    "whether products are listed": checklists_without_whether_products_are_listed,
    "how an installation stands": rules_without_how_an_installation_stands,
    "the values that reasons name": reasons_of_the_server_that_a_checklist_was_made_for,
}


@pytest.mark.parametrize("without", FAULTS)
def test_what_is_remembered_by_too_little_is_detected(without: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[without](monkeypatch.setattr)
    assert any(first_difference(seed) is not None for seed in _SEEDS)
