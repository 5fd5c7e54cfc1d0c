"""The YAML format of product definitions."""

from __future__ import annotations

from packaging.version import Version

from needfix.catalogue.hints import hint_of_closest
from needfix.catalogue.nodes import Node
from needfix.catalogue.places import places_of
from needfix.catalogue.records import Field, Fields, Record
from needfix.catalogue.shapes import ListOf, Located, TextShape, TruthShape
from needfix.catalogue.values import (
    FormatShape,
    IdShape,
    LevelShape,
    VersionShape,
    WrittenLevel,
    WrittenVersion,
)
from needfix.errors import Problem
from needfix.intake.vocabularies import same_edition
from needfix.model.product import LevelDefinition, ProductDefinition
from needfix.versions import Level, parse_version

FORMAT = Field(FormatShape(), "the version of the format, 1", required=True)

_LEVEL = Record(
    'a level such as {level: "5.5 SP1", build: "5.5.2232"}',
    {
        "level": Field(
            LevelShape('a level with its version such as "5.5 SP3"'),
            "the level, with its version",
            required=True,
        ),
        "build": Field(VersionShape('a build such as "5.5.2650"'), "the first build of the level"),
        "until": Field(
            VersionShape('a build such as "5.5.2653"'), "the build before which the level's builds end"
        ),
        "also": Field(
            ListOf(LevelShape('a level with its version such as "8.0"'), "a list of levels"),
            "other labels of the level, as the product shows them",
        ),
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
            ListOf(TextShape("a file name"), "a list of file names"), "files whose version shows the level"
        ),
        "shorthand": Field(
            VersionShape('a version such as "5.5"'),
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
)


def read_product(node: Node, problems: list[Problem]) -> ProductDefinition | None:
    """The product definition in a node; None where anything in it is wrong."""
    before = len(problems)
    fields = PRODUCT.read(node, problems)
    if fields is None:
        return None
    levels = _levels(fields, problems)
    shorthand = _shorthand(fields, levels, problems)
    _check_separate(fields, problems)
    if len(problems) > before:
        return None
    return ProductDefinition(
        product=fields.value("product"),
        name=fields.value("name"),
        levels=levels,
        aliases=_texts(fields.listed("aliases")),
        editions=_texts(fields.listed("editions")),
        separate_editions=_texts(fields.listed("separate_editions")),
        key_files=_texts(fields.listed("key_files")),
        shorthand=shorthand,
        other_names=_texts(fields.listed("other_names")),
        stated_without=_texts(fields.listed("stated_without")),
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
            what = f"the separate edition {written.value!r} is not among the editions"
            expected = f"one of {', '.join(editions)}" if editions else "an edition of the list 'editions'"
            hint = hint_of_closest(written.value, editions) or "add it to 'editions'"
            problems.append(Problem(written.at, what, expected, hint))


def _levels(fields: Fields, problems: list[Problem]) -> tuple[LevelDefinition, ...]:
    read = [(entry, _level(entry, problems)) for entry in fields.listed("levels")]
    known = [(entry, level) for entry, level in read if level is not None]
    _check_order(known, problems)
    _check_labels(known, problems)
    return tuple(level for _, level in known)


def _level(entry: Fields, problems: list[Problem]) -> LevelDefinition | None:
    written: Located[WrittenLevel] | None = entry.get("level")
    build: Located[WrittenVersion] | None = entry.get("build")
    labels = [_in_full(label, problems) for label in entry.listed("also")]
    level = _in_full(written, problems) if written else None
    if level is None:
        return None
    also = tuple(label for label in labels if label is not None)
    first = build.value.version if build else None
    return LevelDefinition(level, first, also, _until(entry, first, problems))


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


def _in_full(written: Located[WrittenLevel], problems: list[Problem]) -> Level | None:
    level = written.value.parsed.level()
    if level is None:
        what = f"{written.value.text!r} has no version"
        hint = f"write the version too, as in 5.5 {written.value.text}"
        problems.append(Problem(written.at, what, "a level with its version", hint))
    return level


def _check_order(levels: list[tuple[Fields, LevelDefinition]], problems: list[Problem]) -> None:
    before: Level | None = None
    highest: Version | None = None
    for entry, after in levels:
        if before is not None and after.level <= before:
            problems.append(_misplaced(entry, after.level, before))
        if highest is not None and after.build is not None and after.build <= highest:
            what = f"the build {after.build} is not above {highest}, the build of a level before it"
            hint = "correct one of the two builds"
            problems.append(Problem(entry["build"].at, what, "builds in ascending order", hint))
        before, highest = after.level, after.build or highest


def _check_labels(levels: list[tuple[Fields, LevelDefinition]], problems: list[Problem]) -> None:
    """A label may mean only one level."""
    owners = {own.level.key: own.level for _, own in levels}
    for entry, own in levels:
        labels: tuple[Located[WrittenLevel], ...] = entry.listed("also")
        for written in labels:
            label = written.value.parsed.level()
            owner = owners.setdefault(label.key, own.level) if label else own.level
            if owner != own.level:
                what = f"the label {label} already means the level {owner}"
                hint = "remove it from one of the two"
                problems.append(Problem(written.at, what, "each label for one level only", hint))


def _misplaced(entry: Fields, level: Level, before: Level) -> Problem:
    if level == before:
        what, hint = f"the level {level} is listed twice", "remove one of the two"
    else:
        what, hint = f"the level {level} is listed after {before}", f"move it before {before}"
    return Problem(entry["level"].at, what, "levels in ascending order, each once", hint)


def _shorthand(fields: Fields, levels: tuple[LevelDefinition, ...], problems: list[Problem]) -> str | None:
    written: Located[WrittenVersion] | None = fields.get("shorthand")
    if written is None:
        return None
    known = {parse_version(entry.level.version): entry.level.version for entry in levels}
    version = known.get(written.value.version)
    if version is None:
        what = f"no level has the version {written.value.text}"
        expected = f"one of {', '.join(known.values())}"
        problems.append(Problem(written.at, what, expected, "write the version of one of the levels"))
    return version
