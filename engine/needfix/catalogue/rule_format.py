"""The YAML format of rules: keys, their values and meanings."""

from __future__ import annotations

from needfix.catalogue.minimum_shapes import BUILD_MINIMUM, FILE_MINIMUM
from needfix.catalogue.product_format import FORMAT
from needfix.catalogue.records import Either, Field, MapOf, Record, Without
from needfix.catalogue.registry_format import REGISTRY
from needfix.catalogue.shapes import ListOf, NumberShape, OneOf, PlainShape, Shape, TextShape
from needfix.catalogue.values import (
    BuildShape,
    DateShape,
    DurationShape,
    IdShape,
    LevelShape,
    MomentShape,
    PathShape,
)
from needfix.intake.fields import FILE, PRODUCT, RECORD, RecordObject
from needfix.model.decision import ACTIONS, DECISIONS, SEVERITIES
from needfix.model.reason_codes import REASON_CODES
from needfix.model.server import FactKind

_LANGUAGE = TextShape("a language such as en")
_PLATFORM = TextShape("a platform such as x86 or alpha")
_EDITION = TextShape("an edition such as Terminal Server Edition")
_PRODUCT = TextShape("the id of a product definition such as exchange-server")
_RULE_ID = IdShape("the id of a rule such as Q279798", of_articles=True)

_CALLED = {"arch": "platform", "architecture": "platform", "bitness": "platform", "lang": "language"}

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
_ONE_OR_MORE_LEVELS: Shape[object] = Either(
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
_AFFECTED_PRODUCT = Record(
    "a product such as {product: exchange-server, levels: [SP3]}",
    {
        "product": Field(_PRODUCT, "a product that the rule concerns"),
        "levels": Field(_LEVELS, "its affected levels; left out: every level"),
        "builds": Field(_BUILDS, "its affected builds; left out: every build"),
        "edition": Field(_EDITION, "the only edition that is affected"),
        "platform": Field(_PLATFORM, "the only platform that is affected"),
        "language": Field(_LANGUAGE, "the only language that is affected"),
        "registry": Field(REGISTRY, "values of the registry that affected servers have"),
    },
    called={"build": "builds", "level": "levels"},
)
_ALL = Record(
    "products that are affected together such as {all: [{product: exchange-server}, {product: sql-server}]}",
    {
        "all": Field(
            ListOf(
                _AFFECTED_PRODUCT,
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
    LevelShape().what, scalar=LevelShape(), mappings=(_RANGE, _ALL, _AFFECTED_PRODUCT)
)
_AFFECTS: Shape[object] = Either(
    _AFFECTS_WHAT, sequence=ListOf(_AFFECTED, _AFFECTS_WHAT, least=1), mappings=(_RANGE,)
)

_PRODUCT_LEVEL = Record(
    'a level of a product such as {product: windows-nt-server, level: "4.0 SP5"}',
    {
        "product": Field(_PRODUCT, "the product", required=True),
        "level": Field(LevelShape(), "its level", required=True),
    },
)
_CORRECTION = Record(
    "a level of a product such as {product: windows-2000-server, level: 2000 SP3}",
    {
        "product": Field(
            _PRODUCT, "the product: one of the rule's products, or one that they run on", required=True
        ),
        "level": Field(LevelShape(), "its level", required=True),
        "edition": Field(_EDITION, "the only edition that carries the fix from that level on"),
    },
)
_LEVEL_OF_RULE: Shape[object] = Either(LevelShape().what, scalar=LevelShape(), mappings=(_CORRECTION,))
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
_REQUIREMENTS = ListOf(_REQUIREMENT, "a list of levels and rules")

FIX = Record(
    "a fix such as {files: {Store.exe: {version: …}}}",
    {
        "component": Field(TextShape("a component"), "the component that the files belong to"),
        "product": Field(_PRODUCT, "the product that this branch is for"),
        "level": Field(_ONE_OR_MORE_LEVELS, "the levels that this branch is for"),
        "edition": Field(_EDITION, "the edition that this branch is for"),
        "platform": Field(_PLATFORM, "the platform that this branch is for"),
        "language": Field(_LANGUAGE, "the language that this branch is for"),
        "requires": Field(
            _REQUIREMENTS,
            "what must be there before this branch can be installed, beside what the rule requires; "
            "an empty list says that nothing is needed",
        ),
        "files": Field(
            MapOf(FILE_MINIMUM, 'files such as {Store.exe: {version: "5.5.2654.29"}}', least=1),
            "the files that the fix installs; {} for a data file that is not compared",
        ),
        "build": Field(
            BUILD_MINIMUM, "what the product's own build must reach, beside the files or instead of them"
        ),
        "registry": Field(
            REGISTRY, "what values of the registry must be, beside the files or instead of them"
        ),
    },
    any_of=("files", "build", "registry"),
    called=_CALLED,
)

_OBSERVATION: Shape[object] = Either(
    "an event such as {source: MSExchangeIS, id: 1234}, or a service or counter with its state or value",
    mappings=(
        Record(
            "a counter such as {counter: imc-queue-length, above: 100, for: 10m}",
            {
                "counter": Field(TextShape("the name of a counter"), "a performance counter", required=True),
                "above": Field(NumberShape(), "the value that it must exceed", required=True),
                "for": Field(DurationShape(), "for how long; left out: at any moment"),
            },
        ),
        Record(
            "a service such as {service: MSExchangeIS, state: stopping}",
            {
                "service": Field(TextShape("the name of a service"), "a service", required=True),
                "state": Field(
                    TextShape("a state such as stopped"), "the state it must be in", required=True
                ),
            },
        ),
        Record(
            "an event such as {source: MSExchangeIS, id: 1234}",
            {
                "source": Field(
                    TextShape("the source of an event"), "the source of the event", required=True
                ),
                "id": Field(
                    NumberShape("the number of an event such as 1234", whole=True), "the number of the event"
                ),
                "contains": Field(TextShape("a text"), "a text in its message, without regard to case"),
            },
        ),
    ),
)
SYMPTOM = Record(
    "a symptom such as {id: queues-grow, text: The queues grow}",
    {
        "id": Field(IdShape("an id such as queues-grow"), "how inventories name the symptom", required=True),
        "text": Field(TextShape("a sentence"), "what one can observe, in our own words", required=True),
        "observe": Field(
            ListOf(_OBSERVATION, "a list of observations", least=1),
            "how telemetry shows it: any one of these is enough",
        ),
    },
)

_GIVEN_SHAPES: dict[FactKind, Shape[object]] = {
    "edition": _EDITION,
    "language": _LANGUAGE,
    "level": TextShape('a level such as "5.5 SP3"'),
    "number": NumberShape(),
    "path": PathShape("a path"),
    "platform": _PLATFORM,
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
    called={**_CALLED, "kb": "hotfixes", "kbs": "hotfixes", "name": "product", "version": "level"},
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

REVIEW_ITEM = Record(
    "a doubt such as {line: 12, read: …, why: …}",
    {
        "line": Field(
            NumberShape("the number of a line such as 12", whole=True, least=1),
            "the line of the article",
            required=True,
        ),
        "read": Field(TextShape("a text"), "what was read there", required=True),
        "why": Field(TextShape("a sentence"), "why it is doubtful", required=True),
        "about": Field(TextShape("a key such as affects"), "the key of the rule that is in doubt"),
        "propose": Field(_AFFECTED_PRODUCT, "the affected levels that it may mean"),
    },
)

_SILENCE = Record(
    "a silence such as {code: NF301, reason: …}",
    {
        "code": Field(IdShape("the code of a check such as NF301"), "the check", required=True),
        "reason": Field(TextShape("a sentence"), "why the check does not apply to this rule", required=True),
    },
)
_LINT = Record(
    "a mapping such as {ignore: [{code: NF301, reason: …}]}",
    {
        "ignore": Field(
            ListOf(_SILENCE, "a list of codes with their reasons", least=1),
            "checks that do not apply to this rule",
            required=True,
        )
    },
)

_ACCEPTED_MUTANT = Record(
    "a change such as {change: requires without exchange-server 5.5 SP4, reason: …}",
    {
        "change": Field(
            TextShape("a change as needfix test --mutate reports it"), "the change of the rule", required=True
        ),
        "reason": Field(TextShape("a sentence"), "why no server can show a difference", required=True),
    },
)
_MUTATION = Record(
    "a mapping such as {accept: [{change: …, reason: …}]}",
    {
        "accept": Field(
            ListOf(_ACCEPTED_MUTANT, "a list of changes with their reasons", least=1),
            "changes that needfix test --mutate does not distinguish, and need not",
            required=True,
        )
    },
)

RULE = Record(
    "a rule with its id, affects and fixes",
    {
        "needfix": FORMAT,
        "id": Field(_RULE_ID, "the vendor's id of the hotfix", required=True),
        "title": Field(TextShape("a title"), "what the hotfix is about, in our own words"),
        "severity": Field(OneOf(SEVERITIES), "how severe the vendor calls what it fixes"),
        "released": Field(DateShape(), "the day on which the vendor released it"),
        "advisories": Field(
            ListOf(IdShape("the id of an advisory such as CVE-2024-26198", ":"), "a list of advisories"),
            "the advisories whose vulnerabilities it fixes",
        ),
        "updates": Field(
            ListOf(IdShape("the id of an update such as KB5036386", of_articles=True), "a list of updates"),
            "names, beside the id, under which a hotfix list may claim this fix, and other rules may name it",
        ),
        "product": Field(_PRODUCT, "the product that the rule concerns, where it is only one"),
        "affects": Field(_AFFECTS, "the closed list of affected levels, or of products", required=True),
        "symptoms": Field(ListOf(SYMPTOM, "a list of symptoms"), "what the problem looks like"),
        "fixes": Field(
            ListOf(FIX, "a list of fixes", least=1), "the fix, or its branches, with files", required=True
        ),
        "requires": Field(
            _REQUIREMENTS,
            "what must be there before it can be installed; an empty list says that nothing is needed",
        ),
        "supersedes": Field(
            ListOf(_RULE_ID, "a list of rules"), "rules whose fix this one contains, by id or update"
        ),
        "corrected_in": Field(
            ListOf(_LEVEL_OF_RULE, "a list of levels"), "levels from which the product carries the fix"
        ),
        "apply": Field(OneOf(("always", "if-symptoms")), "whether the vendor restricts it to the symptoms"),
        "if_missing": Field(
            OneOf(("not-affected", "fix-required")), "the decision where all files of the fix are missing"
        ),
        "also_needed": Field(
            TextShape("a sentence"), "what has to be set beside the files, which show only a part of the fix"
        ),
        "references": Field(ListOf(TextShape("an address"), "a list of addresses"), "where to read more"),
        "source": Field(
            Record(
                "a citation such as {title: …, revised: …}",
                {
                    "title": Field(TextShape("a title"), "the article's own title"),
                    "revised": Field(MomentShape(), "the date of its last revision"),
                },
            ),
            "the article that the rule comes from",
        ),
        "review": Field(
            ListOf(REVIEW_ITEM, "a list of doubts"), "doubts of the import, for a person to settle"
        ),
        "lint": Field(_LINT, "lint findings that do not apply to this rule"),
        "mutation": Field(_MUTATION, "what mutation testing need not distinguish in this rule"),
        "cases": Field(ListOf(CASE, "a list of cases"), "the rule's own tests"),
    },
    called={
        **dict.fromkeys(("link", "links", "url", "urls"), "references"),
        **dict.fromkeys(("fixed", "fixed_in"), "corrected_in"),
        **dict.fromkeys(("replaces", "supersede"), "supersedes"),
        **dict.fromkeys(("date", "published"), "released"),
        **dict.fromkeys(("test", "tests"), "cases"),
        **dict.fromkeys(("name", "summary"), "title"),
        **dict.fromkeys(
            ("build", "component", "edition", "file", "files", "language", "platform", "registry"),
            "move it into a fix, such as fixes: [{files: {…}}]",
        ),
        **dict.fromkeys(("level", "levels"), "write the levels in 'affects'"),
        "prerequisites": "requires",
        "advisory": "advisories",
        "cve": "advisories",
        "cve_id": "advisories",
        "cve_ids": "advisories",
        "cves": "advisories",
        "kb": "updates",
        "kbs": "updates",
    },
)
