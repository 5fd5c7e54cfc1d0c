"""Evidence, decision and action of every rule for one server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from needfix.cases.plain.affected import (
    affected,
    carried_at,
    carried_elsewhere,
    is_affected_at_every_edition,
)
from needfix.cases.plain.branches import Choice, branches, choices, is_closed_by_a_key
from needfix.cases.plain.build_minima import builds_differ, in_range, is_shown_by_key_files
from needfix.cases.plain.builds import OTHER, levels_of_build, place_of, version_of
from needfix.cases.plain.decision_table import action_by_table, decision_by_table
from needfix.cases.plain.files import files, running
from needfix.cases.plain.hotfixes import by_list, claimed, named_rules, newer_rules
from needfix.cases.plain.places import Here, Place, places, stated_place
from needfix.cases.plain.registry import values_differ
from needfix.cases.plain.symptoms import is_contradicted, symptoms
from needfix.catalogue import Catalogue
from needfix.model.decision import Action, DecisionKind
from needfix.model.evidence import Evidence, Files, Requires, Setting
from needfix.model.requirement import AnyOf, ProductLevel, Requirement
from needfix.model.rule import Fix, Rule
from needfix.model.server import Server

Answer = tuple[DecisionKind, Action]
_WORST_FIRST: tuple[DecisionKind, ...] = ("fix-required", "undetermined", "fix-present", "not-affected")
_CAREFUL_FIRST: tuple[Action, ...] = (
    "restart", "investigate", "wait", "confirm-symptoms", "upgrade-first", "apply", "none",
)  # fmt: skip


class Finding(NamedTuple):
    """What is decided for one product on a server, and by what. `disagreements` are codes of reasons."""

    place: Place
    evidence: Evidence
    disagreements: frozenset[str]

    @property
    def answer(self) -> Answer:
        """Decision and action."""
        decision = decision_by_table(self.evidence)
        return decision, action_by_table(self.evidence, decision)


def decide(catalogue: Catalogue, server: Server, rules: Iterable[str] | None = None) -> Mapping[str, Answer]:
    """The answers by the rules' ids; only those of `rules` where it is given."""
    evaluation = Evaluation(catalogue, server)
    own = catalogue.rules if rules is None else rules
    return {rule: evaluation.finding(catalogue.rules[rule]).answer for rule in own}


def evidence_of(catalogue: Catalogue, server: Server) -> Mapping[str, Evidence]:
    """The evidence by the rules' ids: that of the product that leads to the worst decision."""
    evaluation = Evaluation(catalogue, server)
    return {rule.id: evaluation.finding(rule).evidence for rule in catalogue}


def disagreements(catalogue: Catalogue, server: Server) -> Mapping[str, frozenset[str]]:
    """The codes of the ways in which facts about a rule disagree, by the rules' ids."""
    evaluation = Evaluation(catalogue, server)
    return {
        rule.id: frozenset().union(*(one.disagreements for one in evaluation.findings(rule)))
        for rule in catalogue
    }


class Evaluation:
    """One server held against the rules of a catalogue."""

    def __init__(self, catalogue: Catalogue, server: Server) -> None:
        self.catalogue = catalogue
        self.server = server
        self.here = places(catalogue, server)
        self._known: dict[str, list[Finding]] = {}

    def finding(self, rule: Rule) -> Finding:
        """The worst of what is found for a rule's products.

        Of a product that may not be there, a restart counts where all whose fix is present need one.
        """

        def rank(one: Finding) -> tuple[int, int]:
            decision, action = one.answer
            return _WORST_FIRST.index(decision), _CAREFUL_FIRST.index(action)

        found = self.findings(rule)
        actions = {one.answer[1] for one in found if one.answer[0] == "fix-present"}
        if actions - {"restart"}:
            restart = ("fix-present", "restart")
            found = [one for one in found if one.answer != restart or one.evidence.affected == "yes"]
        return min(found, key=rank)

    def findings(self, rule: Rule) -> list[Finding]:
        """What is found for each of a rule's products."""
        if rule.id not in self._known:
            self._known[rule.id] = [self._found(rule, place) for place in self.concerned(rule)]
        return self._known[rule.id]

    def concerned(self, rule: Rule) -> list[Place]:
        """Where the rule's products are, or may be; each of them as not there where none is."""
        definitions = [self.catalogue.products[product] for product in rule.products]
        found = [place for product in rule.products for place in self.here.of(product)]
        found += [
            stated_place(one, is_certain=False)
            for one in definitions
            if one.product in self.here.open_products
        ]
        return found or [stated_place(definitions[0], is_absent=True)]

    def required(self, entry: Requirement, place: Place | None = None) -> Requires:
        """Whether one thing is there that a rule requires."""
        if isinstance(entry, AnyOf):
            return _any_of(self.required(one, place) for one in entry.entries)
        if not isinstance(entry, str):
            return _any_of(self._level_required(entry, needed, place) for needed in entry)
        named = named_rules(self.catalogue, entry)
        return _all_of(map(self._rule_required, named)) if named else by_list(entry, self.server)

    def _rule_required(self, needed_rule: Rule) -> Requires:
        decision = self.finding(needed_rule).answer[0]
        if decision == "fix-present" or (decision == "not-affected" and self._is_carried(needed_rule)):
            return "met"
        return "unmet" if decision == "fix-required" else "unknown"

    def _found(self, rule: Rule, place: Place) -> Finding:
        chosen = choices(rule, place, self.here)
        counted = branches(rule, chosen)
        is_affected = affected(rule, place, self.here)
        shown = files(rule, counted, place, self.server)
        evidence = Evidence(
            affected=is_affected,
            files=shown,
            requires=self._requires(rule, place, chosen),
            symptoms=symptoms(rule, self.server),
            apply=rule.apply,
            if_missing=rule.if_missing,
            superseded="present" if is_affected != "no" and self._is_superseded(rule, place) else "no",
            claimed=claimed(rule, self.server),
            running=running(counted, place, self.server),
            setting=_setting(rule, counted, shown),
        )
        of_files = (
            _disagreements_about_files(rule, place, chosen, counted, self.here)
            if evidence.affected != "no"
            else ()
        )
        codes = (*self._disagreements(rule, place), *of_files)
        return Finding(place, evidence, frozenset(codes))

    def _disagreements(self, rule: Rule, place: Place) -> Iterator[str]:
        elsewhere = [mark.product for mark in rule.corrected_in if mark.product not in rule.products]
        elsewhere += [one.product for entry in rule.affects for one in entry.beside]
        for one in (place, *(one for product in elsewhere for one in self.here.of(product))):
            yield from one.contradictions
            if one.levels.is_file_newer:
                yield "file-newer-than-level"
        yield from self._disagreements_about_entries(rule)
        if is_contradicted(rule, self.server):
            yield "symptom-contradicted"
        asked = [one for entry in rule.every_entry for one in entry.registry]
        if any(values_differ(one, self.server) for one in asked):
            yield "registry-contradicted"

    def _disagreements_about_entries(self, rule: Rule) -> Iterator[str]:
        """Where facts disagree about the builds and platforms that entries ask for."""
        for entry in rule.every_entry:
            for place in self.here.of(entry.product):
                if entry.builds is not None and in_range(place.product, place.builds, entry.builds)[1]:
                    yield "build-differs"
                if entry.platform is not None and place.platform_differs:
                    yield "platform-differs"

    def _is_superseded(self, rule: Rule, place: Place) -> bool:
        return any(self._contains(newer, rule, place) for newer in newer_rules(self.catalogue, rule))

    def _contains(self, newer: Rule, older: Rule, place: Place) -> bool:
        """Whether a rule is present by its own files wherever an older one may be needed.

        It must be affected, and would be whatever edition is there. Where files are divided among entries,
        its files count that are of the same entry as the older one's.
        """
        places = [one for one in self.concerned(newer) if affected(newer, one, self.here) != "no"]
        needed = [one for one in self.concerned(older) if affected(older, one, self.here) != "no"]
        is_everywhere = all(any(one is place for place in places) for one in needed)
        is_sure = all(is_affected_at_every_edition(newer, one, self.here) for one in places)
        counted = [one for one in places if place.view is None or one.view is None or one is place]
        is_there = bool(counted) and all(self._is_proved(newer, one, older) for one in counted)
        return is_everywhere and is_sure and is_there

    def _is_proved(self, rule: Rule, place: Place, older: Rule) -> bool:
        """Whether a rule is present, and shows that another one is, which may have files."""
        counted = branches(rule, choices(rule, place, self.here))
        has_files = any(one.is_compared for fix in older.fixes for one in fix.files)
        return files(rule, counted, place, self.server) == "present" and all(
            any(one.is_compared for one in fix.files)
            or (fix.build is not None and (not has_files or is_shown_by_key_files(place.builds, fix.build)))
            for fixes in counted
            for fix in fixes
        )

    def _requires(self, rule: Rule, place: Place, chosen: list[Choice]) -> Requires:
        answers = [self.required(entry, place) for entry in rule.requires]
        branches = {
            _all_of(self.required(entry, place) for fix in choice.fixes for entry in fix.requires)
            for choice in _base(place, chosen)
        }
        of_branch: Requires = branches.pop() if len(branches) == 1 else "unknown" if branches else "met"
        return _all_of([*answers, of_branch, _built_on_later(rule, place, chosen)])

    def _level_required(
        self, entry: tuple[ProductLevel, ...], needed: ProductLevel, place: Place | None
    ) -> Requires:
        if place is not None and place.product.product == needed.product:
            return _level_reached(entry, needed, place)
        installed = self.here.of(needed.product)
        if not installed:
            return "unknown" if needed.product in self.here.open_products else "unmet"
        return _any_of(_level_reached(entry, needed, one) for one in installed)

    def _is_carried(self, rule: Rule) -> bool:
        """Whether a level of the server carries a rule's fix."""
        installed = [place for product in rule.products for place in self.here.of(product)]
        return carried_elsewhere(rule, self.here) == "yes" or any(
            not place.contradictions
            and all(carried_at(rule, place, level, place.edition) == "yes" for level in place.levels.possible)
            for place in installed
        )


def _setting(rule: Rule, counted: list[list[Fix]], shown: Files) -> Setting:
    """Whether something has to be set; values of the registry that the fixes ask for are what is set."""
    is_settled = shown == "present" and all(any(fix.registry for fix in fixes) for fixes in counted)
    return "needed" if rule.also_needed and not is_settled else "none"


def _disagreements_about_files(
    rule: Rule, place: Place, chosen: list[Choice], counted: list[list[Fix]], here: Here
) -> Iterator[str]:
    if place.platform_differs:
        yield "platform-differs"
    if place.lacks_key_files:
        yield "key-file-missing"
    if is_closed_by_a_key(rule, place, chosen, here):
        yield "no-branch"
    minima = [fix.build for fixes in counted for fix in fixes if fix.build is not None]
    if any(builds_differ(place.product, place.builds, minimum) for minimum in minima):
        yield "build-differs"
    values = [one for fixes in counted for fix in fixes for one in fix.registry]
    if here.server is not None and any(values_differ(one, here.server) for one in values):
        yield "registry-contradicted"


def _level_reached(entry: tuple[ProductLevel, ...], needed: ProductLevel, place: Place) -> Requires:
    if place.contradictions:
        return "unknown"
    answers = {_reaches(entry, needed, place, level) for level in place.levels.base}
    return answers.pop() if len(answers) == 1 else "unknown"


def _reaches(entry: tuple[ProductLevel, ...], needed: ProductLevel, place: Place, level: int) -> Requires:
    """At or after a level in its own version, or at a later version that the entry names no level of."""
    if level == OTHER:
        return "unknown"
    first = place_of(place.product, needed.level)
    own, version = version_of(place.product, level), version_of(place.product, first)
    named = {
        version_of(place.product, place_of(place.product, one.level))
        for one in entry
        if one.product == needed.product
    }
    if own == version:
        return "met" if level >= first else "unmet"
    return "met" if own not in named and level > first else "unmet"


def _built_on_later(rule: Rule, place: Place, chosen: list[Choice]) -> Requires:
    """Unmet where no fix is for the level, or the fix's key file is one of a later level."""
    if place.product.cumulative:
        return "met"
    answers = [
        one.is_of_later_level or _continues_a_later_level(rule, place, one) for one in _base(place, chosen)
    ]
    if answers and all(answers):
        return "unmet"
    return "unknown" if any(answers) else "met"


def _base(place: Place, chosen: list[Choice]) -> list[Choice]:
    """The choices with fixes, without those at levels that only a newer key file leaves possible."""
    counted = [one for one in chosen if one.fixes]
    return [one for one in counted if one.level in place.levels.base] or counted


def _continues_a_later_level(rule: Rule, place: Place, choice: Choice) -> bool:
    product = place.product
    if choice.level == OTHER or rule.requires or rule.needs_nothing:
        return False
    keys = [name.casefold() for name in product.key_files]
    minima = [
        one
        for fix in choice.fixes
        if not fix.requires and not fix.needs_nothing
        for one in fix.minima
        if one.is_build or one.name.casefold() in keys
    ]
    least = [(one.name, one.lines[0].version if one.lines else one.version) for one in minima]
    return any(
        later > choice.level and version_of(product, later) == version_of(product, choice.level)
        for name, one in least
        if one is not None
        for numbered in [product.numbered_as(name)]
        for later in [min(levels_of_build(numbered, one.release) - {OTHER}, default=OTHER)]
        if later != OTHER
    )


def _any_of(answers: Iterable[Requires]) -> Requires:
    seen = set(answers)
    if "met" in seen:
        return "met"
    return "unmet" if seen == {"unmet"} else "unknown"


def _all_of(answers: Iterable[Requires]) -> Requires:
    seen = set(answers)
    if "unmet" in seen:
        return "unmet"
    return "unknown" if "unknown" in seen else "met"
