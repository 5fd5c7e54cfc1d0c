"""The law can fail: each fault that is put back into the plain evaluator violates it, or the engine shows it.

Each comes with a sample that is made for it, and that shows nothing without the fault.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from needfix.cases.plain import (
    affected,
    branches,
    build_minima,
    builds,
    files,
    levels,
    places,
    reading,
    symptoms,
    times,
    words,
)
from needfix.cases.plain.levels import LevelFact, LevelSet
from tests.degraded.deciders import by_the_engine, by_the_plain_evaluator
from tests.degraded.detect import name_of, shows_by, violated_by
from tests.support.faults import Fault, Patch

DECIDE = import_module("needfix.cases.plain.decide")  # the package has a function of this name

# ---- words that are not understood


def an_edition_outside_the_list_is_another_one(patch: Patch) -> None:
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
    patch(files, "clock_time", times.moment)


def a_file_that_cannot_be_read_is_new_enough(patch: Patch) -> None:
    patch(files, "_both_ways", lambda states: [tuple("reached" if s == "unreadable" else s for s in states)])


def a_file_without_version_is_new_enough(patch: Patch) -> None:
    whole = files._state_of  # noqa: SLF001 - what is put out of order

    def state(*facts: Any) -> str:  # noqa: ANN401 - of each kind
        found = whole(*facts)
        return "reached" if found == "not-inventoried" else found

    patch(files, "_state_of", state)


def a_path_that_cannot_be_followed_lies_elsewhere(patch: Patch) -> None:
    patch(files, "shows_its_folder", lambda _: True)


def a_list_with_a_nameless_file_is_whole(patch: Patch) -> None:
    patch(places, "names_a_file", lambda _: True)


def a_list_with_a_nameless_symptom_is_whole(patch: Patch) -> None:
    patch(symptoms, "says_nothing", lambda _: False)


def a_key_file_of_no_level_proves_a_minimum(patch: Patch) -> None:
    patch(files, "_proves_nothing", lambda *_: False)


# ---- builds


def a_short_build_is_followed_by_zeros(patch: Patch) -> None:
    patch(build_minima, "reaches", build_minima._is_reached)  # noqa: SLF001 - what is put out of order


def a_build_that_may_lag_misses_a_minimum(patch: Patch) -> None:
    whole = build_minima.build_state

    def state(product: Any, *facts: Any) -> str:  # noqa: ANN401 - of each kind
        return whole(replace(product, shows_updates=("build", "key_files")), *facts)

    patch(files, "build_state", state)


def a_copy_that_shows_no_build_is_passed_over(patch: Patch) -> None:
    whole = build_minima._said  # noqa: SLF001 - what is put out of order

    def said(fact: Any, minimum: Any) -> Any:  # noqa: ANN401 - of each kind
        known = [pair for pair in zip(fact.builds, fact.proves, strict=True) if pair[0]]
        own = zip(*known, strict=True) if known else ((), ())
        builds_of, proves = map(tuple, own)
        return whole(fact._replace(builds=builds_of, proves=proves), minimum)

    patch(build_minima, "_said", said)


def a_build_of_no_level_reaches_a_minimum(patch: Patch) -> None:
    patch(build_minima, "is_in_no_range", lambda *_: False)


# ---- levels


def the_lowest_key_file_shows_the_level(patch: Patch) -> None:
    def lowest(product: Any, versions: Any) -> list[LevelFact]:  # noqa: ANN401 - of each kind
        found = sorted(one for _, one in versions if one is not None)
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

    def nearest(product: Any, build: Any, *version: Any) -> frozenset[int]:  # noqa: ANN401 - of each kind
        found = whole(product, build, *version)
        known = enumerate(product.levels)
        below = [place for place, one in known if one.build is not None and one.build.release <= build]
        return frozenset(below[-1:]) if builds.OTHER in found and below else found

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


def an_unknown_edition_is_none_that_a_rule_names(patch: Patch) -> None:
    patch(affected, "_named_editions", lambda *_: set())


# ---- branches


def a_level_that_no_fix_is_for_is_passed_over(patch: Patch) -> None:
    whole = DECIDE.choices
    patch(DECIDE, "choices", lambda *facts: [one for one in whole(*facts) if one.fixes])


def a_time_of_another_language_leaves_its_branch(patch: Patch) -> None:
    whole = branches._without_times  # noqa: SLF001 - what is put out of order
    patch(branches, "_without_times", lambda fixes: [fix for one in fixes for fix in whole([one])])


# ---- other rules


def a_rule_that_may_not_be_affected_supersedes(patch: Patch) -> None:
    patch(DECIDE, "is_affected_at_every_edition", lambda *facts: affected.affected(*facts) != "no")


def a_rule_supersedes_whatever_the_edition(patch: Patch) -> None:
    patch(DECIDE, "is_affected_at_every_edition", lambda *facts: affected.affected(*facts) == "yes")


LESS_INFORMATION: dict[Fault, int] = {
    an_edition_outside_the_list_is_another_one: 1,
    a_name_that_says_nothing_is_another_product: 1,
    an_unknown_state_of_a_service_is_another_one: 5,
    an_event_that_lacks_a_value_is_another_one: 5,
    a_counter_without_a_duration_is_none: 5,
    any_number_is_a_version: 1,
    a_short_version_is_followed_by_zeros: 2,
    a_time_of_1601_is_a_time: 2,
    a_file_that_cannot_be_read_is_new_enough: 1,
    a_file_without_version_is_new_enough: 1,
    a_path_that_cannot_be_followed_lies_elsewhere: 1,
    a_list_with_a_nameless_file_is_whole: 1,
    a_list_with_a_nameless_symptom_is_whole: 5,
    a_short_build_is_followed_by_zeros: 2,
    a_build_that_may_lag_misses_a_minimum: 4,
    a_copy_that_shows_no_build_is_passed_over: 1,
    the_lowest_key_file_shows_the_level: 1,
    a_newer_key_file_leaves_the_stated_level: 1,
    a_key_file_that_contradicts_is_ignored: 1,
    a_build_between_two_ranges_is_of_the_level_before: 1,
    a_key_file_that_the_list_leaves_out_is_ignored: 3,
    any_file_shows_the_platform: 1,
    another_product_that_may_carry_the_fix_does_not: 3,
    an_unknown_edition_is_none_that_a_rule_names: 1,
    a_level_that_no_fix_is_for_is_passed_over: 1,
    a_time_of_another_language_leaves_its_branch: 4,
    a_rule_that_may_not_be_affected_supersedes: 1,
    a_rule_supersedes_whatever_the_edition: 1,
}
"""The clause of the law that does not hold."""

ENGINE: tuple[Fault, ...] = (
    a_key_file_of_no_level_proves_a_minimum,
    a_build_of_no_level_reaches_a_minimum,
    a_version_by_itself_is_its_first_level,
    a_correction_is_of_every_edition,
)
"""What less information does not show: answers are otherwise than those of the engine."""


@pytest.mark.parametrize("fault", LESS_INFORMATION, ids=name_of)
def test_the_law_of_less_information_detects(fault: Fault) -> None:
    assert violated_by(fault, by_the_plain_evaluator) == {LESS_INFORMATION[fault]}


@pytest.mark.parametrize("fault", ENGINE, ids=name_of)
def test_the_engine_detects(fault: Fault) -> None:
    assert shows_by(fault, by_the_plain_evaluator, by_the_engine)
