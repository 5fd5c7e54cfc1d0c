"""The laws can fail: each fault that is put back into the engine is detected by one of them.

Where less is stated an answer may only become less sure; what leads to an answer is what the plain evaluator
finds. Each fault comes with a sample that is made for it, and that shows nothing without the fault.
"""

from __future__ import annotations

from types import FunctionType

import pytest

from tests.degraded.deciders import by_the_engine, by_the_plain_evaluator
from tests.degraded.detect import name_of, shows_by, violated_by
from tests.support import faults
from tests.support.faults import Fault

LESS_INFORMATION: dict[Fault, int] = {
    faults.an_unknown_language_is_another_one: 2,
    faults.an_edition_outside_the_list_is_another_one: 1,
    faults.a_name_that_says_nothing_is_another_product: 1,
    faults.an_unknown_state_of_a_service_is_another_one: 5,
    faults.an_event_that_lacks_a_value_is_another_one: 5,
    faults.a_counter_without_a_duration_is_none: 5,
    faults.any_number_is_a_version: 1,
    faults.a_short_version_is_followed_by_zeros: 2,
    faults.a_time_of_1601_is_a_time: 2,
    faults.a_file_that_cannot_be_read_is_new_enough: 1,
    faults.a_copy_without_version_is_passed_over: 1,
    faults.the_newest_of_several_copies_counts: 2,
    faults.a_file_that_is_not_inventoried_is_passed_over: 1,
    faults.the_lowest_key_file_shows_the_level: 1,
    faults.a_newer_key_file_leaves_the_stated_level: 1,
    faults.a_newer_key_file_shows_the_level_by_itself: 1,
    faults.a_key_file_that_contradicts_is_ignored: 1,
    faults.a_build_that_contradicts_is_ignored: 1,
    faults.a_level_that_cannot_be_read_is_the_first_one: 1,
    faults.a_build_between_two_ranges_is_of_the_level_before: 1,
    faults.a_key_file_that_the_list_leaves_out_is_ignored: 3,
    faults.any_file_shows_the_platform: 1,
    faults.only_the_entry_shows_the_platform: 1,
    faults.an_edition_in_the_name_is_ignored: 1,
    faults.another_product_that_may_carry_the_fix_does_not: 3,
    faults.an_unknown_edition_is_none_that_a_rule_names: 1,
    faults.an_unknown_level_is_the_first_one: 1,
    faults.facts_that_exclude_each_other_leave_the_first: 1,
    faults.a_path_that_cannot_be_followed_lies_elsewhere: 1,
    faults.a_list_with_a_nameless_file_is_whole: 1,
    faults.what_is_not_stated_chooses_the_first_branch: 1,
    faults.a_list_with_a_nameless_symptom_is_whole: 5,
    faults.a_claim_proves_the_fix: 1,
    faults.an_entry_that_may_be_of_a_value_is_of_another_one: 1,
    faults.a_value_that_is_no_version_is_below_the_minimum: 2,
    faults.a_module_of_unknown_version_is_old: 5,
    faults.a_rule_that_may_not_be_affected_supersedes: 1,
    faults.a_rule_supersedes_whatever_the_edition: 1,
    faults.any_product_of_a_rule_stands_for_all_editions: 1,
    faults.a_level_that_no_fix_is_for_is_passed_over: 1,
    faults.a_time_of_another_language_leaves_its_branch: 4,
}
"""The clause of the law that does not hold."""

PLAIN: tuple[Fault, ...] = (
    faults.an_unknown_platform_of_a_copy_is_another_one,
    faults.an_unknown_platform_of_a_product_is_another_one,
    faults.a_zone_that_is_not_stated_is_utc,
    faults.numberings_by_years_are_compared_with_others,
    faults.a_key_file_of_no_level_proves_a_minimum,
    faults.a_version_by_itself_is_its_first_level,
    faults.a_level_that_cannot_be_read_contradicts_a_build,
    faults.a_build_that_is_cut_short_is_followed_by_zeros,
    faults.a_level_that_a_key_file_raises_meets_what_is_required,
    faults.an_empty_list_of_products_is_whole,
    faults.a_list_without_key_files_is_believed,
    faults.a_correction_is_of_every_edition,
    faults.copies_in_backup_folders_count,
    faults.a_copy_of_another_platform_is_absence,
    faults.levels_older_than_the_oldest_branch_have_no_fix,
    faults.a_fix_that_is_built_on_a_later_level_needs_none,
    faults.a_scope_without_a_list_is_complete,
    faults.a_symptom_that_is_denied_is_not_observed,
    faults.a_list_of_hotfixes_need_not_be_complete,
    faults.a_rule_that_is_not_present_supersedes,
    faults.a_rule_that_is_undetermined_is_not_there,
)


@pytest.mark.parametrize("fault", LESS_INFORMATION, ids=name_of)
def test_the_law_of_less_information_detects(fault: Fault) -> None:
    assert violated_by(fault, by_the_engine) == {LESS_INFORMATION[fault]}


@pytest.mark.parametrize("fault", PLAIN, ids=name_of)
def test_the_plain_evaluator_detects(fault: Fault) -> None:
    assert shows_by(fault, by_the_engine, by_the_plain_evaluator)


def test_every_fault_is_tried() -> None:
    functions = [one for one in vars(faults).values() if isinstance(one, FunctionType)]
    own = {one for one in functions if one.__module__ == faults.__name__}
    assert own == LESS_INFORMATION.keys() | set(PLAIN)
