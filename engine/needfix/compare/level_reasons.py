"""Reasons about the level of a product, in words: how it was derived, and why it is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from needfix.compare.level_facts import LevelFact, Levels
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy
from needfix.versions import Level

_MOST_NAMED = 6
_LEAST_OF_A_RANGE = 3


def level_words(product: ProductDefinition, levels: Iterable[Level], joint: str) -> str:
    """Levels in words; many of them as ranges of levels that follow each other in one version."""
    own = set(levels)
    if len(own) <= _MOST_NAMED:
        return joint.join(map(str, sorted(own)))
    ranges: list[list[Level]] = []
    follows = False
    for entry in product.levels:
        if entry.level not in own:
            follows = False
            continue
        if follows and ranges[-1][-1].version_name == entry.level.version_name:
            ranges[-1].append(entry.level)
        else:
            ranges.append([entry.level])
        follows = True
    words = ([f"{one[0]} to {one[-1]}"] if len(one) >= _LEAST_OF_A_RANGE else map(str, one) for one in ranges)
    return joint.join(word for some in words for word in some)


def contradiction(product: ProductDefinition, first: LevelFact, other: LevelFact) -> Reason:
    """Two facts that exclude each other."""
    meant = _meant(first)
    why = _why(product, first, other)
    sentence = f"{_capital(other)} contradicts {meant}{why}"
    copy = other.copy
    expected = _named_levels(first) or first.text
    return Reason(
        "level-contradicted",
        sentence,
        copy.name if copy else None,
        copy.path if copy else None,
        copy.version if copy else other.text,
        expected,
    )


def _meant(fact: LevelFact) -> str:
    named = _named_levels(fact)
    if fact.levels is None:
        return f"{fact.words}, which is not in the definition"
    if fact.kind == "level" and named:
        return f"level {named}"
    return f"{fact.words}" + (f", which means {named}" if named and fact.kind != "name" else "")


def _named_levels(fact: LevelFact) -> str | None:
    levels = sorted(fact.levels or ())
    if len(levels) > _MOST_LEVELS:
        return None
    return " or ".join(map(str, levels)) or None


_MOST_LEVELS = 4


def _why(product: ProductDefinition, first: LevelFact, other: LevelFact) -> str:
    if other.kind == "file" and first.levels and other.levels:
        pairs = [(early, late) for early in first.levels for late in other.levels]
        if all(early.version_name != late.version_name for early, late in pairs):
            return ": the file belongs to another version"
        return ": the file is older than that level"
    if other.levels is not None and not other.levels:
        return f": it belongs to no level of {product.name}"
    return ""


def _capital(fact: LevelFact) -> str:
    """A fact at the start of a sentence; the name of a file stays as it is written."""
    return fact.words if fact.kind == "file" else fact.words[:1].upper() + fact.words[1:]


def newer_files(product: ProductDefinition, shown: Sequence[LevelFact], kept: Levels) -> Iterator[Reason]:
    """Key files of later levels than other facts show."""
    level = level_words(product, kept, " or ")
    newer = [fact for fact in shown if fact.levels and not fact.levels & kept]
    for fact in newer or [fact for fact in shown if fact.levels and not fact.levels <= kept]:
        copy = fact.copy
        if copy is not None:
            sentence = (
                f"{fact.words} belongs to {_named_levels(fact)}, and other facts mean {level}; a fix may "
                "have brought the file, so each of these levels is possible"
            )
            yield Reason("file-newer-than-level", sentence, copy.name, copy.path, copy.version, level)


def level_derived(
    stated: Sequence[LevelFact], shown: Sequence[LevelFact], possible: Levels
) -> Iterator[Reason]:
    """From what a level was derived that no text states."""
    if len(possible) != 1:
        return
    (level,) = possible
    for fact in stated:
        if fact.kind == "build" and fact.levels and not fact.is_open:
            yield Reason("level-from-build", f"Build {fact.text} means level {level}", observed=fact.text)
            return
    for fact in shown:
        copy = fact.copy
        if copy is not None and fact.levels and (not fact.is_open or stated):
            sentence = f"{copy.name} {copy.version} means level {level}"
            yield Reason("level-from-file", sentence, copy.name, copy.path, copy.version)
            return
    for fact in stated:
        if fact.kind == "build" and fact.levels:
            yield Reason("level-from-build", f"Build {fact.text} means level {level}", observed=fact.text)
            return


def not_defined(product: ProductDefinition, fact: LevelFact) -> Reason:
    """A level that the definition does not have."""
    sentence = f"The level {fact.text!r} is not in the definition of {product.name}"
    return Reason("level-not-defined", sentence, observed=fact.text)


def level_unknown(
    product: ProductDefinition,
    stated: Sequence[LevelFact],
    shown: Sequence[LevelFact],
    unreadable: Sequence[Reason],
    copies: Sequence[FileCopy],
) -> Reason:
    """Why nothing shows the level."""
    for fact in stated:
        if fact.levels is None:
            return not_defined(product, fact)
    if unreadable:
        return unreadable[0]
    for fact in (*stated, *shown):
        if fact.levels:
            can_be = f"can belong to {level_words(product, fact.levels, ' or ')}, or to none"
        else:
            can_be = "belongs to no known level, and so proves no minimum"
        sentence = f"The level of {product.name} is not stated, and {fact.words} {can_be}"
        return _of_fact("level-unknown", sentence, fact)
    sentence = f"The level of {product.name} is not stated"
    seen = ", ".join(f"{copy.name} {copy.version or 'without version'}" for copy in copies)
    sentence += f", and {seen} does not show it" if seen else ""
    return Reason("level-missing", sentence)


def several_levels(
    product: ProductDefinition,
    stated: Sequence[LevelFact],
    shown: Sequence[LevelFact],
    possible: Levels,
    raised: Levels,
) -> Reason:
    """Why more than one level is possible."""
    named = level_words(product, possible, " or ")
    if raised:
        return next(newer_files(product, shown, possible - raised))
    for fact in stated:
        if fact.kind == "level":
            return Reason("level-ambiguous", f"The level {fact.text!r} can mean {named}", observed=fact.text)
    for fact in (*stated, *shown):
        if fact.kind != "name":
            sentence = f"The level is not stated, and {fact.words} can belong to {named}"
            return _of_fact("level-unknown", sentence, fact)
    sentence = f"The level of {product.name} is not stated; its name leaves {named} possible"
    return Reason("level-missing", sentence)


def _of_fact(code: str, sentence: str, fact: LevelFact) -> Reason:
    copy = fact.copy
    if copy is None:
        return Reason(code, sentence, observed=fact.text)
    return Reason(code, sentence, copy.name, copy.path, fact.text)
