"""The law can fail: each fault that is put back into the plain evaluator violates it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from needfix.cases.plain import affected, builds, files, levels, places, reading, symptoms, words
from needfix.cases.plain.levels import LevelFact, LevelSet
from tests.degraded.deciders import by_the_plain_evaluator
from tests.degraded.sample import sample
from tests.support.less_information import check

pytestmark = pytest.mark.slow

DECIDE = import_module("needfix.cases.plain.decide")  # the package has a function of this name

Patch = Callable[[object, str, Any], None]
_SEEDS = range(1500)


def first_violation() -> int | None:
    """The clause that is violated first."""
    for seed in _SEEDS:
        catalogue, groups = sample(seed, 2)
        for found in check(catalogue, groups, by_the_plain_evaluator):
            return found.clause
    return None


# ---- words that are not understood


def an_unknown_edition_is_another_one(patch: Patch) -> None:
    patch(places, "edition", lambda _, name: words.plain_edition(name) if name else None)


def a_name_that_says_nothing_is_another_product(patch: Patch) -> None:
    patch(places, "says_nothing", lambda _: False)


def an_unknown_state_of_a_service_is_another_one(patch: Patch) -> None:
    whole = symptoms._service  # noqa: SLF001 - what is put out of order
    patch(symptoms, "_service", lambda *facts: "seen" if whole(*facts) == "seen" else "not-seen")


def an_event_that_lacks_a_value_is_another_one(patch: Patch) -> None:
    whole = symptoms._event  # noqa: SLF001 - what is put out of order
    patch(symptoms, "_event", lambda *facts: "seen" if whole(*facts) == "seen" else "not-seen")


def a_counter_without_a_duration_is_none(patch: Patch) -> None:
    whole = symptoms._counter  # noqa: SLF001 - what is put out of order
    patch(symptoms, "_counter", lambda *facts: "seen" if whole(*facts) == "seen" else "not-seen")


# ---- versions and times


def any_number_is_a_version(patch: Patch) -> None:
    patch(reading, "_is_plausible", lambda *_: True)
    patch(files, "version", reading.build.__wrapped__)


def a_short_version_is_followed_by_zeros(patch: Patch) -> None:
    def reaches(text: str | None, minimum: Any) -> bool | None:  # noqa: ANN401 - a minimum
        found = reading.version(text)
        return None if found is None else reading.trimmed(found) >= reading.trimmed(minimum.version.release)

    patch(files, "_reaches_version", reaches)


def a_time_of_1601_is_a_time(patch: Patch) -> None:
    patch(files, "file_time", reading.moment)


def an_unreadable_file_is_new_enough(patch: Patch) -> None:
    patch(files, "_both_ways", lambda states: [tuple("reached" if s == "unreadable" else s for s in states)])


def a_file_without_version_is_new_enough(patch: Patch) -> None:
    whole = files._state_of  # noqa: SLF001 - what is put out of order

    def state(*facts: Any) -> str:  # noqa: ANN401 - of each kind
        found = whole(*facts)
        return "reached" if found == "not-inventoried" else found

    patch(files, "_state_of", state)


def a_key_file_of_no_level_proves_a_minimum(patch: Patch) -> None:
    patch(files, "_proves_nothing", lambda *_: False)


# ---- levels


def the_lowest_key_file_shows_the_level(patch: Patch) -> None:
    def lowest(product: Any, versions: Any) -> list[LevelFact]:  # noqa: ANN401 - of each kind
        found = sorted(one for one in versions if one is not None)
        return [LevelFact("key", builds.levels_of_build(product, one)) for one in found[:1]]

    patch(places, "key_facts", lowest)


def a_newer_key_file_leaves_the_stated_level(patch: Patch) -> None:
    whole = levels.level_set

    def base_only(*facts: Any) -> LevelSet:  # noqa: ANN401 - of each kind
        found = whole(*facts)
        return found._replace(possible=found.base, is_file_newer=False)

    patch(places, "level_set", base_only)


def a_key_file_that_contradicts_is_ignored(patch: Patch) -> None:
    whole = levels.level_set

    def stated_only(product: Any, facts: Any) -> LevelSet:  # noqa: ANN401 - of each kind
        found = whole(product, facts)
        stated = [fact for fact in facts if fact.kind != "key"]
        return whole(product, stated) if found.is_contradicted and stated else found

    patch(places, "level_set", stated_only)


def a_version_by_itself_is_its_first_level(patch: Patch) -> None:
    whole = builds.levels_of_version
    patch(levels, "levels_of_version", lambda *facts: frozenset(sorted(whole(*facts))[:1]))


def a_build_between_two_ranges_is_of_the_level_before(patch: Patch) -> None:
    whole = builds.levels_of_build

    def nearest(product: Any, build: Any) -> frozenset[int]:  # noqa: ANN401 - of each kind
        found = whole(product, build)
        if found != {builds.OTHER}:
            return found
        below = [
            place
            for place, entry in enumerate(product.levels)
            if entry.build is not None and entry.build.release <= build
        ]
        return frozenset(below[-1:]) or found

    patch(levels, "levels_of_build", nearest)


# ---- products


def a_key_file_that_the_list_leaves_out_is_ignored(patch: Patch) -> None:
    whole = places._shown  # noqa: SLF001 - what is put out of order
    patch(places, "_shown", lambda *facts, is_open: whole(*facts, is_open=True) if is_open else [])


def any_file_shows_the_platform(patch: Patch) -> None:
    whole = places._listed  # noqa: SLF001 - what is put out of order

    def listed(found: Any, entry: Any, known: Any) -> places.Place:  # noqa: ANN401 - of each kind
        place = whole(found, entry, known)
        shown = {words.platform(one.platform) for one in known.server.files} - {None}
        return place if place.platforms else replace(place, platforms=frozenset(filter(None, shown)))

    patch(places, "_listed", listed)


def another_product_that_may_carry_the_fix_does_not(patch: Patch) -> None:
    whole = affected.carried_elsewhere
    patch(affected, "carried_elsewhere", lambda *facts: "yes" if whole(*facts) == "yes" else "no")


def a_correction_is_of_every_edition(patch: Patch) -> None:
    patch(affected, "_is_of", lambda *_: True)


def an_unknown_edition_has_no_files_of_its_own(patch: Patch) -> None:
    patch(affected, "_named_editions", lambda *_: set())


# ---- other rules


def a_rule_that_may_not_be_affected_supersedes(patch: Patch) -> None:
    patch(DECIDE, "is_affected_at_every_edition", lambda *facts: affected.affected(*facts) != "no")


def a_rule_supersedes_whatever_the_edition(patch: Patch) -> None:
    patch(DECIDE, "is_affected_at_every_edition", lambda *facts: affected.affected(*facts) == "yes")


FAULTS = [
    an_unknown_edition_is_another_one,
    a_name_that_says_nothing_is_another_product,
    an_unknown_state_of_a_service_is_another_one,
    an_event_that_lacks_a_value_is_another_one,
    a_counter_without_a_duration_is_none,
    any_number_is_a_version,
    a_short_version_is_followed_by_zeros,
    a_time_of_1601_is_a_time,
    an_unreadable_file_is_new_enough,
    a_file_without_version_is_new_enough,
    a_key_file_of_no_level_proves_a_minimum,
    the_lowest_key_file_shows_the_level,
    a_newer_key_file_leaves_the_stated_level,
    a_key_file_that_contradicts_is_ignored,
    a_version_by_itself_is_its_first_level,
    a_build_between_two_ranges_is_of_the_level_before,
    a_key_file_that_the_list_leaves_out_is_ignored,
    any_file_shows_the_platform,
    another_product_that_may_carry_the_fix_does_not,
    a_correction_is_of_every_edition,
    an_unknown_edition_has_no_files_of_its_own,
    a_rule_that_may_not_be_affected_supersedes,
    a_rule_supersedes_whatever_the_edition,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.replace("_", " "))
def test_the_law_detects(fault: Callable[[Patch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch.setattr)
    assert first_violation() is not None
