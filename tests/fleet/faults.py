"""Faults put back into what only the columns do: files, kinds of servers, and what is reported."""

# ruff: noqa: SLF001 - what is put out of order is not public

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from needfix.fleet import (
    cell_table,
    cells,
    copies,
    dependencies,
    engine,
    facts,
    file_evidence,
    kinds,
    layers,
    reported,
    telemetry,
    version_ranks,
)
from needfix.fleet.facts import Statements
from needfix.intake.vocabularies import platform
from needfix.versions import parse_moment, parse_version

Patch = Callable[[object, str, Any], None]
Given = Any  # what the function takes that is put out of order


# ---- copies of files


def an_unknown_platform_of_a_copy_is_another_one(patch: Patch) -> None:
    patch(copies, "platform", lambda text: platform(text) or text)


def copies_in_backup_folders_count(patch: Patch) -> None:
    patch(copies, "_keep_old_files", lambda _: None)


def key_files_in_backup_folders_count(patch: Patch) -> None:
    patch(kinds, "_counting", lambda _, rows: rows)


def a_copy_of_another_platform_is_absence(patch: Patch) -> None:
    whole = copies.rows_of
    patch(cells, "rows_of", lambda *given: (whole(*given)[0], np.zeros(0, np.int64)))


def a_list_with_a_nameless_file_is_whole(patch: Patch) -> None:
    patch(copies, "is_nameless", lambda *_: False)


def a_copy_without_version_is_passed_over(patch: Patch) -> None:
    patch(cell_table.CellTable, "unstated", lambda *_: None)


def a_copy_that_cannot_be_read_is_passed_over(patch: Patch) -> None:
    patch(cell_table.CellTable, "unreadable", lambda *_: None)


def a_short_version_reaches_what_begins_with_it(patch: Patch) -> None:
    patch(cell_table.CellTable, "coarse", lambda *_: None)


def a_short_version_is_followed_by_zeros(patch: Patch) -> None:
    patch(version_ranks.VersionRanks, "_highest", lambda *given: given[-1])
    patch(version_ranks, "behind", lambda version: version)


def any_number_is_a_version(patch: Patch) -> None:
    patch(version_ranks, "parse_file_version", parse_version)


def a_time_of_1601_is_a_time(patch: Patch) -> None:
    patch(cells, "parse_clock_time", parse_moment)


def a_file_that_is_not_inventoried_is_passed_over(patch: Patch) -> None:
    whole = file_evidence.FileEvidence._states

    def states(self: Given, *given: Given) -> Given:
        found = whole(self, *given)
        return found._replace(unknown=np.zeros_like(found.unknown))

    patch(file_evidence.FileEvidence, "_states", states)


def a_file_that_cannot_be_read_is_new_enough(patch: Patch) -> None:
    whole = file_evidence.FileEvidence._states

    def states(self: Given, *given: Given) -> Given:
        found = whole(self, *given)
        return found._replace(
            unreadable=np.zeros_like(found.unreadable), reached=found.reached | found.unreadable
        )

    patch(file_evidence.FileEvidence, "_states", states)


def a_list_without_key_files_is_believed(patch: Patch) -> None:
    patch(file_evidence.FileEvidence, "_states", lambda _, layer, cells: layer.states(cells))


def what_one_branch_says_is_enough(patch: Patch) -> None:
    whole = file_evidence.FileEvidence._branches
    patch(file_evidence.FileEvidence, "_branches", lambda *given: list(whole(*given))[:1])


# ---- kinds of servers


def an_empty_list_of_products_is_whole(patch: Patch) -> None:
    def listed(products: Given, are_complete: Given) -> Given:
        return np.zeros(len(are_complete), np.bool_) if products is None else products.lists.is_stated

    patch(kinds, "_listed", listed)


def key_files_of_all_platforms_are_of_one_kind(patch: Patch) -> None:
    whole = kinds.KeyFile._code
    patch(kinds.KeyFile, "_code", lambda self, version, _: whole(self, version, None))


def key_files_of_all_versions_are_of_one_kind(patch: Patch) -> None:
    patch(kinds.KeyFile, "_meaning", lambda _, text: bool(text))


def one_copy_of_a_key_file_shows_the_kind(patch: Patch) -> None:
    whole = kinds.by_server
    patch(kinds, "by_server", lambda *given: (found := whole(*given))._replace(columns=found.columns[:1]))


def complete_lists_of_files_are_of_the_kind_of_others(patch: Patch) -> None:
    whole: Given = kinds.kinds

    def same(*given: Given) -> Given:
        *before, complete, registry = given
        return whole(*before, complete._replace(files=np.zeros_like(complete.files)), registry)

    patch(engine, "kinds", same)


# ---- symptoms, hotfixes, running modules


def what_telemetry_may_show_is_not_shown(patch: Patch) -> None:
    whole = telemetry._statements

    def statements(found: Given, kind: int) -> Statements:
        return whole(found, kind) if kind == 0 else Statements.nothing()

    patch(telemetry, "_statements", statements)


def a_list_with_a_nameless_symptom_is_whole(patch: Patch) -> None:
    patch(reported, "says_nothing", lambda _: False)


def a_scope_without_a_list_is_complete(patch: Patch) -> None:
    patch(facts.Batch, "reports", property(lambda self: self.scopes))


def a_list_of_hotfixes_need_not_be_complete(patch: Patch) -> None:
    whole = reported.hotfixes

    def hotfixes(batch: Given) -> Given:
        found = whole(batch)
        return found._replace(is_whole=found.has_list)

    patch(engine, "hotfixes", hotfixes)


def a_module_of_unknown_version_is_old(patch: Patch) -> None:
    whole = layers.SlotRows.below

    def below(self: Given, cells: Given) -> Given:
        is_rank = (cells < len(self.by_rank))[:, None]
        return np.where(is_rank, whole(self, cells), self.every)

    patch(layers.SlotRows, "below", below)


# ---- other rules


def a_rule_that_is_not_present_supersedes(patch: Patch) -> None:
    whole = dependencies._contained
    patch(dependencies, "_contained", lambda tables, present: whole(tables, ~np.zeros_like(present)))


def a_rule_that_is_undetermined_is_not_there(patch: Patch) -> None:
    whole = dependencies.Requirements._one

    def one(self: Given, *given: Given) -> Given:
        is_met, _ = whole(self, *given)
        return is_met, ~is_met

    patch(dependencies.Requirements, "_one", one)
