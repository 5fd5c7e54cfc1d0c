"""Bare versions that seem to stand for their whole line: `5.5` listed alone, beside a fix for SP4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from needfix.authoring.importing.article import Article
from needfix.authoring.importing.draft import AffectedDraft, Doubt, FileDraft, FixDraft, LevelDraft, Range
from needfix.authoring.importing.naming import Naming
from needfix.model.product import ProductDefinition
from needfix.versions import Level, parse_version, read_level

_KEYWORD = re.compile(r"kb(?P<stem>[a-z]+?)(?P<version>[0-9]{3,4})presp(?P<pack>[0-9])fix")
_STEMS = {
    "exchange": "exchange", "winnt": "nt", "sms": "systems", "snaserv": "sna", "win": "windows",
    "iis": "internet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hint:
    """A level that the fix is for, as something other than the list of affected levels tells."""

    level: Level
    why: str


def proposals(
    affected: Sequence[AffectedDraft],
    article: Article,
    facts: tuple[Sequence[LevelDraft], Sequence[LevelDraft], Sequence[FixDraft]],
    naming: Naming,
) -> Iterator[Doubt]:
    """A doubt for each entry whose list cannot be all that the fix is for, with the range that can."""
    for entry in affected:
        hints = tuple(_hints(entry, article, facts, naming))
        for version in dict.fromkeys(level.version for level in sorted(entry.listed)):
            yield from _of_version(entry, version, hints, naming)


def accepted(affected: Sequence[AffectedDraft], doubts: Sequence[Doubt]) -> tuple[tuple[AffectedDraft, ...], tuple[Doubt, ...]]:
    """The entries with every proposed range in its place, and the doubts that are left."""
    proposed = [doubt for doubt in doubts if doubt.propose is not None]
    entries = tuple(_with(entry, proposed) for entry in affected)
    return entries, tuple(doubt for doubt in doubts if doubt.propose is None)


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
    entry: AffectedDraft, version: str, hints: Sequence[Hint], naming: Naming
) -> Iterator[Doubt]:
    listed = sorted(level for level in entry.listed if level.version == version)
    beyond = [hint for hint in hints if hint.level.version == version and hint.level > listed[-1]]
    if not beyond:
        return
    highest = max(beyond, key=lambda hint: hint.level)
    reasons = "; ".join(dict.fromkeys(hint.why for hint in beyond if hint.level == highest.level))
    if len(listed) > 1 or listed[0] != _bare(listed[0], naming.products[entry.product]):
        why = f"{', '.join(map(str, listed))} are listed, yet {reasons}"
        yield Doubt(entry.line, entry.said, why, "affects")
        return
    span = Range(listed[0], highest.level)
    levels = tuple(span if level == listed[0] else level for level in entry.levels)
    why = f"only {listed[0]} is listed, yet {reasons}: it may stand for the whole line"
    yield Doubt(entry.line, entry.said, why, "affects", replace(entry, levels=levels))


def _bare(level: Level, definition: ProductDefinition) -> Level:
    """The first level of a level's version, the one without a service pack."""
    return next(one.level for one in definition.levels if one.level.version == level.version)


def _hints(
    entry: AffectedDraft,
    article: Article,
    facts: tuple[Sequence[LevelDraft], Sequence[LevelDraft], Sequence[FixDraft]],
    naming: Naming,
) -> Iterator[Hint]:
    requires, corrected_in, fixes = facts
    definition = naming.products[entry.product]
    for needed in requires:
        if needed.product in (None, entry.product) and _has(definition, needed.level):
            yield Hint(needed.level, f"the fix requires {needed.level}")
    for mark in corrected_in:
        before = _before(mark.level, definition)
        if mark.product in (None, entry.product) and mark.edition in (None, entry.edition) and before:
            yield Hint(before, f"the problem was first corrected in {mark.level}")
    for fix in fixes:
        if fix.product in (None, entry.product):
            yield from (Hint(level, f"a fix is for {level}") for level in fix.levels)
            yield from list(_hints_of_files(fix, definition))[:1]
    yield from _hints_of_keywords(article, definition)


def _has(definition: ProductDefinition, level: Level) -> bool:
    return any(one.level == level for one in definition.levels)


def _before(level: Level, definition: ProductDefinition) -> Level | None:
    earlier = [one.level for one in definition.levels if one.level < level and one.level.version == level.version]
    return earlier[-1] if earlier and _has(definition, level) else None


def _hints_of_files(fix: FixDraft, definition: ProductDefinition) -> Iterator[Hint]:
    """The levels that files were built upon, for files that carry the product's own version."""
    seen: set[Level] = set()
    for file in fix.files:
        level = _built_upon(file, definition)
        if level is not None and level not in seen:
            seen.add(level)
            yield Hint(level, f"{file.name} {file.version} was built upon {level}")


def _built_upon(file: FileDraft, definition: ProductDefinition) -> Level | None:
    version = parse_version(file.version) if file.version else None
    if version is None or len(version.release) <= 2:  # noqa: PLR2004  # a version without a build
        return None
    levels = definition.levels_of_build(str(version))
    prefix = ".".join(map(str, version.release[:2]))
    return levels[0] if len(levels) == 1 and levels[0].version == prefix else None


def _hints_of_keywords(article: Article, definition: ProductDefinition) -> Iterator[Hint]:
    """`kbExchange550preSP5fix` tells a fix made after SP4."""
    words = definition.product.split("-")
    for keyword in sorted(article.keywords()):
        found = _KEYWORD.fullmatch(keyword)
        if found is None or _STEMS.get(found["stem"], "") not in words:
            continue
        digits = found["version"]
        version = digits if digits.startswith("20") and len(digits) > 3 else f"{digits[0]}.{digits[1:].rstrip('0') or '0'}"  # noqa: PLR2004  # a year
        said = read_level(f"{version} SP{found['pack']}")
        earlier = [one.level for one in definition.levels if said and one.level < said.of_version(version) and one.level.version == said.version]  # noqa: E501  # one condition
        if earlier and int(found["pack"]) > 1:
            yield Hint(earlier[-1], f"the keyword {keyword} tells a fix made after {earlier[-1]}")
