"""The YAML format of product definitions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from packaging.version import Version

from needfix.catalogue.examples import examples_in, fitted
from needfix.catalogue.hints import hint_of_closest
from needfix.catalogue.key_file_format import KEY_FILES, read_key_files
from needfix.catalogue.nodes import Node
from needfix.catalogue.places import places_of
from needfix.catalogue.records import Field, Fields, MapOf, Record
from needfix.catalogue.shapes import ListOf, Located, OneOf, TextShape, TruthShape
from needfix.catalogue.values import (
    BuildShape,
    DateShape,
    FormatShape,
    IdShape,
    LevelShape,
    VersionShape,
    WrittenLevel,
    WrittenVersion,
)
from needfix.errors import Problem
from needfix.intake.vocabularies import same_edition
from needfix.model.product import BUILD_FACT_KINDS, BuildFactKind, LevelDefinition, ProductDefinition
from needfix.model.value import ReadOnlyDict
from needfix.printable import in_quotes
from needfix.versions import Level, comes_before, parse_version, version_name

FORMAT = Field(FormatShape(), "the version of the format, 1", required=True)

_FIRST_VERSION = VersionShape('a version such as "2022.160.4075"')
_LEVEL = Record(
    'a level such as {level: "5.5 SP1", build: "5.5.2232"}',
    {
        "level": Field(
            LevelShape('a level with its version such as "5.5 SP3"'),
            "the level, with its version",
            required=True,
        ),
        "build": Field(BuildShape('a build such as "5.5.2650"'), "the first build of the level"),
        "until": Field(
            BuildShape('a build such as "5.5.2653"'), "the build before which the level's builds end"
        ),
        "files": Field(
            MapOf(_FIRST_VERSION, 'files such as {sqlservr.exe: "2022.160.4075"}', least=1),
            "the first versions of key files that have a numbering of their own",
        ),
        "released": Field(DateShape(), "the day on which the vendor released the level"),
        "supported_until": Field(DateShape(), "the last day on which the vendor supports the level"),
        "also": Field(
            ListOf(LevelShape('a level with its version such as "8.0"'), "a list of levels"),
            "other labels of the level, as the product shows them",
        ),
    },
    called={
        **dict.fromkeys(("name", "version"), "level"),
        **dict.fromkeys(("end_of_life", "eol"), "supported_until"),
        **dict.fromkeys(("alias", "aliases", "label", "labels"), "also"),
        "date": "released",
        "first": "build",
    },
)
PRODUCT = Record(
    "a product definition with its product, name and levels",
    {
        "needfix": FORMAT,
        "product": Field(IdShape("an id such as exchange-server"), "the id that rules use", required=True),
        "name": Field(
            TextShape("a name such as Microsoft Exchange Server"), "the name that people know", required=True
        ),
        "aliases": Field(
            ListOf(TextShape("a name"), "a list of names"),
            "other names for it; * stands for a level, an edition, a platform or a language",
        ),
        "other_names": Field(
            ListOf(TextShape("a name"), "a list of names"),
            "names that look alike and are other products; * stands for any words",
        ),
        "editions": Field(
            ListOf(TextShape("an edition"), "a list of editions"), "editions that differ in fixes"
        ),
        "separate_editions": Field(
            ListOf(TextShape("an edition"), "a list of editions"),
            "editions with files of their own: a rule without an edition does not apply to them",
        ),
        "key_files": Field(
            KEY_FILES, "files whose version shows the level; {name, from, to} where not every level has it"
        ),
        "shows_updates": Field(
            ListOf(OneOf(BUILD_FACT_KINDS), "a list such as [key_files]", least=1),
            "the facts that change with every update; left out: build and key_files",
        ),
        "builds": Field(
            OneOf(("free",)),
            "free: its builds are no versions of Windows, but any numbers, dates, a lone number",
        ),
        "shorthand": Field(
            TextShape('a version such as "5.5"'),
            "the version that a service pack written without one belongs to, where several have it",
        ),
        "stated_without": Field(
            ListOf(TextShape("a word such as HRP"), "a list of words"),
            "words of levels that servers leave out when they state theirs",
        ),
        "cumulative": Field(
            TruthShape(),
            "whether a fix brings its level along, so that no level is required first",
        ),
        "levels": Field(
            ListOf(_LEVEL, "a list of levels"),
            "the levels in ascending order; a level's builds run up to the next level's, "
            "and only while their first two numbers are those of its own build",
            required=True,
        ),
    },
    called={"id": "product", "title": "name"},
)


def read_product(node: Node, problems: list[Problem]) -> ProductDefinition | None:
    """The product definition in a node; None where anything in it is wrong."""
    found: list[Problem] = []
    fields = PRODUCT.read(node, found)
    product = _product(fields, found) if fields is not None else None
    own = examples_in(node) if found else None
    problems.extend(fitted(problem, own) if own else problem for problem in found)
    return None if found else product


def _product(fields: Fields, problems: list[Problem]) -> ProductDefinition | None:
    """The product definition in the fields; None where anything in it is wrong."""
    is_free = "builds" in fields
    levels = _levels(fields, problems)
    _check_builds(fields, problems, is_free=is_free)
    shorthand = _shorthand(fields, levels, problems)
    _check_separate(fields, problems)
    shows_updates = _shows_updates(fields, problems)
    key_files = read_key_files(fields.listed("key_files"), levels, problems)
    if problems:
        return None
    return ProductDefinition(
        product=fields.value("product"),
        name=fields.value("name"),
        levels=levels,
        aliases=_texts(fields.listed("aliases")),
        editions=_texts(fields.listed("editions")),
        separate_editions=_texts(fields.listed("separate_editions")),
        key_files=key_files.names,
        levels_of_key_files=key_files.levels,
        shorthand=shorthand,
        other_names=_texts(fields.listed("other_names")),
        stated_without=_texts(fields.listed("stated_without")),
        shows_updates=shows_updates,
        free_builds=is_free,
        cumulative=bool(fields.value("cumulative")),
        at=fields.at,
        places=places_of(fields),
    )


def _texts(found: tuple[Located[str], ...]) -> tuple[str, ...]:
    return tuple(text.value for text in found)


def _check_separate(fields: Fields, problems: list[Problem]) -> None:
    editions = _texts(fields.listed("editions"))
    for written in fields.listed("separate_editions"):
        if not any(same_edition(written.value, edition) for edition in editions):
            what = f"the separate edition {in_quotes(written.value)} is not among the editions"
            expected = f"one of {', '.join(editions)}" if editions else "an edition of the list 'editions'"
            hint = hint_of_closest(written.value, editions) or "add it to 'editions'"
            problems.append(Problem(written.at, what, expected, hint))


def _shows_updates(fields: Fields, problems: list[Problem]) -> tuple[BuildFactKind, ...]:
    """The facts that change with every update, each once, in one order."""
    named = fields.listed("shows_updates")
    found = tuple(kind for kind in BUILD_FACT_KINDS if kind in _texts(named))
    if found == ("key_files",) and "key_files" not in fields.given:
        what = "'shows_updates' names key_files, and the definition has none"
        hint = "add 'key_files', or write shows_updates: [build]"
        problems.append(Problem(named[0].at, what, "key files of the product", hint))
    return found or BUILD_FACT_KINDS


def _levels(fields: Fields, problems: list[Problem]) -> tuple[LevelDefinition, ...]:
    read = [(entry, _level(entry, problems)) for entry in fields.listed("levels")]
    known = [(entry, level) for entry, level in read if level is not None]
    _check_order(known, problems)
    _check_labels(known, problems)
    _check_files(known, problems)
    return tuple(level for _, level in known)


def _level(entry: Fields, problems: list[Problem]) -> LevelDefinition | None:
    written: Located[WrittenLevel] | None = entry.get("level")
    build: Located[WrittenVersion] | None = entry.get("build")
    level = _in_full(written, problems) if written else None
    if level is None:
        return None
    also = tuple(label.value.parsed.of_version(level.version) for label in entry.listed("also"))
    first = build.value.version if build else None
    released, supported_until = entry.value("released"), _supported_until(entry, problems)
    until = _until(entry, first, problems)
    files = ReadOnlyDict({name: written.value.version for name, written in _files(entry)})
    return LevelDefinition(level, first, also, until, released, supported_until, files)


def _files(entry: Fields) -> Iterator[tuple[str, Located[WrittenVersion]]]:
    """The versions of a level's files, by name."""
    return ((name, found.value) for name, found in entry.value("files", {}).items())


def _supported_until(entry: Fields, problems: list[Problem]) -> date | None:
    released: Located[date] | None = entry.get("released")
    written: Located[date] | None = entry.get("supported_until")
    if written is None or released is None or released.value <= written.value:
        return written.value if written else None
    what = f"'supported_until' is {written.value}, and the level was released on {released.value}"
    problems.append(Problem(written.at, what, "a later date", "correct one of the two dates"))
    return None


def _until(entry: Fields, first: Version | None, problems: list[Problem]) -> Version | None:
    written: Located[WrittenVersion] | None = entry.get("until")
    if written is None:
        return None
    if first is None or written.value.version <= first:
        what = f"'until' is {written.value.text}, and the level's " + (
            "first build is not stated" if first is None else f"builds begin at {first}"
        )
        hint = "write the build of the level too" if first is None else "write a later build"
        problems.append(Problem(written.at, what, "a build after the level's own", hint))
        return None
    return written.value.version


def _check_builds(fields: Fields, problems: list[Problem], *, is_free: bool) -> None:
    """Builds that are no versions need `builds: free`."""
    for entry in fields.listed("levels"):
        for key in ("build", "until"):
            written: Located[WrittenVersion] | None = entry.get(key)
            if written is not None and not is_free and parse_version(written.value.text) is None:
                what = f"{in_quotes(written.value.text)} is not a version"
                hint = "write whole numbers separated by dots, or add 'builds: free' to the definition"
                problems.append(Problem(written.at, what, 'a build such as "5.5.2650"', hint, "wrong-value"))


def _in_full(written: Located[WrittenLevel], problems: list[Problem]) -> Level | None:
    level = written.value.parsed.level()
    if level is None:
        what = f"{in_quotes(written.value.text)} has no version"
        hint = f"write the version too, as in 5.5 {written.value.text}"
        problems.append(Problem(written.at, what, "a level with its version", hint))
    return level


def _check_order(levels: list[tuple[Fields, LevelDefinition]], problems: list[Problem]) -> None:
    before: list[Level] = []
    highest: Version | None = None
    for entry, after in levels:
        nearest = next((one for one in reversed(before) if _is_after(after.level, one) is not None), None)
        later = None if nearest is None or _is_after(after.level, nearest) else nearest
        if later is not None:
            problems.append(_misplaced(entry, after.level, later))
        if highest is not None and after.build is not None and after.build <= highest:
            what = f"the build {after.build} is not above {highest}, the build of a level before it"
            hint = "correct one of the two builds"
            problems.append(Problem(entry["build"].at, what, "builds in ascending order", hint))
        before.append(after.level)
        highest = after.build or highest


def _is_after(level: Level, before: Level) -> bool | None:
    """Whether the names of two levels show that one comes after the other; None where they do not."""
    return None if level != before and comes_before(before.name, level.name) is None else level > before


def _check_labels(levels: list[tuple[Fields, LevelDefinition]], problems: list[Problem]) -> None:
    """A label may mean only one level."""
    owners = {own.level.name: own.level for _, own in levels}
    for entry, own in levels:
        labels: tuple[Located[WrittenLevel], ...] = entry.listed("also")
        for written, label in zip(labels, own.also, strict=True):
            owner = owners.setdefault(label.name, own.level)
            if owner != own.level:
                what = f"the label {label} already means the level {owner}"
                hint = "remove it from one of the two"
                problems.append(Problem(written.at, what, "each label for one level only", hint))


def _check_files(levels: list[tuple[Fields, LevelDefinition]], problems: list[Problem]) -> None:
    """The versions of each key file that has a numbering of its own ascend."""
    highest: dict[str, tuple[str, Version]] = {}
    for entry, own in levels:
        for name, written in _files(entry):
            level, before = highest.get(name.casefold(), ("", None))
            if before is not None and written.value.version <= before:
                what = f"{name} {written.value.text} is not above {before}, that of the level {level}"
                expected, hint = "versions in ascending order", "correct one of the two versions"
                problems.append(Problem(written.at, what, expected, hint))
            highest[name.casefold()] = str(own.level), max(written.value.version, before or Version("0"))


def _misplaced(entry: Fields, level: Level, before: Level) -> Problem:
    if level == before:
        what, hint = f"the level {level} is listed twice", "remove one of the two"
    else:
        what, hint = f"the level {level} is listed after {before}", f"move it before {before}"
    return Problem(entry["level"].at, what, "levels in ascending order, each once", hint)


def _shorthand(fields: Fields, levels: tuple[LevelDefinition, ...], problems: list[Problem]) -> str | None:
    written: Located[str] | None = fields.get("shorthand")
    if written is None:
        return None
    known = {entry.level.version_name: entry.level.version for entry in levels}
    version = known.get(version_name(written.value))
    if version is None:
        what = f"no level has the version {written.value}"
        expected = f"one of {', '.join(known.values())}"
        problems.append(Problem(written.at, what, expected, "write the version of one of the levels"))
    return version
