"""The levels that the facts about an installed product leave possible, and where these facts disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from needfix.catalogue.level_finding import levels_of_version, levels_possible
from needfix.compare.builds import begins_builds, completed, levels_of_build, levels_of_file
from needfix.model.decision import Reason
from needfix.model.product import ProductDefinition
from needfix.model.server import FileCopy, InstalledProduct
from needfix.versions import Level, LevelText, parse_version, read_level

Levels = frozenset[Level]

_NUMBERS_OF_VERSION = 2


class LevelFinding(NamedTuple):
    """The levels that an installed product can be of.

    `is_known` is False where no fact shows a level: then every level of the definition is possible, and
    others too. `doubt` is why there is not exactly one. `raised` levels are possible only because a key
    file is newer than another fact. Where facts exclude each other, `contradictions` says which, and
    `claims` has what each of them, and each newer key file, leaves by itself, None for any level.
    `unproven` key files are in no
    level's range, and so prove no minimum.
    """

    possible: tuple[Level, ...]
    is_known: bool
    doubt: Reason | None = None
    remarks: tuple[Reason, ...] = ()
    raised: Levels = frozenset()
    contradictions: tuple[Reason, ...] = ()
    claims: tuple[tuple[Level, ...] | None, ...] = ()
    unproven: frozenset[str] = frozenset()


class _Fact(NamedTuple):
    """A fact that shows a level. `is_open`: the level may also be none of the definition's.

    `levels` is None for a level that is not defined, which no build and no key file agrees with; `alike`
    are then the levels of its version. A key file that `is_outside` every level's range proves no minimum.
    """

    kind: str
    words: str
    text: str
    levels: Levels | None
    is_open: bool = False
    copy: FileCopy | None = None
    alike: Levels = frozenset()
    is_outside: bool = False

    @property
    def shows(self) -> bool:
        """Whether it leaves only levels of the definition."""
        return bool(self.levels) and not self.is_open

    @property
    def alone(self) -> Levels | None:
        """What it leaves by itself; None where that can be any level."""
        return None if self.is_open or not self.levels else self.levels


def find_level(
    product: ProductDefinition,
    entry: InstalledProduct | None,
    in_name: str | None,
    copies: Sequence[FileCopy],
) -> LevelFinding:
    """The levels of an installed product; `in_name` is the part of its name that states a level."""
    stated, unreadable = _stated(product, entry, in_name)
    shown = list(_shown(product, copies))
    contradicting = _contradicting(product, _different([*stated, *shown]))
    if contradicting:
        return _contradicted(product, contradicting, [*stated, *shown], unreadable)
    return _agreed(product, stated, shown, unreadable, copies)


def _alone(product: ProductDefinition, facts: Iterable[_Fact]) -> tuple[tuple[Level, ...] | None, ...]:
    """What each fact leaves by itself, None for any level."""
    found = (None if fact.alone is None else _ordered(product, fact.alone) for fact in facts)
    return tuple(dict.fromkeys(found))


def joined_level(level: str | None, in_name: str | None) -> str | None:
    """The stated level, with the version of the product's name where it has none of its own.

    A name with a version only (`Microsoft Exchange Server 5.5`) states no level.
    """
    named = read_level(in_name) if in_name else None
    if level is None:
        return in_name if named is not None and not named.is_version_alone else None
    stated = read_level(level)
    if stated is not None and stated.version is None and named is not None and named.version is not None:
        return f"{named.version} {level}"
    return level


# ---- the facts


def _stated(
    product: ProductDefinition, entry: InstalledProduct | None, in_name: str | None
) -> tuple[list[_Fact], list[Reason]]:
    """What level, build and name state, and what cannot be read of it."""
    named = read_level(in_name) if in_name else None
    facts: list[_Fact] = []
    unreadable: list[Reason] = []
    if named is not None and in_name:
        facts.extend(_of_name(product, named, in_name))
    if entry is not None and entry.level:
        found = list(_of_level(product, entry.level, named))
        facts += found
        unreadable += [] if found else [_unreadable("level", entry.level)]
    if entry is not None and entry.build:
        found = list(_of_build(product, entry.build, _version_beside(entry, named)))
        facts += found
        unreadable += [] if found else [_unreadable("build", entry.build)]
    return facts, unreadable


def not_understood(
    product: ProductDefinition, entry: InstalledProduct, in_name: str | None
) -> Iterator[tuple[str, str]]:
    """The level and build that an entry states and that cannot be read, and levels that are not defined.

    Each is the code of a note, and the text.
    """
    named = read_level(in_name) if in_name else None
    in_level = list(_of_level(product, entry.level, named)) if entry.level else []
    if entry.level and not in_level:
        yield "level-unreadable", entry.level
    if entry.build and not list(_of_build(product, entry.build, _version_beside(entry, named))):
        yield "build-unreadable", entry.build
    in_names = _of_name(product, named, in_name) if named is not None and in_name else ()
    yield from (("level-not-defined", fact.text) for fact in (*in_names, *in_level) if fact.levels is None)


def _unreadable(what: str, text: str) -> Reason:
    sentence = f"The {what} {text!r} cannot be read, and counts as not stated"
    return Reason("level-unreadable", sentence, observed=text)


def _of_name(product: ProductDefinition, named: LevelText, in_name: str) -> Iterator[_Fact]:
    """A version in a name is a version alone, also where the definition has a level of this text."""
    if named.is_version_alone and named.version is not None:
        levels = levels_of_version(product, named.version)
        kind = "name"
    else:
        levels = levels_possible(product, named)
        kind = "level"
    words = f"the product's name, which states {in_name},"
    yield (
        _Fact(kind, words, in_name, frozenset(levels))
        if levels
        else _undefined(product, named, words, in_name)
    )


def _undefined(product: ProductDefinition, parsed: LevelText, words: str, text: str) -> _Fact:
    """A level that can be read and is not in the definition."""
    alike = levels_of_version(product, parsed.version) if parsed.version else _every(product)
    return _Fact("level", words, text, None, alike=frozenset(alike))


def _of_level(product: ProductDefinition, text: str, named: LevelText | None) -> Iterator[_Fact]:
    """What a level text states: a level, builds, or both."""
    parsed = read_level(text)
    version = named.version if named is not None else None
    if parsed is None:
        return
    if version is not None and parsed.version is None:
        parsed = parsed._replace(version=version)
    words = f"the stated level {text}"
    levels, is_build = _levels_stated(product, parsed)
    if levels:
        yield _Fact("level", words, text, frozenset(levels))
    elif not is_build or not parsed.is_version_alone:
        yield _undefined(product, parsed, words, text)
    if is_build and parsed.version is not None and not (parsed.is_version_alone and parsed.builds):
        yield from _of_one_build(product, parsed.version, text, None)
    for build in parsed.builds:
        yield from _of_one_build(product, completed(product, build, parsed.version or version), text, None)


def _levels_stated(product: ProductDefinition, parsed: LevelText) -> tuple[tuple[Level, ...], bool]:
    """The levels that a text leaves, and whether its version is a build of the product."""
    version = parsed.version
    if version is None:
        return levels_possible(product, parsed), False
    if parsed.builds and parsed.is_version_alone:
        levels = levels_of_version(product, version)
        return levels, not levels and begins_builds(product, version)
    levels = levels_possible(product, parsed)
    if levels:
        return levels, False
    numbers = version.split(".")
    if len(numbers) > _NUMBERS_OF_VERSION:
        if parsed.is_version_alone:
            return (), True
        short = parsed._replace(version=".".join(numbers[:_NUMBERS_OF_VERSION]), written=None)
        bare = parsed._replace(version=None, written=None)
        return levels_possible(product, short) or levels_possible(product, bare), True
    return (), parsed.is_version_alone and begins_builds(product, version)


def _of_build(product: ProductDefinition, text: str, version: str | None) -> Iterator[_Fact]:
    """What a build text states: a build, and a level where it has one, too."""
    parsed = read_level(text)
    yield from _of_one_build(product, text, text, version)
    if parsed is not None and not parsed.is_version_alone:
        levels, _ = _levels_stated(product, parsed)
        if levels:
            yield _Fact("level", f"the level in the build {text}", text, frozenset(levels))


def _of_one_build(product: ProductDefinition, build: str, text: str, version: str | None) -> Iterator[_Fact]:
    found = levels_of_build(product, build, version)
    if found is not None:
        yield _Fact("build", f"build {build}", text, found.levels, found.is_open)
    elif parse_version(build) is not None:
        yield _Fact("build", f"build {build}", text, _every(product), is_open=True)


def _version_beside(entry: InstalledProduct, named: LevelText | None) -> str | None:
    """The version that is stated beside a build, and by which a bare build is completed."""
    stated = read_level(entry.level) if entry.level else None
    versions = [text.version for text in (stated, named) if text is not None and text.version is not None]
    return next(iter(versions), None)


def _shown(product: ProductDefinition, copies: Iterable[FileCopy]) -> Iterator[_Fact]:
    """What each copy of a key file shows."""
    for copy in copies:
        found = levels_of_file(product, copy.version) if copy.version else None
        if found is not None and copy.version is not None:
            words = f"{copy.name} {copy.version}" + (f" in {copy.path}" if copy.path else "")
            is_outside = found.is_outside
            yield _Fact("file", words, copy.version, found.levels, found.is_open, copy, is_outside=is_outside)


# ---- what they leave together


def _agreed(
    product: ProductDefinition,
    stated: Sequence[_Fact],
    shown: Sequence[_Fact],
    unreadable: Sequence[Reason],
    copies: Sequence[FileCopy],
) -> LevelFinding:
    every = _every(product)
    known = [fact for fact in (*stated, *shown) if fact.levels]
    is_known = any(fact.shows for fact in known)
    possible, raised = _possible(every, [f for f in stated if f.levels], [f for f in shown if f.levels])
    remarks = [*unreadable, *(_not_defined(product, fact) for fact in stated if fact.levels is None)]
    if raised:
        remarks += _newer_files(product, shown, possible - raised)
    if not is_known:
        doubt = _unknown(product, stated, shown, unreadable, copies)
        unproven = frozenset(
            fact.copy.name.casefold() for fact in shown if fact.copy is not None and fact.is_outside
        )
        return LevelFinding(
            _ordered(product, every), is_known=False, doubt=doubt, remarks=tuple(remarks), unproven=unproven
        )
    if not any(fact.kind == "level" for fact in stated):
        remarks = [*_derived(stated, shown, possible), *remarks]
    return LevelFinding(
        _ordered(product, possible),
        is_known=True,
        doubt=None if len(possible) == 1 else _several(product, stated, shown, possible, raised),
        remarks=tuple(remarks),
        raised=raised,
    )


def _possible(every: Levels, stated: Sequence[_Fact], shown: Sequence[_Fact]) -> tuple[Levels, Levels]:
    """What stated facts and key files leave, and what of it is possible only by a newer key file."""
    own = _common(every, stated)
    common = _common(own, shown)
    if common:
        return common, frozenset()
    files = [fact.levels or frozenset() for fact in shown]
    shown_by_any = frozenset[Level]().union(*files)
    kept = _kept(own & shown_by_any, files) or _kept(own, files)
    later = frozenset(
        level for levels in files for level in levels if any(_is_later(level, one) for one in kept)
    )
    return kept | later, later - kept


def _common(levels: Levels, facts: Iterable[_Fact]) -> Levels:
    for fact in facts:
        levels &= fact.levels or frozenset()
    return levels


def _kept(levels: Levels, files: Sequence[Levels]) -> Levels:
    """The levels that no key file contradicts: each shows the level, or a later one of its version."""
    return frozenset(
        level
        for level in levels
        if all(level in own or any(_is_later(o, level) for o in own) for own in files)
    )


def _is_later(one: Level, other: Level) -> bool:
    return one.numbers == other.numbers and one > other


def _different(facts: Iterable[_Fact]) -> list[_Fact]:
    """The first of the facts of a kind that show the same levels: copies may be any number."""
    found: dict[tuple[object, ...], _Fact] = {}
    for fact in facts:
        found.setdefault((fact.kind, fact.levels, fact.is_open, fact.alike), fact)
    return list(found.values())


def _contradicting(product: ProductDefinition, facts: Sequence[_Fact]) -> list[_Fact]:
    """The facts that exclude each other, if any do."""
    pairs = _excluding(product, facts)
    if pairs:
        found = {id(fact) for pair in pairs for fact in pair}
        return [fact for fact in facts if id(fact) in found or _is_newer_file(fact, facts)]
    if not any(fact.shows for fact in facts):
        return []
    stated = [fact for fact in facts if fact.kind != "file" and fact.levels]
    shown = [fact for fact in facts if fact.kind == "file" and fact.levels]
    every = frozenset[Level]().union(*(fact.levels or frozenset() for fact in facts))
    return [] if _possible(every, stated, shown)[0] or not (stated or shown) else [*stated, *shown]


def _is_newer_file(fact: _Fact, facts: Sequence[_Fact]) -> bool:
    """Whether a key file shows other levels than another fact, which it does not exclude."""
    own = fact.levels or frozenset()
    others = (one.levels or frozenset() for one in facts if one.shows)
    return fact.kind == "file" and fact.shows and any(own.isdisjoint(other) for other in others)


def _excluding(product: ProductDefinition, facts: Sequence[_Fact]) -> list[tuple[_Fact, _Fact]]:
    """The pairs of facts that exclude each other; a build that may be of any level shows none."""
    every = _every(product)
    shows = [
        fact
        for fact in facts
        if fact.levels is None or fact.kind == "name" or fact.shows or fact.levels != every
    ]
    return [pair for pair in combinations(shows, 2) if not _are_compatible(*pair)]


def _are_compatible(one: _Fact, other: _Fact) -> bool:
    """Whether two facts can hold at the same time. `one` comes first; key files come last."""
    if one.levels is None or other.levels is None:
        return _is_compatible_with_undefined(one, other)
    if not (one.shows or other.shows):
        return True
    if one.levels & other.levels:
        return True
    if other.kind != "file":
        return False
    pairs = [(early, late) for early in one.levels for late in other.levels]
    if one.kind == "file":
        return any(early.numbers == late.numbers for early, late in pairs)
    return any(_is_later(late, early) for early, late in pairs)


def _is_compatible_with_undefined(one: _Fact, other: _Fact) -> bool:
    """A level that is not defined contradicts builds, key files and levels, but no version that it has."""
    if one.levels is None and other.levels is None:
        return True
    undefined, defined = (one, other) if one.levels is None else (other, one)
    return defined.kind == "name" and not undefined.alike.isdisjoint(defined.levels or ())


# ---- in words


def _contradicted(
    product: ProductDefinition,
    excluding: Sequence[_Fact],
    facts: Sequence[_Fact],
    unreadable: Sequence[Reason],
) -> LevelFinding:
    union = frozenset[Level]().union(*(fact.levels or frozenset() for fact in facts))
    reasons = tuple(_reasons(product, excluding))
    return LevelFinding(
        _ordered(product, union or _every(product)),
        is_known=True,
        doubt=reasons[0],
        remarks=tuple(unreadable),
        contradictions=reasons,
        claims=_alone(product, excluding),
    )


def _reasons(product: ProductDefinition, excluding: Sequence[_Fact]) -> Iterator[Reason]:
    """The first fact, and each that it excludes."""
    pairs = _excluding(product, excluding)
    first, other = pairs[0] if pairs else (excluding[0], excluding[-1])
    meant = _meant(first)
    why = _why(product, first, other)
    sentence = f"{_capital(other.words)} contradicts {meant}{why}"
    copy = other.copy
    expected = _named_levels(first) or first.text
    yield Reason(
        "level-contradicted",
        sentence,
        copy.name if copy else None,
        copy.path if copy else None,
        copy.version if copy else other.text,
        expected,
    )


def _meant(fact: _Fact) -> str:
    named = _named_levels(fact)
    if fact.levels is None:
        return f"{fact.words}, which is not in the definition"
    if fact.kind == "level" and named:
        return f"level {named}"
    return f"{fact.words}" + (f", which means {named}" if named and fact.kind != "name" else "")


def _named_levels(fact: _Fact) -> str | None:
    levels = sorted(fact.levels or ())
    if len(levels) > _MOST_LEVELS:
        return None
    return " or ".join(map(str, levels)) or None


_MOST_LEVELS = 4


def _why(product: ProductDefinition, first: _Fact, other: _Fact) -> str:
    if other.kind == "file" and first.levels and other.levels:
        pairs = [(early, late) for early in first.levels for late in other.levels]
        if all(early.numbers != late.numbers for early, late in pairs):
            return ": the file belongs to another version"
        return ": the file is older than that level"
    if other.levels is not None and not other.levels:
        return f": it belongs to no level of {product.name}"
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _newer_files(product: ProductDefinition, shown: Sequence[_Fact], kept: Levels) -> Iterator[Reason]:
    level = " or ".join(map(str, _ordered(product, kept)))
    newer = [fact for fact in shown if fact.levels and not fact.levels & kept]
    for fact in newer or [fact for fact in shown if fact.levels and not fact.levels <= kept]:
        copy = fact.copy
        if copy is not None:
            sentence = (
                f"{fact.words} belongs to {_named_levels(fact)}, and other facts mean {level}; a fix may "
                "have brought the file, so each of these levels is possible"
            )
            yield Reason("file-newer-than-level", sentence, copy.name, copy.path, copy.version, level)


def _derived(stated: Sequence[_Fact], shown: Sequence[_Fact], possible: Levels) -> Iterator[Reason]:
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


def _not_defined(product: ProductDefinition, fact: _Fact) -> Reason:
    sentence = f"The level {fact.text!r} is not in the definition of {product.name}"
    return Reason("level-not-defined", sentence, observed=fact.text)


def _unknown(
    product: ProductDefinition,
    stated: Sequence[_Fact],
    shown: Sequence[_Fact],
    unreadable: Sequence[Reason],
    copies: Sequence[FileCopy],
) -> Reason:
    """Why nothing shows the level."""
    for fact in stated:
        if fact.levels is None:
            return _not_defined(product, fact)
    if unreadable:
        return unreadable[0]
    for fact in (*stated, *shown):
        if fact.levels:
            can_be = f"can belong to {' or '.join(map(str, _ordered(product, fact.levels)))}, or to none"
        else:
            can_be = "belongs to no known level, and so proves no minimum"
        sentence = f"The level of {product.name} is not stated, and {fact.words} {can_be}"
        return _of_fact("level-unknown", sentence, fact)
    sentence = f"The level of {product.name} is not stated"
    seen = ", ".join(f"{copy.name} {copy.version or 'without version'}" for copy in copies)
    sentence += f", and {seen} does not show it" if seen else ""
    return Reason("level-missing", sentence)


def _several(
    product: ProductDefinition,
    stated: Sequence[_Fact],
    shown: Sequence[_Fact],
    possible: Levels,
    raised: Levels,
) -> Reason:
    """Why more than one level is possible."""
    named = " or ".join(map(str, _ordered(product, possible)))
    if raised:
        return next(_newer_files(product, shown, possible - raised))
    for fact in stated:
        if fact.kind == "level":
            return Reason("level-ambiguous", f"The level {fact.text!r} can mean {named}", observed=fact.text)
    for fact in (*stated, *shown):
        if fact.kind != "name":
            sentence = f"The level is not stated, and {fact.words} can belong to {named}"
            return _of_fact("level-unknown", sentence, fact)
    sentence = f"The level of {product.name} is not stated; its name leaves {named} possible"
    return Reason("level-missing", sentence)


def _of_fact(code: str, sentence: str, fact: _Fact) -> Reason:
    copy = fact.copy
    if copy is None:
        return Reason(code, sentence, observed=fact.text)
    return Reason(code, sentence, copy.name, copy.path, fact.text)


def _every(product: ProductDefinition) -> Levels:
    return frozenset(entry.level for entry in product.levels)


def _ordered(product: ProductDefinition, levels: Levels) -> tuple[Level, ...]:
    return tuple(entry.level for entry in product.levels if entry.level in levels)
