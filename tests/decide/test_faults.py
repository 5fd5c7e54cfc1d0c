"""The laws can fail: each fault that is put back into the engine is detected by one of them.

Where less is stated an answer may only become less sure; what leads to an answer is what the plain evaluator
finds. Each fault comes with a seed at which a law detects it; if that is no longer so, others are tried.
"""

from __future__ import annotations

from itertools import chain
from types import FunctionType

import pytest

from tests.degraded.deciders import by_the_engine
from tests.degraded.detect import MOST, first_failure
from tests.support import faults
from tests.support.faults import Fault

LESS_INFORMATION: dict[Fault, int] = {
    faults.an_unknown_language_is_another_one: 1,
    faults.an_edition_outside_the_list_is_another_one: 5,
    faults.a_name_that_says_nothing_is_another_product: 4,
    faults.any_number_is_a_version: 23,
    faults.a_short_version_is_followed_by_zeros: 7,
    faults.a_time_of_1601_is_a_time: 19,
    faults.a_file_that_cannot_be_read_is_new_enough: 0,
    faults.the_newest_of_several_copies_counts: 4,
    faults.a_file_that_is_not_inventoried_is_passed_over: 1,
    faults.the_lowest_key_file_shows_the_level: 9,
    faults.a_newer_key_file_shows_the_level_by_itself: 50,
    faults.a_key_file_that_contradicts_is_ignored: 12,
    faults.a_level_that_cannot_be_read_is_the_first_one: 13,
    faults.a_build_between_two_ranges_is_of_the_level_before: 3,
    faults.a_key_file_that_the_list_leaves_out_is_ignored: 52,
    faults.an_edition_in_the_name_is_ignored: 14,
    faults.an_unknown_edition_is_none_that_a_rule_names: 5,
    faults.an_unknown_level_is_the_first_one: 3,
    faults.what_is_not_stated_chooses_the_first_branch: 32,
    faults.a_claim_proves_the_fix: 12,
    faults.a_module_of_unknown_version_is_old: 2,
    faults.a_rule_that_may_not_be_affected_supersedes: 3,
}

PLAIN: dict[Fault, int] = {
    faults.an_unknown_platform_of_a_copy_is_another_one: 264,
    faults.an_unknown_platform_of_a_product_is_another_one: 309,
    faults.an_unknown_state_of_a_service_is_another_one: 119,
    faults.a_zone_that_is_not_stated_is_utc: 23,
    faults.numberings_by_years_are_compared_with_others: 13,
    faults.a_copy_without_version_is_passed_over: 351,
    faults.a_key_file_of_no_level_proves_a_minimum: 237,
    faults.a_newer_key_file_leaves_the_stated_level: 8,
    faults.a_build_that_contradicts_is_ignored: 8,
    faults.a_version_by_itself_is_its_first_level: 37,
    faults.a_level_that_cannot_be_read_contradicts_a_build: 39,
    faults.a_build_that_is_cut_short_is_followed_by_zeros: 0,
    faults.a_level_that_a_key_file_raises_meets_what_is_required: 1298,
    faults.an_empty_list_of_products_is_whole: 103,
    faults.a_list_without_key_files_is_believed: 65,
    faults.any_file_shows_the_platform: 8,
    faults.only_the_entry_shows_the_platform: 76,
    faults.another_product_that_may_carry_the_fix_does_not: 3,
    faults.a_correction_is_of_every_edition: 17,
    faults.facts_that_exclude_each_other_leave_the_first: 0,
    faults.copies_in_backup_folders_count: 4,
    faults.a_copy_of_another_platform_is_absence: 6,
    faults.levels_older_than_the_oldest_branch_have_no_fix: 0,
    faults.a_fix_that_is_built_on_a_later_level_needs_none: 29,
    faults.a_scope_without_a_list_is_complete: 53,
    faults.a_symptom_that_is_denied_is_not_observed: 25,
    faults.a_list_of_hotfixes_need_not_be_complete: 56,
    faults.a_rule_supersedes_whatever_the_edition: 63,
    faults.any_product_of_a_rule_stands_for_all_editions: 155,
    faults.a_rule_that_is_not_present_supersedes: 0,
    faults.a_rule_that_is_undetermined_is_not_there: 60,
}

OF_SYMPTOMS: dict[Fault, int] = {
    faults.an_event_that_lacks_a_value_is_another_one: 102,
    faults.a_counter_without_a_duration_is_none: 51,
}
"""Tried with rules whose fix most servers need, since symptoms decide only what to do then."""


def name_of(fault: Fault) -> str:
    return fault.__name__.replace("_", " ")


@pytest.mark.parametrize("fault", LESS_INFORMATION, ids=name_of)
def test_the_law_of_less_information_detects(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch.setattr)
    seeds = chain([LESS_INFORMATION[fault]], range(MOST))
    assert first_failure(by_the_engine, "less information", seeds=seeds) is not None


@pytest.mark.parametrize("fault", PLAIN, ids=name_of)
def test_the_plain_evaluator_detects(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch.setattr)
    seeds = chain([PLAIN[fault]], range(MOST))
    assert first_failure(by_the_engine, "the plain evaluator", seeds=seeds) is not None


@pytest.mark.parametrize("fault", OF_SYMPTOMS, ids=name_of)
def test_the_plain_evaluator_detects_what_symptoms_decide(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch.setattr)
    seeds = chain([OF_SYMPTOMS[fault]], range(MOST))
    assert first_failure(by_the_engine, "the plain evaluator", needed=True, seeds=seeds) is not None


def test_every_fault_is_tried() -> None:
    functions = [one for one in vars(faults).values() if isinstance(one, FunctionType)]
    own = {one for one in functions if one.__module__ == faults.__name__}
    assert own == LESS_INFORMATION.keys() | PLAIN.keys() | OF_SYMPTOMS.keys()
