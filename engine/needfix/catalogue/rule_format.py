"""The YAML format of rules: keys, their values and meanings."""

from __future__ import annotations

from needfix.catalogue.affected_format import (
    AFFECTED_PRODUCT,
    AFFECTS,
    CALLED,
    EDITION,
    LANGUAGE,
    LEVEL_OF_RULE,
    ONE_OR_MORE_LEVELS,
    PLATFORM,
    PRODUCT_ID,
    REQUIREMENTS,
)
from needfix.catalogue.case_format import CASE
from needfix.catalogue.minimum_shapes import BUILD_MINIMUM, FILE_MINIMUM
from needfix.catalogue.product_format import FORMAT
from needfix.catalogue.records import Either, Field, MapOf, Record
from needfix.catalogue.registry_format import REGISTRY
from needfix.catalogue.shapes import ListOf, NumberShape, OneOf, Shape, TextShape
from needfix.catalogue.values import (
    DateShape,
    DurationShape,
    IdShape,
    MomentShape,
)
from needfix.model.decision import SEVERITIES

_RULE_ID = IdShape("the id of a rule such as Q279798", of_articles=True)

FIX = Record(
    "a fix such as {files: {Store.exe: {version: …}}}",
    {
        "component": Field(TextShape("a component"), "the component that the files belong to"),
        "product": Field(PRODUCT_ID, "the product that this branch is for"),
        "level": Field(ONE_OR_MORE_LEVELS, "the levels that this branch is for"),
        "edition": Field(EDITION, "the edition that this branch is for"),
        "platform": Field(PLATFORM, "the platform that this branch is for"),
        "language": Field(LANGUAGE, "the language that this branch is for"),
        "requires": Field(
            REQUIREMENTS,
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
    called=CALLED,
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
        "propose": Field(AFFECTED_PRODUCT, "the affected levels that it may mean"),
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
        "product": Field(PRODUCT_ID, "the product that the rule concerns, where it is only one"),
        "affects": Field(AFFECTS, "the closed list of affected levels, or of products", required=True),
        "symptoms": Field(ListOf(SYMPTOM, "a list of symptoms"), "what the problem looks like"),
        "fixes": Field(
            ListOf(FIX, "a list of fixes", least=1), "the fix, or its branches, with files", required=True
        ),
        "requires": Field(
            REQUIREMENTS,
            "what must be there before it can be installed; an empty list says that nothing is needed",
        ),
        "supersedes": Field(
            ListOf(_RULE_ID, "a list of rules"), "rules whose fix this one contains, by id or update"
        ),
        "corrected_in": Field(
            ListOf(LEVEL_OF_RULE, "a list of levels"), "levels from which the product carries the fix"
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
