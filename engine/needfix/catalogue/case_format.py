"""The YAML format of cases: the facts about a server in short form, and what is expected of it."""

from __future__ import annotations

from needfix.catalogue.affected_format import CALLED, EDITION, LANGUAGE, PLATFORM
from needfix.catalogue.records import Either, Field, MapOf, Record
from needfix.catalogue.shapes import ListOf, NumberShape, OneOf, PlainShape, Shape, TextShape
from needfix.catalogue.values import MomentShape, PathShape
from needfix.intake.fields import FILE, PRODUCT, RECORD, RecordObject
from needfix.model.decision import ACTIONS, DECISIONS
from needfix.model.reason_codes import REASON_CODES
from needfix.model.server import FactKind

_GIVEN_SHAPES: dict[FactKind, Shape[object]] = {
    "edition": EDITION,
    "language": LANGUAGE,
    "level": TextShape('a level such as "5.5 SP3"'),
    "number": NumberShape(),
    "path": PathShape("a path"),
    "platform": PLATFORM,
    "time": MomentShape(),
    "version": TextShape("a version, in quotes"),
    "whole": NumberShape("a whole number", whole=True),
}
"""The shapes of facts in a case, by kind; keys of other kinds take what an inventory has there."""


def _given(entry: RecordObject, *without: str) -> dict[str, Field]:
    """The keys of an object of a record that a case can give, without some."""
    return {
        key: Field(
            _GIVEN_SHAPES.get(field.fact.kind, PlainShape(f"{key} as in an inventory")),
            field.fact.about[0].lower() + field.fact.about[1:].rstrip("."),
        )
        for key, field in entry.fields.items()
        if key not in without
    }


_GIVEN_FILE = Record('a file such as {version: "5.5.2653.23"}', _given(FILE, "name"))
_GIVEN_FILES: Shape[object] = Either(
    'files such as {Store.exe: "5.5.2653.23"}',
    sequence=PlainShape(),
    mappings=(
        MapOf(
            Either(
                'a version such as "5.5.2653.23"',
                scalar=TextShape('a version such as "5.5.2653.23"'),
                mappings=(_GIVEN_FILE,),
            ),
            "files with their versions",
        ),
    ),
)
GIVEN_FACTS = Record(
    "the facts of a case such as {level: 5.5 SP4, files: {Store.exe: …}}",
    {
        "product": Field(TextShape("a product"), "the product; left out: the rule's first"),
        **_given(PRODUCT, "name", "path"),
        "products": Field(
            PlainShape("a list of products"), "all products, as an inventory has them; null: it has no list"
        ),
        "files": Field(_GIVEN_FILES, "files by name, or a list as an inventory has it"),
        **_given(RECORD, "server", "products", "files"),
    },
    called={**CALLED, "kb": "hotfixes", "kbs": "hotfixes", "name": "product", "version": "level"},
)
GIVEN = Field(GIVEN_FACTS, "the facts about the server", required=True)
REASONS = ListOf(
    OneOf(tuple(REASON_CODES), "a reason code such as file-below-minimum"), "a list of reason codes"
)
CASE_MARKS = {
    "skip": Field(TextShape("a reason"), "why the case does not run for now"),
    "review": Field(
        TextShape("a question"), "what a person has to look at in the case; it runs all the same"
    ),
}
CASE = Record(
    "a case such as {name: …, given: …, expect: fix-required}",
    {
        "name": Field(TextShape("a name"), "what the case shows", required=True),
        "given": GIVEN,
        "expect": Field(OneOf(DECISIONS), "the decision", required=True),
        "action": Field(OneOf(ACTIONS), "the expected action, if the case names one"),
        "reasons": Field(REASONS, "codes that must be there"),
        **CASE_MARKS,
    },
    called={"decision": "expect", "facts": "given", "result": "expect", "server": "given", "title": "name"},
)
