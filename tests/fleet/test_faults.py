"""The laws can fail: each fault that is put back into the columns is detected by one of them.

Where less is stated an answer may only become less sure; what leads to an answer is what the plain evaluator
finds. Each fault comes with a seed at which a law detects it; if that is no longer so, others are tried.
"""

from __future__ import annotations

from itertools import chain
from types import FunctionType

import pytest

from tests.degraded.deciders import in_columns
from tests.degraded.detect import MOST, first_failure
from tests.fleet import faults
from tests.support.faults import Fault

LESS_INFORMATION: dict[Fault, int] = {
    faults.copies_in_backup_folders_count: 17,
    faults.key_files_in_backup_folders_count: 4,
    faults.a_short_version_reaches_what_begins_with_it: 0,
    faults.a_short_version_is_followed_by_zeros: 7,
    faults.any_number_is_a_version: 23,
    faults.a_time_of_1601_is_a_time: 19,
    faults.a_file_that_is_not_inventoried_is_passed_over: 0,
    faults.a_file_that_cannot_be_read_is_new_enough: 1,
    faults.what_one_branch_says_is_enough: 1,
    faults.an_empty_list_of_products_is_whole: 27,
    faults.key_files_of_all_versions_are_of_one_kind: 10,
}

PLAIN: dict[Fault, int] = {
    faults.an_unknown_platform_of_a_copy_is_another_one: 264,
    faults.a_list_without_key_files_is_believed: 65,
    faults.key_files_of_all_platforms_are_of_one_kind: 76,
    faults.one_copy_of_a_key_file_shows_the_kind: 50,
    faults.complete_lists_of_files_are_of_the_kind_of_others: 65,
    faults.a_scope_without_a_list_is_complete: 53,
    faults.a_module_of_unknown_version_is_old: 87,
    faults.a_rule_that_is_not_present_supersedes: 0,
    faults.a_rule_that_is_undetermined_is_not_there: 48,
}

OF_SYMPTOMS: dict[Fault, int] = {
    faults.what_telemetry_may_show_is_not_shown: 51,
}
"""Tried with rules whose fix most servers need, since symptoms decide only what to do then."""


def name_of(fault: Fault) -> str:
    return fault.__name__.replace("_", " ")


@pytest.mark.parametrize("fault", LESS_INFORMATION, ids=name_of)
def test_the_law_of_less_information_detects(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch.setattr)
    seeds = chain([LESS_INFORMATION[fault]], range(MOST))
    assert first_failure(in_columns, "less information", seeds=seeds) is not None


@pytest.mark.parametrize("fault", PLAIN, ids=name_of)
def test_the_plain_evaluator_detects(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch.setattr)
    seeds = chain([PLAIN[fault]], range(MOST))
    assert first_failure(in_columns, "the plain evaluator", seeds=seeds) is not None


@pytest.mark.parametrize("fault", OF_SYMPTOMS, ids=name_of)
def test_the_plain_evaluator_detects_what_symptoms_decide(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch.setattr)
    seeds = chain([OF_SYMPTOMS[fault]], range(MOST))
    assert first_failure(in_columns, "the plain evaluator", needed=True, seeds=seeds) is not None


def test_every_fault_is_tried() -> None:
    functions = [one for one in vars(faults).values() if isinstance(one, FunctionType)]
    own = {one for one in functions if one.__module__ == faults.__name__}
    assert own == LESS_INFORMATION.keys() | PLAIN.keys() | OF_SYMPTOMS.keys()
