"""Rules as OVAL definitions, and servers as OVAL system characteristics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.fleet.records import Record
from benchmarks.sample import FILES, LEVELS, Rule, product_name, text

OVAL = "http://oval.mitre.org/XMLSchema"
COMMON = f'xmlns:oval="{OVAL}/oval-common-5"'
RULE_SPACE = f'xmlns="{OVAL}/oval-definitions-5#windows"'
ITEM_SPACE = f'xmlns="{OVAL}/oval-system-characteristics-5#windows"'
GENERATOR = """<generator><oval:schema_version>5.10</oval:schema_version>
<oval:timestamp>2002-05-09T08:00:00</oval:timestamp></generator>"""
SYSTEM = """<system_info><os_name>Windows</os_name><os_version>4.0</os_version>
<architecture>x86</architecture><primary_host_name>MADEUP</primary_host_name><interfaces/></system_info>"""

HEADS = ("product", "level")
"""Stated by the registry. The objects are these, and then the files."""
MOST_TESTS = len(HEADS) + 3


class _Test(NamedTuple):
    """One condition of a rule: an object, by its place, and the state that it must be in."""

    kind: str
    of_object: int
    state: str


def definitions(rules: Sequence[Rule]) -> str:
    """Two definitions for each rule: it affects the server; and it does, and its fix is present."""
    tests = [_tests(rule) for rule in rules]
    numbered = [
        (rule * MOST_TESTS + place, test)
        for rule, each in enumerate(tests)
        for place, test in enumerate(each)
    ]
    return "".join(
        (
            f'<oval_definitions xmlns="{OVAL}/oval-definitions-5" {COMMON}>{GENERATOR}<definitions>',
            *(_definition(2 * rule, range(len(HEADS))) for rule in range(len(rules))),
            *(_definition(2 * rule + 1, range(len(each))) for rule, each in enumerate(tests)),
            "</definitions><tests>",
            *(_test(number, test) for number, test in numbered),
            "</tests><objects>",
            *(_object(place) for place in range(len(HEADS) + len(FILES))),
            "</objects><states>",
            *(_state(number, test) for number, test in numbered),
            "</states></oval_definitions>",
        )
    )


def characteristics(record: Record) -> str:
    """What a collector would have found; what is absent comes last, since oscap overlooks what follows it."""
    found = list(_found(record))
    absent = [len(HEADS) + place for place, name in enumerate(FILES) if name not in record.versions]
    return "".join(
        (
            f'<oval_system_characteristics xmlns="{OVAL}/oval-system-characteristics-5" {COMMON}>',
            f"{GENERATOR}{SYSTEM}<collected_objects>",
            *(_collected(place, "complete", f'<reference item_ref="{place + 1}"/>') for place, _, _ in found),
            *(_collected(place, "does not exist", "") for place in absent),
            "</collected_objects><system_data>",
            *(
                f'<{kind}_item {ITEM_SPACE} id="{place + 1}">{content}</{kind}_item>'
                for place, kind, content in found
            ),
            "</system_data></oval_system_characteristics>",
        )
    )


def _collected(place: int, flag: str, content: str) -> str:
    return f'<object id="{_id("obj", place)}" version="1" flag="{flag}">{content}</object>'


def decisions(results: str, rules: int) -> bytes:
    """The decisions that a file of results holds."""
    is_true = {name: result == "true" for name, result in _RESULT.findall(results)}
    pairs = ((is_true[_id("def", 2 * rule)], is_true[_id("def", 2 * rule + 1)]) for rule in range(rules))
    return bytes(2 * affected - present for affected, present in pairs)


_RESULT = re.compile(r'<definition definition_id="([^"]+)"[^>]* result="([a-z ]+)"')


def _tests(rule: Rule) -> list[_Test]:
    _, product, levels, minima = rule
    of_levels = "|".join(LEVELS[level].replace(".", r"\.") for level in levels)
    return [
        _Test("registry", 0, f"<value>{product_name(product)}</value>"),
        _Test("registry", 1, f'<value operation="pattern match">^({of_levels})$</value>'),
        *(
            _Test("file", len(HEADS) + FILES.index(name), _at_least(text(minimum)))
            for name, minimum in minima.items()
        ),
    ]


def _at_least(minimum: str) -> str:
    return f'<version datatype="version" operation="greater than or equal">{minimum}</version>'


def _definition(number: int, places: range) -> str:
    first = number // 2 * MOST_TESTS
    criteria = "".join(f'<criterion test_ref="{_id("tst", first + place)}"/>' for place in places)
    metadata = "<metadata><title>Made up</title><description>Made up</description></metadata>"
    head = f'<definition id="{_id("def", number)}" version="1" class="patch">'
    return f"{head}{metadata}<criteria>{criteria}</criteria></definition>"


def _test(number: int, test: _Test) -> str:
    checks = 'check="all" check_existence="at_least_one_exists" comment="Made up"'
    head = f'<{test.kind}_test {RULE_SPACE} id="{_id("tst", number)}" version="1" {checks}>'
    references = (
        f'<object object_ref="{_id("obj", test.of_object)}"/><state state_ref="{_id("ste", number)}"/>'
    )
    return f"{head}{references}</{test.kind}_test>"


def _state(number: int, test: _Test) -> str:
    kind = f"{test.kind}_state"
    return f'<{kind} {RULE_SPACE} id="{_id("ste", number)}" version="1">{test.state}</{kind}>'


def _object(place: int) -> str:
    kind, where = _where(place)
    return f'<{kind}_object {RULE_SPACE} id="{_id("obj", place)}" version="1">{where}</{kind}_object>'


def _where(place: int) -> tuple[str, str]:
    """The kind of an object, and where it is."""
    if place < len(HEADS):
        key = "<hive>HKEY_LOCAL_MACHINE</hive><key>SOFTWARE\\Made-up</key>"
        return "registry", f"{key}<name>{HEADS[place]}</name>"
    return "file", f"<path>C:\\made-up</path><filename>{FILES[place - len(HEADS)]}</filename>"


def _found(record: Record) -> Iterator[tuple[int, str, str]]:
    """For each object that is on a server its place, kind, and what is known about it."""
    for place, value in enumerate((product_name(record.product), LEVELS[record.level])):
        kind, where = _where(place)
        yield place, kind, f"{where}<type>reg_sz</type><value>{value}</value>"
    for file, name in enumerate(FILES):
        kind, where = _where(len(HEADS) + file)
        if name in record.versions:
            version = f'<version datatype="version">{text(record.versions[name])}</version>'
            yield len(HEADS) + file, kind, where + version


def _id(kind: str, place: int) -> str:
    return f"oval:made.up:{kind}:{place + 1}"
