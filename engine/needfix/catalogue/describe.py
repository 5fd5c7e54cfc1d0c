"""The content of a rule, in lines for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator

from needfix.model.explanation import Line
from needfix.model.minimum import Minimum
from needfix.model.requirement import requirement
from needfix.model.rule import Affects, Correction, Fix, Rule
from needfix.model.symptom import CounterSeen, EventSeen, Observation, Symptom


def describe(rule: Rule) -> Iterator[Line]:
    """The content of a rule, one line for each part."""
    if rule.at is not None:
        yield Line("from", str(rule.at))
    if rule.severity is not None:
        yield Line("severity", rule.severity)
    if rule.released is not None:
        yield Line("released", rule.released.isoformat())
    yield from (Line("advisory", advisory) for advisory in rule.advisories)
    yield from (Line("update", update) for update in rule.updates)
    yield from (Line("affects", affected(entry)) for entry in rule.affects)
    yield from (Line("fix", fix_text(fix)) for fix in rule.fixes)
    yield Line("apply", rule.apply)
    if rule.if_missing != "not-affected":
        yield Line("if missing", rule.if_missing)
    if rule.also_needed is not None:
        yield Line("also needed", rule.also_needed)
    yield from (Line("symptom", _symptom(symptom)) for symptom in rule.symptoms)
    yield from (Line("requires", requirement(entry)) for entry in rule.requires)
    yield from (Line("supersedes", older) for older in rule.supersedes)
    yield from (Line("corrected in", correction(mark)) for mark in rule.corrected_in)
    yield from (Line("to review", f"line {item.line}: {item.why}") for item in rule.review)


def affected(entry: Affects) -> str:
    """A product with its affected levels."""
    levels = ", ".join(map(str, sorted(entry.levels))) if entry.levels is not None else "every level"
    own = " ".join(filter(None, (entry.product, levels, entry.edition, *entry.conditions)))
    return " with ".join((own, *map(affected, entry.beside)))


def fix_text(fix: Fix) -> str:
    """A fix with its branch and its minima."""
    named = fix_branch(fix)
    files = ", ".join(map(_minimum, (*fix.files, *fix.others)))
    needed = " and ".join(map(requirement, fix.requires))
    required = f"; requires {needed}" if needed else ""
    return f"{named}: {files}{required}" if named else f"{files}{required}"


def fix_branch(fix: Fix) -> str:
    """The component and branch of a fix."""
    return ", ".join(filter(None, (fix.component, *fix.branch_words)))


def correction(mark: Correction) -> str:
    """The level from which a product carries the fix."""
    return " ".join(filter(None, (mark.product, str(mark.level), mark.edition)))


def _minimum(minimum: Minimum) -> str:
    if minimum.registry is not None:
        return minimum.value_asked
    place = f" in {minimum.path}" if minimum.path else ""
    value = minimum.text if minimum.above is not None else minimum.needed
    return f"{minimum.label}{place} {value if minimum.is_compared else '(not compared)'}"


def _symptom(symptom: Symptom) -> str:
    shown = observations(symptom)
    return f"{symptom.id}: {symptom.text}" + (f" (shown by {shown})" if shown else "")


def observations(symptom: Symptom) -> str:
    """How telemetry shows a symptom."""
    return "; or ".join(map(observation_text, symptom.observe))


def observation_text(seen: Observation) -> str:
    """One way in which telemetry shows a symptom."""
    match seen:
        case EventSeen(source, event_id, contains):
            number = f" {event_id}" if event_id is not None else ""
            return f"event {source}{number}" + (f" with {contains!r}" if contains else "")
        case CounterSeen(counter, above, seconds):
            return f"counter {counter} above {above:g}" + (f" for {seconds:g} s" if seconds else "")
        case _:
            return f"service {seen.service} {seen.state}"
