"""The laws can fail: each fault that is put back into the columns is detected by one of them.

Where less is stated an answer may only become less sure; what leads to an answer is what the plain evaluator
finds. Each fault comes with a sample that is made for it, and that shows nothing without the fault.
"""

from __future__ import annotations

from types import FunctionType

import pytest

from tests.cases.plain import test_faults as of_the_plain_evaluator
from tests.decide import test_faults as of_the_engine
from tests.degraded.deciders import by_the_plain_evaluator, in_columns
from tests.degraded.detect import name_of, shows_by, violated_by
from tests.fleet import faults
from tests.support.fault_samples import SAMPLES
from tests.support.faults import Fault

LESS_INFORMATION: dict[Fault, int] = {
    faults.key_files_in_backup_folders_count: 4,
    faults.a_list_with_a_nameless_file_is_whole: 1,
    faults.a_copy_without_version_is_passed_over: 1,
    faults.a_short_version_is_followed_by_zeros: 2,
    faults.any_number_is_a_version: 1,
    faults.a_time_of_1601_is_a_time: 2,
    faults.a_file_that_is_not_inventoried_is_passed_over: 1,
    faults.a_file_that_cannot_be_read_is_new_enough: 1,
    faults.one_copy_of_a_key_file_shows_the_kind: 1,
    faults.a_list_with_a_nameless_symptom_is_whole: 5,
    faults.what_telemetry_may_show_is_not_shown: 5,
    faults.a_module_of_unknown_version_is_old: 5,
    faults.a_rule_that_is_not_present_supersedes: 2,
}
"""The clause of the law that does not hold."""

PLAIN: tuple[Fault, ...] = (
    faults.an_unknown_platform_of_a_copy_is_another_one,
    faults.copies_in_backup_folders_count,
    faults.a_copy_of_another_platform_is_absence,
    faults.a_copy_that_cannot_be_read_is_passed_over,
    faults.a_short_version_reaches_what_begins_with_it,
    faults.a_list_without_key_files_is_believed,
    faults.what_one_branch_says_is_enough,
    faults.an_empty_list_of_products_is_whole,
    faults.key_files_of_all_platforms_are_of_one_kind,
    faults.key_files_of_all_versions_are_of_one_kind,
    faults.complete_lists_of_files_are_of_the_kind_of_others,
    faults.a_scope_without_a_list_is_complete,
    faults.a_list_of_hotfixes_need_not_be_complete,
    faults.a_rule_that_is_undetermined_is_not_there,
)


@pytest.mark.parametrize("fault", LESS_INFORMATION, ids=name_of)
def test_the_law_of_less_information_detects(fault: Fault) -> None:
    assert violated_by(fault, in_columns) == {LESS_INFORMATION[fault]}


@pytest.mark.parametrize("fault", PLAIN, ids=name_of)
def test_the_plain_evaluator_detects(fault: Fault) -> None:
    assert shows_by(fault, in_columns, by_the_plain_evaluator)


def test_every_fault_is_tried() -> None:
    functions = [one for one in vars(faults).values() if isinstance(one, FunctionType)]
    own = {one for one in functions if one.__module__ == faults.__name__}
    assert own == LESS_INFORMATION.keys() | set(PLAIN)


def test_every_sample_is_of_a_fault() -> None:
    elsewhere = (
        *of_the_engine.LESS_INFORMATION, *of_the_engine.PLAIN,
        *of_the_plain_evaluator.LESS_INFORMATION, *of_the_plain_evaluator.ENGINE,
    )  # fmt: skip
    assert SAMPLES.keys() == {one.__name__ for one in (*LESS_INFORMATION, *PLAIN, *elsewhere)}
