"""The YAML format of what a rule affects and requires: products, levels, ranges, builds."""

from __future__ import annotations

from needfix.catalogue.records import Either, Field, Record, Without
from needfix.catalogue.registry_format import REGISTRY
from needfix.catalogue.shapes import ListOf, Shape, TextShape
from needfix.catalogue.values import BuildShape, LevelShape

LANGUAGE = TextShape("a language such as en")
PLATFORM = TextShape("a platform such as x86 or alpha")
EDITION = TextShape("an edition such as Terminal Server Edition")
PRODUCT_ID = TextShape("the id of a product definition such as exchange-server")

CALLED = {"arch": "platform", "architecture": "platform", "bitness": "platform", "lang": "language"}

_RANGE = Record(
    'a range such as {from: "5.5", to: SP4}',
    {
        "from": Field(LevelShape(), "the first level of the range; left out: from the first of its version"),
        "to": Field(LevelShape(), "the last level of the range; left out: to the last of its version"),
    },
)
_LEVELS_WHAT = 'a list of levels such as ["5.5", SP3], or a range {from: "5.5", to: SP4}'
_LEVEL_OR_RANGE: Shape[object] = Either(LevelShape().what, scalar=LevelShape(), mappings=(_RANGE,))
_LEVELS: Shape[object] = Either(
    _LEVELS_WHAT, sequence=ListOf(_LEVEL_OR_RANGE, _LEVELS_WHAT, least=1), mappings=(_RANGE,)
)
ONE_OR_MORE_LEVELS: Shape[object] = Either(
    "a level, a list of levels or a range",
    scalar=LevelShape(),
    sequence=ListOf(_LEVEL_OR_RANGE, _LEVELS_WHAT, least=1),
    mappings=(_RANGE,),
)

_BUILDS = Record(
    'a range of builds such as {from: "2.1", to: "2.4"}',
    {
        "from": Field(BuildShape(), "the first affected build"),
        "above": Field(BuildShape(), "the last build before the affected ones"),
        "to": Field(BuildShape(), "the last affected build"),
        "below": Field(BuildShape(), "the first build after the affected ones"),
    },
    any_of=("from", "above", "to", "below"),
)
AFFECTED_PRODUCT = Record(
    "a product such as {product: exchange-server, levels: [SP3]}",
    {
        "product": Field(PRODUCT_ID, "a product that the rule concerns"),
        "levels": Field(_LEVELS, "its affected levels; left out: every level"),
        "builds": Field(_BUILDS, "its affected builds; left out: every build"),
        "edition": Field(EDITION, "the only edition that is affected"),
        "platform": Field(PLATFORM, "the only platform that is affected"),
        "language": Field(LANGUAGE, "the only language that is affected"),
        "registry": Field(REGISTRY, "values of the registry that affected servers have"),
    },
    called={"build": "builds", "level": "levels"},
)
_ALL = Record(
    "products that are affected together such as {all: [{product: exchange-server}, {product: sql-server}]}",
    {
        "all": Field(
            ListOf(
                AFFECTED_PRODUCT,
                "several products such as [{product: exchange-server}, {product: windows-nt-server}]",
                least=2,
                too_few="add another product, or write the entry without 'all'",
            ),
            "products that must all be there; the fixes are for the first one",
            required=True,
        )
    },
)
_AFFECTS_WHAT = 'affected levels such as ["5.5", SP3, SP4], or a list of {product, levels, edition}'
_AFFECTED: Shape[object] = Either(
    LevelShape().what, scalar=LevelShape(), mappings=(_RANGE, _ALL, AFFECTED_PRODUCT)
)
AFFECTS: Shape[object] = Either(
    _AFFECTS_WHAT, sequence=ListOf(_AFFECTED, _AFFECTS_WHAT, least=1), mappings=(_RANGE,)
)

_PRODUCT_LEVEL = Record(
    'a level of a product such as {product: windows-nt-server, level: "4.0 SP5"}',
    {
        "product": Field(PRODUCT_ID, "the product", required=True),
        "level": Field(LevelShape(), "its level", required=True),
    },
)
_CORRECTION = Record(
    "a level of a product such as {product: windows-2000-server, level: 2000 SP3}",
    {
        "product": Field(
            PRODUCT_ID, "the product: one of the rule's products, or one that they run on", required=True
        ),
        "level": Field(LevelShape(), "its level", required=True),
        "edition": Field(EDITION, "the only edition that carries the fix from that level on"),
    },
)
LEVEL_OF_RULE: Shape[object] = Either(LevelShape().what, scalar=LevelShape(), mappings=(_CORRECTION,))
_NEEDED = TextShape("a level or the id of a rule")
_SINGLE_REQUIREMENT: Shape[object] = Either(_NEEDED.what, scalar=_NEEDED, mappings=(_PRODUCT_LEVEL,))
_ANY_OF = Record(
    "several things such as {any: [KB5001111, KB5002222]}",
    {
        "any": Field(
            ListOf(
                Without(_SINGLE_REQUIREMENT, "any", "write its entries in the list around it"),
                "a list of levels and rules such as [KB5001111]",
                least=1,
            ),
            "levels and rules of which one is enough",
            required=True,
        )
    },
)
_REQUIREMENT: Shape[object] = Either(
    _NEEDED.what,
    scalar=_NEEDED,
    mappings=(_PRODUCT_LEVEL, _ANY_OF),
    hints={"all": "write its entries in the list around it: all that 'requires' lists is needed"},
)
REQUIREMENTS = ListOf(_REQUIREMENT, "a list of levels and rules")
