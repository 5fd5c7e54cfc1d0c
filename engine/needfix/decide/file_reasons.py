"""Reasons about files and about the branch of a fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from needfix.catalogue.minimum_sides import needed_by
from needfix.compare.files import FixChecks, installed_fixes, of_branch
from needfix.compare.registry_reasons import value_reasons
from needfix.compare.tracked import FileCheck, FileState, is_kept_for_later, stated
from needfix.decide.build_reasons import build_reasons
from needfix.decide.checklist import RuleChecklist
from needfix.decide.evaluation import Evaluation
from needfix.decide.file_names import FileNames
from needfix.infer.inference import Outcome
from needfix.model.decision import Reason
from needfix.model.evidence import Evidence
from needfix.model.minimum import Minimum
from needfix.model.server import FileCopy
from needfix.versions import behind, parse_file_version

_FIRST: dict[str, tuple[FileState, ...]] = {
    "fix-required": ("below", "missing", "unreadable", "not-inventoried", "reached"),
    "undetermined": ("unreadable", "not-inventoried", "below", "missing", "reached"),
    "not-affected": ("missing", "below", "unreadable", "not-inventoried", "reached"),
    "fix-present": ("below", "reached", "missing", "unreadable", "not-inventoried"),
}
"""The states of files in the order that matters for a decision."""


def file_reasons(
    here: Evaluation, checklist: RuleChecklist, evidence: Evidence, outcome: Outcome
) -> Iterator[Reason]:
    """What the files of the chosen fixes show, and why no fix could be chosen."""
    found = _looked_at(here, checklist)
    order = _FIRST[outcome.decision]
    if evidence.files == "absent" and outcome.decision != "fix-required":
        yield _component_missing(checklist)
    yield from (reason for choice in checklist.choices for reason in choice.reasons)
    yield from _ambiguous(here, checklist)
    names = FileNames.of(here, checklist)
    for check, state in sorted(found, key=lambda pair: order.index(pair[1])):
        if check.minimum.is_build:
            yield from map(names.with_branch(check), build_reasons(here, check))
        elif check.minimum.registry is not None:
            found_value = here.registry.measure(check)
            yield from map(names.with_branch(check), value_reasons(check.minimum, found_value))
        else:
            yield names.with_branch(check)(_file_reason(here, names, check, state))
    yield from _platforms(here, names, (check for check, _ in found))
    if evidence.files == "partial":
        yield _partial(names, found)
    if checklist.rule.if_missing == "not-affected":
        yield from _missing_components(here, checklist)
    if not found and evidence.files == "unknown":
        yield _nothing_to_compare(checklist)


def _looked_at(here: Evaluation, checklist: RuleChecklist) -> list[tuple[FileCheck, FileState]]:
    """The minima of the fixes that count, each once, and whether the files reach them."""
    if checklist.simple is not None:
        return list(zip(checklist.simple, here.states_of(checklist, checklist.simple), strict=True))
    state = here.states(checklist)
    branches = (branch for installation in checklist.checks for branch in installation)
    fixes = (fix for branch in branches for fix in installed_fixes(branch, state))
    return [(check, state(check)) for check in dict.fromkeys(chain.from_iterable(fixes))]


def _file_reason(here: Evaluation, names: FileNames, check: FileCheck, state: FileState) -> Reason:
    minimum = check.minimum
    if state == "missing":
        sentence = f"{names.of_minimum(minimum)} is not among the server's files"
        return Reason("file-missing", sentence, minimum.name, expected=minimum.text)
    if state == "not-inventoried":
        return _not_inventoried(here, names, check)
    copy = _deciding(here, check, state)
    observed = (copy.modified if minimum.modified else copy.version) if copy else None
    is_sure = observed and minimum.lines and state != "unreadable"
    version = parse_file_version(observed or "") if is_sure else None
    code, sentence = _SENTENCES[state]
    if state == "unreadable" and copy and _is_coarse(copy, minimum):
        sentence = _COARSE
    needed = needed_by(minimum, version)
    of_lines = "its minimum" if minimum.lines else minimum.text
    text = sentence.format(file=names.placed(check, copy), observed=observed, minimum=of_lines, needed=needed)
    return Reason(code, text, minimum.name, copy.path if copy else None, observed, minimum.text)


def _not_inventoried(here: Evaluation, names: FileNames, check: FileCheck) -> Reason:
    minimum, copy = check.minimum, _deciding(here, check, "not-inventoried")
    what = "modified time" if minimum.modified else "version"
    if copy is None:
        copy = next(iter(here.files.others(check)), None)
        known = _only_others(minimum, copy) if copy else f"{names.of_minimum(minimum)} was not inventoried"
    elif check.instance is not None and not check.instance.has(copy):
        known = f"Nothing shows whether {names.placed(check, copy)} belongs to this installation"
    elif minimum.path and stated(copy.path) is None:
        known = f"The inventory gives no path for {minimum.name}, and the fix is for {minimum.path}"
    else:
        known = f"The inventory gives no {what} for {names.placed(check, copy)}"
    path = copy.path if copy else None
    sentence = f"{known}; {minimum.needed} is needed"
    return Reason("file-not-inventoried", sentence, minimum.name, path, None, minimum.text)


def _only_others(minimum: Minimum, copy: FileCopy) -> str:
    """Why the copies that there are do not count."""
    where = f"in {copy.path}" if copy.path else "in another folder"
    if is_kept_for_later(copy):
        return f"{minimum.name} is only there {where}, where Windows keeps files that do not run"
    return f"{minimum.name} is only there for {copy.platform}, another platform than the fix's"


_SENTENCES = {
    "below": ("file-below-minimum", "{file} is {observed}; {needed} is needed"),
    "reached": ("file-reaches-minimum", "{file} is {observed}; {needed} is needed"),
    "unreadable": (
        "file-unreadable",
        "{file} is {observed!r}, which cannot be compared; {needed} is needed",
    ),
}
_COARSE = "{file} is {observed}, which does not show on which side of {minimum} it lies; {needed} is needed"


def _is_coarse(copy: FileCopy, minimum: Minimum) -> bool:
    """Whether a version can be read, and is the beginning of the minimum."""
    version = parse_file_version(copy.version or "") if minimum.by_version else None
    return version is not None and any(version < one < behind(version) for one in minimum.versions)


def _deciding(here: Evaluation, check: FileCheck, state: FileState) -> FileCopy | None:
    """The copy that a state is about: the lowest one, or the first that does not show it."""
    measured = here.files.of(check.instance).measure(check.tracked)
    if state in ("below", "reached"):
        return measured.copy
    about = (copy for copy in here.files.copies(check) if here.files.copy_state(check, copy) == state)
    return next(about, measured.copy)


def _platforms(here: Evaluation, names: FileNames, checks: Iterable[FileCheck]) -> Iterator[Reason]:
    """Platforms of copies that are not understood, where the fix is for one."""
    for check in (one for one in checks if one.minimum.is_file):
        for copy in here.files.of_unreadable_platform(check):
            sentence = f"The platform {copy.platform!r} of {names.placed(check, copy)} is not understood"
            more = "; the copy counts as if none were stated"
            yield Reason("platform-unreadable", sentence + more, copy.name, copy.path, copy.platform)


def _component_missing(checklist: RuleChecklist) -> Reason:
    names = {
        fix.component
        for choice in checklist.choices
        for b in choice.branches
        for fix in b.fixes
        if fix.component
    }
    component = ", ".join(sorted(names)) or f"The component that {checklist.rule.id} corrects"
    return _component_reason(component)


def _component_reason(component: str) -> Reason:
    return Reason(
        "component-not-installed", f"{component} is not installed: none of its files is on the server"
    )


def _nothing_to_compare(checklist: RuleChecklist) -> Reason:
    fixes = (fix for choice in checklist.choices for branch in choice.branches for fix in branch.fixes)
    names = list(dict.fromkeys(minimum.name for fix in fixes for minimum in fix.files))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    listed = ", ".join(names[:_MOST_NAMES]) + more
    sentence = (
        f"The vendor gives no version or date for {listed}, "
        "so files cannot show whether this fix is installed; check by hand"
    )
    return Reason("nothing-to-compare", sentence)


_MOST_NAMES = 6


def _partial(names: FileNames, found: list[tuple[FileCheck, FileState]]) -> Reason:
    good, bad, unclear = (
        ", ".join(dict.fromkeys(names.of_minimum(check.minimum) for check, state in found if state in states))
        for states in (("reached",), ("below", "missing"), ("unreadable",))
    )
    if not good:
        return Reason("partial", f"At most part of the fix is installed: perhaps {unclear}, but not {bad}")
    return Reason("partial", f"Only part of the fix is installed: {good}, but not {bad}")


def _ambiguous(here: Evaluation, checklist: RuleChecklist) -> Iterator[Reason]:
    for choice, branches in zip(checklist.choices, checklist.checks, strict=True):
        if len(branches) == 1:
            continue
        answers = {
            branch.name: (
                f"the files are {of_branch(checks, here.states(checklist))}"
                if branch.fixes
                else f"{checklist.rule.id} has no fix"
            )
            for branch, checks in zip(choice.branches, branches, strict=True)
        }
        if len(set(answers.values())) > 1:
            results = "; ".join(f"for {name} {answer}" for name, answer in answers.items())
            sentence = f"The facts do not show which fix is for this server: {results}"
            yield Reason("branch-ambiguous", sentence, expected=" or ".join(answers))


def _missing_components(here: Evaluation, checklist: RuleChecklist) -> Iterator[Reason]:
    for choice, branches in zip(checklist.choices, checklist.checks, strict=True):
        for branch, checks in zip(choice.branches, branches, strict=True):
            kept: tuple[FixChecks, ...] = tuple(installed_fixes(checks, here.states(checklist)))
            own = zip(branch.fixes, checks, strict=True) if branch.fixes else ()
            for fix, fix_checks in own:
                if fix_checks not in kept:
                    yield _component_reason(fix.component or "A component")
