"""Where the parts of an article say different things: head, bullets, status, hardware, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from needfix.importing.kb.applies_to import AppliesTo
from needfix.importing.kb.article import Article
from needfix.importing.kb.draft import Doubt, FixDraft, RuleDraft
from needfix.importing.kb.statements import sentences
from needfix.intake.vocabularies import platform
from needfix.versions import Level, read_level

_CONFIRMED = re.compile(r"\bhas confirmed\b.{0,200}\b(?:problem|bug)\b", re.IGNORECASE)
_VERSION = re.compile(r"(?<![\w.])[0-9]+\.[0-9]+(?![\w.]*[0-9])")
_CORRECTED = re.compile(
    r"\b(?:was|has been|is) (?:corrected|fixed)\b.{0,200}\bService Pack [0-9]"
    r"|\bcorrected in\b.{0,200}\bSP[0-9]",
    re.IGNORECASE,
)
_ONLY_FOR = re.compile(
    r"\b(?:only (?:for|to|on|be (?:applied|installed))|before (?:installing|you install|applying|you apply)"
    r"|compatible with)\b"
    r".{0,200}\b(?:Service Pack|SP) ?[0-9]"
    r"|\b(?:apply|install|applied|installed)\b.{0,80}\b(?:Service Pack|SP) ?[0-9].{0,40}\bonly\b",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"\balso applies to\b|\bdo not (?:apply|install)\b.{0,80}\b(?:SP ?[0-9]|Service Pack|[0-9]\.[0-9])",
    re.IGNORECASE,
)
_OTHER_ARTICLE = re.compile(
    r"\b(?:must|requires?)\b.{0,60}\b(?:install|apply|fix|hotfix|update)?.{0,40}\bQ[0-9]{5,6}\b.{0,40}\bbefore\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\bfirst (?:corrected|included|fixed|resolved)\b|\brequires\b|\bmust be\b|\bis required\b", re.IGNORECASE
)


def contradictions(article: Article, bullets: Sequence[AppliesTo], draft: RuleDraft) -> Iterator[Doubt]:
    """Everything that the parts of an article do not agree upon."""
    fixes = draft.fixes
    yield from _corrected_before(draft)
    yield from _head(article, bullets)
    yield from _status(article, bullets)
    yield from _hardware(article, fixes)
    yield from _other_statements(article)


def _head(article: Article, bullets: Sequence[AppliesTo]) -> Iterator[Doubt]:
    line = article.head.get("PROD/VER")
    if line is None:
        return
    listed = _labels(label for part in line.text.split(";") for label in part.rpartition(":")[2].split(","))
    bulleted = _labels(label for bullet in bullets for label in bullet.levels)
    if _is_cut_off(line.text, bulleted):
        listed = listed & bulleted
        bulleted = listed
    if listed and bulleted and listed != bulleted:
        parts = (
            f"only the head lists {', '.join(sorted(listed - bulleted))}" if listed - bulleted else "",
            f"only the bullets list {', '.join(sorted(bulleted - listed))}" if bulleted - listed else "",
        )
        why = " and ".join(filter(None, parts)) + "; the bullets were taken"
        yield Doubt(line.number, f"PROD/VER: {line.text}", why, "affects")


def _is_cut_off(text: str, bulleted: set[str]) -> bool:
    """Whether a head was too long for its line, and ends in the middle of a level."""
    last = text.rpartition(",")[2].strip()
    return last not in bulleted and any(label.startswith(last) for label in bulleted)


def _corrected_before(draft: RuleDraft) -> Iterator[Doubt]:
    """Levels that the article lists as affected or required, and as containing the fix."""
    line = draft.affects[0].line
    for mark in draft.corrected_in:
        for entry in draft.affects:
            same = mark.product in (None, entry.product) and mark.edition in (None, entry.edition)
            late = [
                level for level in sorted(entry.listed) if level >= mark.level and _is_of(level, mark.level)
            ]
            if same and late:
                why = f"{', '.join(map(str, late))} is listed, yet corrected since {mark.level}"
                yield Doubt(entry.line, entry.text, why, "corrected_in")
        for needed in draft.requires:
            if needed.level >= mark.level and _is_of(needed.level, mark.level) and needed.product is None:
                why = f"{needed.level} is required, yet corrected since {mark.level}"
                yield Doubt(line, str(needed.level), why, "requires")


def _is_of(level: Level, mark: Level) -> bool:
    return level.version == mark.version


def _labels(texts: Iterator[str]) -> set[str]:
    found = ((text.strip(), read_level(text.strip())) for text in texts)
    return {str(level) if read and (level := read.level()) else text for text, read in found if text}


def _status(article: Article, bullets: Sequence[AppliesTo]) -> Iterator[Doubt]:
    levels = (read_level(label) for bullet in bullets for label in bullet.levels)
    versions = {level.version for level in levels if level}
    if not versions:
        return
    for sentence in sentences(article):
        if not _CONFIRMED.search(sentence.text):
            continue
        other = [number for number in _VERSION.findall(sentence.text) if number not in versions]
        if other and not any(number in bullet.product for number in other for bullet in bullets):
            why = f"the problem is confirmed in {', '.join(other)}, which the bullets do not list"
            yield Doubt(sentence.line, sentence.text, why, "affects")


def _hardware(article: Article, fixes: Sequence[FixDraft]) -> Iterator[Doubt]:
    line = article.foot.get("Hardware")
    platforms = {fix.platform for fix in fixes if fix.platform}
    if line is None or not platforms:
        return
    missing = [
        name
        for name in map(platform, line.text.split())
        if name is not None and name in ("x86", "alpha") and name not in platforms
    ]
    if missing:
        why = f"the tables list {', '.join(sorted(platforms))}, but nothing for {', '.join(missing)}"
        yield Doubt(line.number, f"Hardware: {line.text}", why, "fixes")


def _other_statements(article: Article) -> Iterator[Doubt]:
    """Sentences that may state a level in words that no reader of statements knows."""
    for sentence in sentences(article):
        if _FIRST.search(sentence.text):
            continue
        if sentence.section == "STATUS" and _CORRECTED.search(sentence.text):
            why = "the problem was corrected in this level, which is not stated to be the first; left out"
            yield Doubt(sentence.line, sentence.text, why, "corrected_in")
        elif _ALSO.search(sentence.text):
            why = "this may widen or narrow what is affected; left out"
            yield Doubt(sentence.line, sentence.text, why, "affects")
        elif _OTHER_ARTICLE.search(sentence.text):
            why = "the fix of another article may be required; left out"
            yield Doubt(sentence.line, sentence.text, why, "requires")
        elif sentence.section in ("RESOLUTION", "STATUS") and _ONLY_FOR.search(sentence.text):
            why = "this may be a level that the fix requires; left out"
            yield Doubt(sentence.line, sentence.text, why, "requires")
