"""Whether a case decides at the same boundary as a probe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from packaging.version import Version

from needfix.cases.generating.scene import Scene
from needfix.cases.plain.registry import is_value
from needfix.cases.plain.symptoms import is_seen
from needfix.cases.probes import Aim, Probe
from needfix.cases.probes.registry_values import in_other_view
from needfix.compare.path_patterns import is_in
from needfix.intake.vocabularies import folded_language as language
from needfix.intake.vocabularies import folded_platform, normal_id, same_edition
from needfix.model.minimum import Minimum
from needfix.model.rule import Rule
from needfix.model.server import CounterSample, FileCopy
from needfix.model.symptom import CounterSeen, Observation
from needfix.versions import parse_clock_time, parse_file_version, parse_free_build

Criterion = Callable[[Probe, Scene, Scene], bool]
"""Whether a case (last) reaches what a probe is about; the server of the probe comes before it."""


def covers(probe: Probe, target: Scene, case: Scene) -> bool:
    """Whether a case shows what a probe does, with the same answer."""
    compared = 2 if probe.aim in _BY_ACTION else 1
    is_same = target.answer[:compared] == case.answer[:compared]
    return target.server == case.server or (is_same and _CRITERIA[probe.aim](probe, target, case))


# ---- files


def _has_value(probe: Probe, target: Scene, case: Scene) -> bool:
    needed, found = set(_values(probe, target)), set(_values(probe, case))
    return target.branches == case.branches and not needed.isdisjoint(found)


def _is_above(probe: Probe, target: Scene, case: Scene) -> bool:
    least, found = _values(probe, target), _values(probe, case)
    if any(one.lines for one in target.compared if one.label == probe.about):
        return _has_value(probe, target, case)
    return target.branches == case.branches and any(_reaches(f, one) for f in found for one in least)


def _is_of_build(probe: Probe, scene: Scene) -> bool:
    """Whether a probe is about the minimum of a build."""
    return any(one.is_build and one.label == probe.about for one in scene.compared)


def _value_of_registry(probe: Probe, scene: Scene) -> Minimum | None:
    """The value of the registry that a probe is about."""
    own = (one for one in scene.compared if one.registry is not None)
    return next((one for one in own if one.label == probe.about), None)


def _values(probe: Probe, scene: Scene) -> list[Version | datetime | str | None]:
    """What a scene states of the file, of the build or of the value that a probe is about."""
    if (asked := _value_of_registry(probe, scene)) is not None:
        texts = scene.values(asked)
        return [parse_file_version(one) or one for one in texts] if asked.version else list(texts)
    if _is_of_build(probe, scene):
        is_free = any(one.is_free for one in scene.compared)
        free = [parse_free_build(text) if is_free else None for text in scene.builds]
        return [own or parse_file_version(text) for own, text in zip(free, scene.builds, strict=True)]
    return [_value(copy) for copy in scene.copies(probe.about, probe.folder)]


def _value(copy: FileCopy) -> Version | datetime | None:
    """The version of a copy, or its modified time."""
    if copy.version:
        return parse_file_version(copy.version)
    moment = parse_clock_time(copy.modified or "")
    return moment.first if moment else None


def _reaches(one: Version | datetime | str | None, other: Version | datetime | str | None) -> bool:
    if isinstance(one, Version) and isinstance(other, Version):
        return one >= other
    return isinstance(one, datetime) and isinstance(other, datetime) and one >= other


def _is_missing(probe: Probe, target: Scene, case: Scene) -> bool:
    others = [
        one for one in target.compared if one.is_file and (one.name, one.path) != (probe.about, probe.folder)
    ]
    there = case.has_any(others) or not others
    is_missing = case.is_complete and not case.copies(probe.about, probe.folder)
    return target.branches == case.branches and is_missing and there


def _is_not_inventoried(probe: Probe, target: Scene, case: Scene) -> bool:
    if _is_of_build(probe, target):
        return target.branches == case.branches and not case.builds
    if (asked := _value_of_registry(probe, target)) is not None:
        return target.branches == case.branches and not case.values(asked)
    is_there = bool(case.copies(probe.about, probe.folder))
    return target.branches == case.branches and not case.is_complete and not is_there


def _is_component_missing(probe: Probe, target: Scene, case: Scene) -> bool:
    own = [fix for fix in target.fixes if probe.about in (fix.component, *(f.name for f in fix.files[:1]))]
    return case.is_complete and not case.has_any(one for fix in own for one in fix.files)


def _is_nothing_there(_: Probe, target: Scene, case: Scene) -> bool:
    return target.branches == case.branches and case.is_complete and not case.has_any(target.compared)


def _is_loaded_old(probe: Probe, target: Scene, case: Scene) -> bool:
    """Of one of several files of a fix; those of one name in several folders are looked at one by one."""
    folders = {one.path for one in target.compared if one.name.casefold() == probe.about.casefold()}
    copies = case.copies(probe.about, probe.folder) if len(folders) > 1 else case.server.files
    return target.branches == case.branches and any(copy.loaded for copy in copies)


def _is_elsewhere(probe: Probe, target: Scene, case: Scene) -> bool:
    of_entries = (one for entry in target.rule.every_entry for one in entry.registry)
    values = (one for one in (*target.compared, *of_entries) if one.label == probe.about)
    for elsewhere in filter(None, map(in_other_view, values)):
        entries = case.server.registry or ()
        return target.branches == case.branches and any(is_value(elsewhere[0], one) for one in entries)
    folders = [one.path for one in target.compared if one.name == probe.about and one.path]
    paths = [copy.path for copy in case.copies(probe.about) if copy.path]
    return any(not any(is_in(path, folder) for folder in folders) for path in paths)


# ---- products and levels


def _has_level(_: Probe, target: Scene, case: Scene) -> bool:
    # A branch that compares no file has no boundary that would distinguish it.
    is_distinguished = bool(target.compared) or target.branches == case.branches
    return target.levels <= case.levels and _editions(target) == _editions(case) and is_distinguished


def _has_level_outside(_: Probe, target: Scene, case: Scene) -> bool:
    return target.levels <= case.levels


def _has_all_levels(_: Probe, target: Scene, case: Scene) -> bool:
    """Of every product, those included that the rule's own run on."""
    needed = {(place.product.product, place.level, place.edition) for place in target.here.places}
    return needed <= {(place.product.product, place.level, place.edition) for place in case.here.places}


def _states_no_level(_: Probe, __: Scene, case: Scene) -> bool:
    return any(not entry.level and not entry.build for entry in case.server.products or ()) and bool(case.own)


def _lacks_product(_: Probe, __: Scene, case: Scene) -> bool:
    return case.server.products is not None and not case.own


def _editions(scene: Scene) -> frozenset[str]:
    return frozenset(place.edition.casefold() for place in scene.own if place.edition)


def _has_edition(probe: Probe, _: Scene, case: Scene) -> bool:
    return any(place.edition and same_edition(place.edition, probe.about) for place in case.own)


def _states_no_edition(_: Probe, __: Scene, case: Scene) -> bool:
    return any(place.edition is None for place in case.own)


def _has_other_platform(_: Probe, __: Scene, case: Scene) -> bool:
    named = {folded_platform(fix.platform) for fix in case.rule.fixes if fix.platform}
    return any(one not in named for place in case.own for one in place.platforms)


def _has_other_language(_: Probe, __: Scene, case: Scene) -> bool:
    named = {language(fix.language) for fix in case.rule.fixes if fix.language}
    return any(place.language and language(place.language) not in named for place in case.own)


# ---- other rules, symptoms


def _has_same_entries(_: Probe, target: Scene, case: Scene) -> bool:
    return target.asked == case.asked


def _has_same_requirements(_: Probe, target: Scene, case: Scene) -> bool:
    return target.requires == case.requires


def _has_same_answer_of_other_rule(probe: Probe, target: Scene, case: Scene) -> bool:
    return target.answer_of(probe.about)[0] == case.answer_of(probe.about)[0]


def _is_claimed(_: Probe, __: Scene, case: Scene) -> bool:
    listed = set(map(normal_id, case.server.hotfixes or ()))
    return not listed.isdisjoint(map(normal_id, case.rule.updates))


def _names_symptom(probe: Probe, _: Scene, case: Scene) -> bool:
    names = {probe.about.casefold(), f"{case.rule.id}/{probe.about}".casefold()}
    return not names.isdisjoint(one.casefold() for one in case.server.observed or ())


def _has_same_symptoms(_: Probe, target: Scene, case: Scene) -> bool:
    return target.symptoms == case.symptoms


def _shows(probe: Probe, target: Scene, case: Scene) -> bool:
    seen = _observation(case.rule, probe.about)
    if isinstance(seen, CounterSeen):
        return _readings(target) <= _readings(case)
    return is_seen(seen, case.server)


def _shows_nearly(probe: Probe, target: Scene, case: Scene) -> bool:
    seen = _observation(case.rule, probe.about)
    if isinstance(seen, CounterSeen):
        return _readings(target) <= _readings(case)
    events = {(one.source.casefold(), one.id == _id(seen)) for one in target.server.events or ()}
    services = {one.name.casefold() for one in target.server.services or ()}
    return (
        not is_seen(seen, case.server)
        and events <= {(one.source.casefold(), one.id == _id(seen)) for one in case.server.events or ()}
        and services <= {one.name.casefold() for one in case.server.services or ()}
    )


def _id(seen: Observation) -> int | None:
    return getattr(seen, "id", None)


def _readings(scene: Scene) -> set[CounterSample]:
    return set(scene.server.counters or ())


def _observation(rule: Rule, about: str) -> Observation:
    """The observation that a probe names by its symptom and its number."""
    symptom, _, number = about.rpartition(" ")
    own = next(one for one in rule.symptoms if one.id == symptom)
    return own.observe[int(number) - 1]


_BY_ACTION: Final[frozenset[Aim]] = frozenset(
    {
        "loaded-old", "requires-met", "requires-unmet", "symptom", "symptoms-absent",
        "symptoms-unreported", "observation", "observation-outside", "superseded", "not-superseded",
        "claimed",
    }
)  # fmt: skip
"""What shows in the action, not only in the decision."""

_CRITERIA: Final[Mapping[Aim, Criterion]] = {
    "below": _has_value,
    "at": _has_value,
    "above": _is_above,
    "loaded-old": _is_loaded_old,
    "elsewhere": _is_elsewhere,
    "file-missing": _is_missing,
    "file-not-inventoried": _is_not_inventoried,
    "component-missing": _is_component_missing,
    "all-missing": _is_nothing_there,
    "level": _has_level,
    "level-outside": _has_level_outside,
    "level-unfixed": _has_level_outside,
    "level-unstated": _states_no_level,
    "corrected": _has_all_levels,
    "not-yet-corrected": _has_all_levels,
    "other-product": _lacks_product,
    "edition": _has_edition,
    "edition-other": _has_edition,
    "edition-unstated": _states_no_edition,
    "platform-other": _has_other_platform,
    "language-other": _has_other_language,
    "asked": _has_same_entries,
    "not-asked": _has_same_entries,
    "requires-met": _has_same_requirements,
    "requires-unmet": _has_same_requirements,
    "superseded": _has_same_answer_of_other_rule,
    "not-superseded": _has_same_answer_of_other_rule,
    "claimed": _is_claimed,
    "symptom": _names_symptom,
    "symptoms-absent": _has_same_symptoms,
    "symptoms-unreported": _has_same_symptoms,
    "observation": _shows,
    "observation-outside": _shows_nearly,
}
