"""The YAML format of stand-alone case files: servers, and what is expected of several rules."""

from __future__ import annotations

from needfix.catalogue.case_format import CASE_MARKS, GIVEN, REASONS
from needfix.catalogue.product_format import FORMAT
from needfix.catalogue.records import Either, Field, MapOf, Record
from needfix.catalogue.schemas import schema_of
from needfix.catalogue.shapes import ListOf, OneOf, PlainShape, Schema, Shape, TextShape
from needfix.model.decision import ACTIONS, DECISIONS


def cases_schema() -> Schema:
    """The schema of a case file."""
    return schema_of("cases", "needfix cases: servers, and what is expected of rules", CASE_FILE)


_EXPECTED = Record(
    "an expectation such as {decision: fix-required, action: apply}",
    {
        "decision": Field(OneOf(DECISIONS), "the decision", required=True),
        "action": Field(OneOf(ACTIONS), "the action, where the case says one"),
        "reasons": Field(REASONS, "codes that must be there"),
    },
    short_for=("decision",),
)
_EXPECTATION: Shape[object] = Either(
    "a decision such as fix-required, or {decision: fix-required, action: apply}",
    scalar=OneOf(DECISIONS),
    mappings=(_EXPECTED,),
)
_INVENTORY: Shape[object] = Either(
    "the path of an inventory, a record of one or a list of records",
    scalar=TextShape("the path of an inventory"),
    sequence=PlainShape(),
    mappings=(PlainShape(),),
)
_CASE = Record(
    "a case such as {name: …, given: …, expect: {Q279798: fix-required}}",
    {
        "name": Field(TextShape("a name"), "what the case shows", required=True),
        "given": GIVEN._replace(meaning="the facts about a server, in short", required=False),
        "inventory": Field(
            _INVENTORY, "the servers: a path relative to this file, or records; instead of given"
        ),
        "server": Field(
            TextShape("a name or a pattern such as MAIL0*"), "only these servers of the inventory"
        ),
        "expect": Field(
            MapOf(_EXPECTATION, "rules with decisions, such as {Q279798: fix-required}", least=1),
            "what is expected of each rule, for every server of the case",
            required=True,
        ),
        **CASE_MARKS,
    },
)
CASE_FILE = Record(
    "a case file such as {needfix: 1, cases: […]}",
    {
        "needfix": FORMAT,
        "rules": Field(
            ListOf(TextShape("a path"), "a list of paths", least=1),
            "files, folders or patterns of rules, relative to this file (default: the rules under test)",
        ),
        "inventory": Field(_INVENTORY, "the servers for cases without facts of their own"),
        "cases": Field(ListOf(_CASE, "a list of cases", least=1), "the cases", required=True),
    },
)
