"""Faults put back into the engine, each of a kind that a law must detect; columns share most of this code.

Each takes out what keeps an unproved answer from being given.
"""

# ruff: noqa: SLF001 - what is put out of order is not public

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from needfix.catalogue.level_finding import levels_of_version
from needfix.compare import (
    affected,
    branches,
    builds,
    files,
    installed,
    level_facts,
    levels,
    path_patterns,
    product_facts,
    registry,
    reported,
    running,
    server_files,
    tracked,
)
from needfix.compare.affected_entries import ProductEntries
from needfix.compare.builds import BuildLevels
from needfix.compare.installation import Installation, Installed
from needfix.compare.possible import PossibleObservations
from needfix.compare.tracked import Interval
from needfix.decide import dependencies, engine, evaluation, preparation
from needfix.intake.vocabularies import edition, language, normal_id, platform, says_nothing
from needfix.model.server import FileCopy, Server
from needfix.versions import parse_clock_time, parse_moment, parse_version

Patch = Callable[[object, str, Any], None]
Fault = Callable[[Patch], None]
Given = Any  # what the function takes that is put out of order
_NONE = frozenset[Any]()


# ---- words that are not understood


def an_unknown_platform_of_a_copy_is_another_one(patch: Patch) -> None:
    def is_other(self: Given, copy: FileCopy) -> bool:
        return bool(self.platform and copy.platform) and platform(copy.platform or "") != self.platform

    patch(tracked.TrackedFile, "_is_other", is_other)


def an_unknown_platform_of_a_product_is_another_one(patch: Patch) -> None:
    patch(product_facts, "platform", lambda text: platform(text) or text)


def an_unknown_language_is_another_one(patch: Patch) -> None:
    patch(product_facts, "language", lambda text: language(text) or text)


def an_edition_outside_the_list_is_another_one(patch: Patch) -> None:
    patch(product_facts, "own_edition", lambda _, text: edition(text))


def a_name_that_says_nothing_is_another_product(patch: Patch) -> None:
    patch(installed, "says_nothing", lambda _: False)


def an_unknown_state_of_a_service_is_another_one(patch: Patch) -> None:
    patch(PossibleObservations, "of_service", lambda *_: iter(()))


def an_event_that_lacks_a_value_is_another_one(patch: Patch) -> None:
    patch(PossibleObservations, "of_event", lambda *_: iter(()))


def a_counter_without_a_duration_is_none(patch: Patch) -> None:
    patch(PossibleObservations, "of_counters", lambda *_, **__: iter(()))


# ---- versions and times


def any_number_is_a_version(patch: Patch) -> None:
    patch(tracked, "parse_file_version", parse_version)


def a_short_version_is_followed_by_zeros(patch: Patch) -> None:
    patch(tracked, "behind", lambda version: version)


def a_time_of_1601_is_a_time(patch: Patch) -> None:
    patch(tracked, "_timed", tracked._timed.__wrapped__)
    patch(tracked, "parse_clock_time", parse_moment)


def a_zone_that_is_not_stated_is_utc(patch: Patch) -> None:
    def timed(text: str, minimum: Given) -> Interval:
        moment = parse_clock_time(text)
        reached = moment._replace(has_zone=minimum.has_zone).reaches(minimum) if moment else None
        return Interval(0, 1) if reached is None else Interval(int(reached), int(reached))

    patch(tracked, "_timed", timed)


def numberings_by_years_are_compared_with_others(patch: Patch) -> None:
    patch(tracked, "counts_years", lambda _: False)


def a_file_that_cannot_be_read_is_new_enough(patch: Patch) -> None:
    whole = tracked.state_of
    patch(
        server_files, "state_of", lambda *facts: {"unreadable": "reached"}.get(state := whole(*facts), state)
    )


def a_copy_without_version_is_passed_over(patch: Patch) -> None:
    whole = tracked.TrackedFile.own

    def own(self: Given, copies: Given) -> list[FileCopy]:
        found = whole(self, copies)
        return [copy for copy in found if not says_nothing(copy.version or "")] or found

    patch(tracked.TrackedFile, "own", own)


def the_newest_of_several_copies_counts(patch: Patch) -> None:
    whole = tracked.TrackedFile.own

    def newest(self: Given, copies: Given) -> list[FileCopy]:
        shown = [(interval.low, copy) for copy in whole(self, copies) if (interval := self.shown(copy))]
        best = max((low for low, _ in shown), default=0)
        return [copy for low, copy in shown if low == best][:1] or whole(self, copies)

    patch(tracked.TrackedFile, "own", newest)


def a_file_that_is_not_inventoried_is_passed_over(patch: Patch) -> None:
    whole = files.of_states

    def of_states(states: Sequence[Given]) -> Given:
        return whole([state for state in states if state != "not-inventoried"] or states)

    patch(files, "of_states", of_states)
    patch(evaluation, "of_states", of_states)


def a_key_file_of_no_level_proves_a_minimum(patch: Patch) -> None:
    whole = levels._agreed
    patch(levels, "_agreed", lambda *facts: whole(*facts)._replace(unproven=frozenset()))


# ---- levels


def the_lowest_key_file_shows_the_level(patch: Patch) -> None:
    whole = level_facts.shown_facts

    def lowest(product: Given, copies: Given) -> Iterator[Given]:
        found = [(parse_version(fact.text), fact) for fact in whole(product, copies)]
        known = [(version, place) for place, (version, _) in enumerate(found) if version is not None]
        yield from (found[place][1] for _, place in sorted(known)[:1])

    patch(levels, "shown_facts", lowest)


def a_newer_key_file_leaves_the_stated_level(patch: Patch) -> None:
    whole = levels._possible

    def stated_only(*facts: Given) -> Given:
        possible, raised = whole(*facts)
        return possible - raised, _NONE

    patch(levels, "_possible", stated_only)


def a_newer_key_file_shows_the_level_by_itself(patch: Patch) -> None:
    whole = levels._possible

    def shown_only(*facts: Given) -> Given:
        possible, raised = whole(*facts)
        return raised or possible, _NONE

    patch(levels, "_possible", shown_only)


def a_key_file_that_contradicts_is_ignored(patch: Patch) -> None:
    whole = levels.find_level

    def without_files(product: Given, entry: Given, in_name: Given, copies: Given) -> Given:
        found = whole(product, entry, in_name, copies)
        return (
            whole(product, entry, in_name, levels.KeyFiles((), ()))
            if found.contradictions and entry
            else found
        )

    patch(product_facts, "find_level", without_files)


def a_build_that_contradicts_is_ignored(patch: Patch) -> None:
    whole = levels.find_level

    def without_build(product: Given, entry: Given, in_name: Given, copies: Given) -> Given:
        found = whole(product, entry, in_name, copies)
        if not found.contradictions or entry is None or not entry.level:
            return found
        return whole(product, replace(entry, build=None), in_name, copies)

    patch(product_facts, "find_level", without_build)


def a_version_by_itself_is_its_first_level(patch: Patch) -> None:
    whole = levels_of_version
    patch(level_facts, "levels_of_version", lambda *facts: whole(*facts)[:1])


def a_level_that_cannot_be_read_is_the_first_one(patch: Patch) -> None:
    whole = level_facts._of_level

    def of_level(product: Given, text: str, named: Given) -> Iterator[Given]:
        found = list(whole(product, text, named))
        yield from found or whole(product, product.levels[0].level.text, named)

    patch(level_facts, "_of_level", of_level)


def a_level_that_cannot_be_read_contradicts_a_build(patch: Patch) -> None:
    whole = level_facts._of_level

    def of_level(product: Given, text: str, named: Given) -> Iterator[Given]:
        yield from list(whole(product, text, named)) or [
            level_facts.LevelFact("level", f"the level {text}", text, None)
        ]

    patch(level_facts, "_of_level", of_level)


def a_build_between_two_ranges_is_of_the_level_before(patch: Patch) -> None:
    whole = builds._in_ranges

    def nearest(numbers: Given, ranges: Given) -> BuildLevels:
        listed = list(ranges)
        found = whole(numbers, listed)
        below = [own for own in listed if own.begin <= tuple(numbers)]
        return BuildLevels(frozenset(below[-1].levels)) if found.is_outside and below else found

    patch(builds, "_in_ranges", nearest)


def a_build_that_is_cut_short_is_followed_by_zeros(patch: Patch) -> None:
    patch(builds, "_behind", lambda numbers: (*numbers, 1))


def a_level_that_a_key_file_raises_meets_what_is_required(patch: Patch) -> None:
    whole = dependencies._at_or_after
    raised_too = frozenset[Any]()
    patch(
        dependencies,
        "_at_or_after",
        lambda needed, here: whole(needed, replace(here, raised=raised_too, possible=here.possible[-1:])),
    )


# ---- products


def a_key_file_that_the_list_leaves_out_is_ignored(patch: Patch) -> None:
    patch(installed, "_left_out", lambda *_: iter(()))


def an_empty_list_of_products_is_whole(patch: Patch) -> None:
    for module in (installed, engine):
        patch(module, "has_whole_list", lambda server: server.products is not None)


def a_list_without_key_files_is_believed(patch: Patch) -> None:
    whole = product_facts.installation_of
    patch(installed, "installation_of", lambda *facts: replace(whole(*facts), lacks_key_files=False))


def any_file_shows_the_platform(patch: Patch) -> None:
    def of_all_files(self: Given, server: Server) -> Installed:
        found = installed.installed(self.catalogue, server)
        shown = {one for copy in server.files if copy.platform and (one := platform(copy.platform))}
        return replace(
            found,
            installations=tuple(
                replace(here, platforms=here.platforms or tuple(sorted(shown)))
                for here in found.installations
            ),
        )

    patch(engine.Engine, "installed", of_all_files)


def only_the_entry_shows_the_platform(patch: Patch) -> None:
    whole = product_facts._platforms
    patch(
        product_facts,
        "_platforms",
        lambda product, entry, copies: whole(product, entry, () if entry else copies),
    )


def an_edition_in_the_name_is_ignored(patch: Patch) -> None:
    whole = product_facts._edition
    patch(product_facts, "_edition", lambda *facts: (whole(*facts)[0], None, []))


def another_product_that_may_carry_the_fix_does_not(patch: Patch) -> None:
    whole = affected._corrected_elsewhere
    patch(
        affected,
        "_corrected_elsewhere",
        lambda *facts: found if (found := whole(*facts))[0] == "yes" else ("no", ()),
    )


def a_correction_is_of_every_edition(patch: Patch) -> None:
    patch(ProductEntries, "is_for", lambda *_: True)


def an_unknown_edition_is_none_that_a_rule_names(patch: Patch) -> None:
    whole = ProductEntries.of
    patch(ProductEntries, "of", lambda *given: whole(*given)._replace(editions=()))


def an_unknown_level_is_the_first_one(patch: Patch) -> None:
    whole = ProductEntries.at_every
    patch(
        ProductEntries,
        "at_every",
        lambda own, known, edition: whole(own, known or (own.product.levels[0].level,), edition),
    )


def a_level_that_no_fix_is_for_is_passed_over(patch: Patch) -> None:
    patch(branches, "_without_fixes", lambda *_: ())


def a_time_of_another_language_leaves_its_branch(patch: Patch) -> None:
    whole = branches._by_language

    def by_language(rule: Given, fixes: Given, here: Installation) -> Given:
        kept = [fix for fix in fixes if not (branches._is_foreign(fix, here) and branches._has_times(fix))]
        return whole(rule, kept or fixes, here)

    patch(branches, "_by_language", by_language)


def facts_that_exclude_each_other_leave_the_first(patch: Patch) -> None:
    whole = affected._part

    def part(rule: Given, product: Given, here: Installation, installed: Given) -> Given:
        claim = here.claims[0] if here.claims else None
        if claim is None or claim.levels is None:
            return whole(rule, product, here, installed)
        plain = replace(here, possible=claim.levels, contradictions=(), claims=())
        return whole(rule, product, plain, installed)

    patch(affected, "_part", part)


# ---- files and branches


def copies_in_backup_folders_count(patch: Patch) -> None:
    patch(tracked, "is_kept_for_later", lambda _: False)
    for module in (product_facts, engine):
        patch(module, "counts", lambda _: True)


def a_copy_of_another_platform_is_absence(patch: Patch) -> None:
    patch(tracked.TrackedFile, "others", lambda *_: [])


def a_path_that_cannot_be_followed_lies_elsewhere(patch: Patch) -> None:
    patch(path_patterns, "is_whole", lambda _: True)


def a_list_with_a_nameless_file_is_whole(patch: Patch) -> None:
    patch(tracked, "is_nameless", lambda *_: False)


def what_is_not_stated_chooses_the_first_branch(patch: Patch) -> None:
    whole = branches._completed
    patch(branches, "_completed", lambda rule, at: list(whole(rule, at))[:1])


def levels_older_than_the_oldest_branch_have_no_fix(patch: Patch) -> None:
    patch(branches, "_chosen_or_next", lambda rule, at: (branches._chosen(rule.fixes, at), None))


def a_fix_that_is_built_on_a_later_level_needs_none(patch: Patch) -> None:
    patch(preparation, "_built_on_later", lambda *_: None)


# ---- symptoms, hotfixes, running modules


def a_scope_without_a_list_is_complete(patch: Patch) -> None:
    patch(Server, "reports", lambda self, scope: scope in self.complete)


def a_list_with_a_nameless_symptom_is_whole(patch: Patch) -> None:
    patch(reported, "says_nothing", lambda _: False)


def a_symptom_that_is_denied_is_not_observed(patch: Patch) -> None:
    whole = reported.ReportedSymptoms.is_observed
    patch(
        reported.ReportedSymptoms,
        "is_observed",
        lambda self, *facts: whole(self, *facts) and not self.is_denied(*facts),
    )


def a_list_of_hotfixes_need_not_be_complete(patch: Patch) -> None:
    patch(
        reported.HotfixList,
        "has",
        lambda self, hotfix: "met" if normal_id(hotfix) in self.ids else "unmet",
    )


def a_claim_proves_the_fix(patch: Patch) -> None:
    whole = evaluation.Evaluation.evidence

    def evidence(self: Given, own: Given) -> Given:
        found = whole(self, own)
        is_claimed = found.claimed == "installed" and found.files == "unknown"
        return found._replace(files="present") if is_claimed else found

    patch(evaluation.Evaluation, "evidence", evidence)


def a_module_of_unknown_version_is_old(patch: Patch) -> None:
    patch(running._Module, "is_old", property(lambda self: not self.is_current))


# ---- values of the registry


def an_entry_that_may_be_of_a_value_is_of_another_one(patch: Patch) -> None:
    whole = registry.AskedValue.has
    patch(registry.AskedValue, "has", lambda self, entry: whole(self, entry) is True)


def a_value_that_is_no_version_is_below_the_minimum(patch: Patch) -> None:
    whole = registry.AskedValue.is_met
    patch(registry.AskedValue, "is_met", lambda self, entry: whole(self, entry) is True)


# ---- other rules


def a_rule_that_may_not_be_affected_supersedes(patch: Patch) -> None:
    def has(self: Given, _: Given, newer: Given, of_newer: Given) -> bool:
        return of_newer.affected != "no" and bool(self._is_in_every_edition(newer, of_newer))

    patch(dependencies.Proofs, "has", has)


def a_rule_supersedes_whatever_the_edition(patch: Patch) -> None:
    patch(dependencies.Proofs, "_is_in_every_edition", lambda *_: True)


def any_product_of_a_rule_stands_for_all_editions(patch: Patch) -> None:
    def is_sure(self: Given, rule: Given, own: Installation) -> bool:
        name = own.product.product
        others = (there for there in self._here.installations if there.product.product != name)
        found = affected.assess(rule, replace(self._here, installations=(own, *others)))
        return bool(found.affected == "yes")

    patch(dependencies.Proofs, "_is_sure", is_sure)


def a_rule_that_is_not_present_supersedes(patch: Patch) -> None:
    patch(evaluation.Evaluation, "is_proof", lambda self, rule_id, _, **__: rule_id in self.checklist.proving)


def a_rule_that_is_undetermined_is_not_there(patch: Patch) -> None:
    patch(evaluation, "_REQUIRED", {"fix-present": "met", "fix-required": "unmet", "undetermined": "unmet"})
