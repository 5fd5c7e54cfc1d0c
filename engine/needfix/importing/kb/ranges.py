"""Bare versions that seem to mean all their service packs: only `5.5` is listed, beside a fix for SP4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from needfix.compare.builds import levels_of_build
from needfix.importing.kb.article import Article
from needfix.importing.kb.draft import AffectedDraft, Doubt, FileDraft, FixDraft, Range, RuleDraft
from needfix.importing.kb.subject import ArticleSubject
from needfix.model.product import ProductDefinition
from needfix.versions import Level, LevelText, parse_version

_KEYWORD = re.compile(r"kb(?P<stem>[a-z]+?)(?P<version>[0-9]{3,4})presp(?P<pack>[0-9])fix")
_STEMS = {
    "exchange": "exchange", "winnt": "nt", "sms": "systems", "snaserv": "sna", "win": "windows",
    "iis": "internet",
}  # fmt: skip
_LEAST_PARTS = 3
"""A version of fewer numbers has no build."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A level that the fix is for, according to something other than the list of affected levels."""

    level: Level
    why: str


def proposals(subject: ArticleSubject, draft: RuleDraft) -> Iterator[Doubt]:
    """A doubt for each entry whose list cannot be all that the fix is for, with the range that can."""
    for entry in draft.affects:
        definition = subject.definition(entry.product)
        of_facts = tuple(_hints(entry, draft, definition))
        hints = of_facts or tuple(_hints_of_keywords(subject.article, definition))
        beside = frozenset().union(*(other.listed for other in draft.affects if _is_beside(other, entry)))
        hints = tuple(hint for hint in hints if hint.level not in beside)
        for version in dict.fromkeys(level.version for level in sorted(entry.listed)):
            yield from _of_version(entry, version, hints, definition)


def _is_beside(other: AffectedDraft, entry: AffectedDraft) -> bool:
    """Whether another bullet lists more levels of the same product and edition."""
    return other is not entry and (other.product, other.edition) == (entry.product, entry.edition)


def accepted(draft: RuleDraft, doubts: Sequence[Doubt]) -> RuleDraft:
    """The draft with every proposed range in its place, and the doubts that are left."""
    proposed = [doubt for doubt in doubts if doubt.propose is not None]
    return replace(
        draft,
        affects=tuple(_with(entry, proposed) for entry in draft.affects),
        doubts=tuple(doubt for doubt in doubts if doubt.propose is None),
    )


def _with(entry: AffectedDraft, proposed: Iterable[Doubt]) -> AffectedDraft:
    for doubt in proposed:
        found = doubt.propose
        if found and (found.product, found.edition, found.line) == (entry.product, entry.edition, entry.line):
            new = [level for level in found.levels if isinstance(level, Range)]
            kept = [level for level in entry.levels if not any(_within(level, span) for span in new)]
            entry = replace(entry, levels=(*kept, *new))
    return entry


def _within(level: Level | Range, span: Range) -> bool:
    return isinstance(level, Level) and span.first <= level <= span.last


def _of_version(
    entry: AffectedDraft, version: str, hints: Sequence[Hint], definition: ProductDefinition
) -> Iterator[Doubt]:
    listed = sorted(level for level in entry.listed if level.version == version)
    beyond = [hint for hint in hints if hint.level.version == version and hint.level > listed[-1]]
    if not beyond:
        return
    highest = max(beyond, key=lambda hint: hint.level)
    reasons = "; ".join(dict.fromkeys(hint.why for hint in beyond if hint.level == highest.level))
    if len(listed) > 1 or listed[0] != _bare(listed[0], definition):
        why = f"{', '.join(map(str, listed))} are listed, yet {reasons}"
        yield Doubt(entry.line, entry.text, why, "affects")
        return
    span = Range(listed[0], highest.level)
    levels = tuple(span if level == listed[0] else level for level in entry.levels)
    why = f"only {listed[0]} is listed, yet {reasons}: it may stand for all its service packs"
    yield Doubt(entry.line, entry.text, why, "affects", replace(entry, levels=levels))


def _bare(level: Level, definition: ProductDefinition) -> Level:
    """The first level of a level's version, the one without a service pack."""
    return next(one.level for one in definition.levels if one.level.version == level.version)


def _hints(entry: AffectedDraft, draft: RuleDraft, definition: ProductDefinition) -> Iterator[Hint]:
    for needed in draft.requires:
        if needed.product in (None, entry.product) and _has(definition, needed.level):
            yield Hint(needed.level, f"the fix requires {needed.level}")
    for mark in draft.corrected_in:
        before = _before(mark.level, definition)
        if mark.product in (None, entry.product) and mark.edition in (None, entry.edition) and before:
            yield Hint(before, f"the problem was first corrected in {mark.level}")
    for fix in draft.fixes:
        if fix.product in (None, entry.product):
            yield from (Hint(level, f"a fix is for {level}") for level in fix.levels)
            yield from _hint_of_files(fix, definition)


def _has(definition: ProductDefinition, level: Level) -> bool:
    return any(one.level == level for one in definition.levels)


def _before(level: Level, definition: ProductDefinition) -> Level | None:
    same = [one.level for one in definition.levels if one.level.version == level.version]
    earlier = [found for found in same if found < level]
    return earlier[-1] if earlier and level in same else None


def _hint_of_files(fix: FixDraft, definition: ProductDefinition) -> Iterator[Hint]:
    """The level that the fix was built on, according to a file that carries the product's own version."""
    built = ((file, _built_on(file, definition)) for file in fix.files)
    for file, level in ((file, level) for file, level in built if level is not None):
        yield Hint(level, f"{file.name} {file.version} was built on {level}")
        return


def _built_on(file: FileDraft, definition: ProductDefinition) -> Level | None:
    version = parse_version(file.version) if file.version else None
    if version is None or len(version.release) < _LEAST_PARTS:
        return None
    found = levels_of_build(definition, str(version))
    prefix = ".".join(map(str, version.release[:2]))
    levels = found.levels if found is not None and not found.is_open else ()
    return next((level for level in levels if len(levels) == 1 and level.version == prefix), None)


def _hints_of_keywords(article: Article, definition: ProductDefinition) -> Iterator[Hint]:
    """`kbExchange550preSP5fix` means a fix made after SP4."""
    words = definition.product.split("-")
    for keyword in sorted(article.keywords()):
        found = _KEYWORD.fullmatch(keyword)
        if found is None or _STEMS.get(found["stem"], "") not in words:
            continue
        version = _version(found["version"])
        coming = LevelText(version, int(found["pack"])).of_version(version)
        earlier = _packs_before(coming, definition)
        if earlier:
            yield Hint(earlier[-1], f"the keyword {keyword} means a fix made after {earlier[-1]}")


def _version(digits: str) -> str:
    """The version that a keyword writes without dots: 550 for 5.5, 2000 for 2000."""
    if len(digits) == len("2000"):
        return digits
    return f"{digits[0]}.{digits[1:].rstrip('0') or '0'}"


def _packs_before(level: Level, definition: ProductDefinition) -> list[Level]:
    """The service packs of the same version before a level."""
    same = [one.level for one in definition.levels if one.level.version == level.version]
    return [found for found in same[1:] if found < level]
