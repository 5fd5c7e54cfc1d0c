"""Rules as OVAL definitions, and servers as OVAL system characteristics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from benchmarks.fleet.records import Record
from benchmarks.sample import FILES, LEVELS, Rule, product_name, text

OVAL = "http://oval.mitre.org/XMLSchema"
WHEN = "2002-05-09T08:00:00"
REGISTRY = ("product", "level")
KEY = "SOFTWARE\\Made-up"
FOLDER = "C:\\made-up"


def definitions(rules: Sequence[Rule]) -> str:
    """Two definitions for each rule: it affects the server, and its fix is present as well."""
    made = [_Definitions(place, rule) for place, rule in enumerate(rules)]
    every_test = "".join(line for each in made for line in each.tests())
    every_state = "".join(line for each in made for line in each.states())
    every_definition = "".join(line for each in made for line in each.definitions())
    return (
        f'<oval_definitions xmlns="{OVAL}/oval-definitions-5" xmlns:oval="{OVAL}/oval-common-5">{_generator()}'
        f"<definitions>{every_definition}</definitions><tests>{every_test}</tests>"
        f"<objects>{''.join(_objects())}</objects><states>{every_state}</states></oval_definitions>"
    )


def characteristics(record: Record) -> str:
    """What a collector would have found on a server; what is not there comes last, since oscap skips what follows."""
    found = sorted(_found(record), key=lambda object_: not object_[1])
    collected = (
        f'<object id="{_id("obj", place)}" version="1" flag="complete"><reference item_ref="{place}"/></object>'
        if there
        else f'<object id="{_id("obj", place)}" version="1" flag="does not exist"/>'
        for place, there, _item in found
    )
    return (
        f'<oval_system_characteristics xmlns="{OVAL}/oval-system-characteristics-5" xmlns:oval="{OVAL}/oval-common-5">'
        f"{_generator()}<system_info><os_name>Windows</os_name><os_version>4.0</os_version>"
        f"<architecture>x86</architecture><primary_host_name>{escape(record.server)}</primary_host_name>"
        f"<interfaces/></system_info><collected_objects>{''.join(collected)}</collected_objects>"
        f"<system_data>{''.join(item for _place, _there, item in found)}</system_data></oval_system_characteristics>"
    )


def decisions(results: str, rules: int) -> bytes:
    """The decisions that a file of results holds."""
    told = dict(_RESULT.findall(results))
    affected = [told[_id("def", 2 * place)] == "true" for place in range(rules)]
    present = [told[_id("def", 2 * place + 1)] == "true" for place in range(rules)]
    return bytes(2 * is_affected - is_present for is_affected, is_present in zip(affected, present, strict=True))


_RESULT = re.compile(r'<definition definition_id="([^"]+)"[^>]* result="([a-z ]+)"')


class _Definitions:
    """The definitions, tests and states of one rule. Each has room for five tests: product, level and three files."""

    def __init__(self, place: int, rule: Rule) -> None:
        self._place = place
        _, product, levels, minima = rule
        level = "|".join(re.escape(LEVELS[level]).replace("\\ ", " ") for level in levels)
        self._tests = [
            (1, "registry", f"<value>{product_name(product)}</value>"),
            (2, "registry", f'<value operation="pattern match">^({level})$</value>'),
            *((_object_of(name), "file", _version(text(minimum))) for name, minimum in minima.items()),
        ]

    def definitions(self) -> Iterator[str]:
        numbers = range(self._place * 5, self._place * 5 + len(self._tests))
        for place, used in ((2 * self._place, numbers[:2]), (2 * self._place + 1, numbers)):
            criteria = "".join(f'<criterion test_ref="{_id("tst", number)}"/>' for number in used)
            yield (
                f'<definition id="{_id("def", place)}" version="1" class="patch"><metadata><title>Made up</title>'
                f"<description>Made up</description></metadata><criteria>{criteria}</criteria></definition>"
            )

    def tests(self) -> Iterator[str]:
        for number, (of_object, kind, _state) in enumerate(self._tests, start=self._place * 5):
            yield (
                f'<{kind}_test xmlns="{OVAL}/oval-definitions-5#windows" id="{_id("tst", number)}" version="1" check="all"'
                f' check_existence="at_least_one_exists" comment="Made up"><object object_ref="{_id("obj", of_object)}"/>'
                f'<state state_ref="{_id("ste", number)}"/></{kind}_test>'
            )

    def states(self) -> Iterator[str]:
        for number, (_object, kind, state) in enumerate(self._tests, start=self._place * 5):
            yield (
                f'<{kind}_state xmlns="{OVAL}/oval-definitions-5#windows" id="{_id("ste", number)}" version="1">'
                f"{state}</{kind}_state>"
            )


def _objects() -> Iterator[str]:
    for place, name in enumerate(REGISTRY, start=1):
        yield _object("registry", place, f"<hive>HKEY_LOCAL_MACHINE</hive><key>{KEY}</key><name>{name}</name>")
    for name in FILES:
        yield _object("file", _object_of(name), f"<path>{FOLDER}</path><filename>{name}</filename>")


def _object(kind: str, place: int, content: str) -> str:
    space = f'xmlns="{OVAL}/oval-definitions-5#windows"'
    return f'<{kind}_object {space} id="{_id("obj", place)}" version="1">{content}</{kind}_object>'


def _object_of(name: str) -> int:
    return len(REGISTRY) + 1 + FILES.index(name)


def _version(minimum: str) -> str:
    return f'<version datatype="version" operation="greater than or equal">{minimum}</version>'


def _found(record: Record) -> Iterator[tuple[int, bool, str]]:
    """For each object its place, whether it is on the server, and its item."""
    values = (product_name(record.product), LEVELS[record.level])
    for place, (name, value) in enumerate(zip(REGISTRY, values, strict=True), start=1):
        content = f"<hive>HKEY_LOCAL_MACHINE</hive><key>{KEY}</key><name>{name}</name>"
        yield place, True, _item("registry", place, f"{content}<type>reg_sz</type><value>{value}</value>")
    for name in FILES:
        yield _object_of(name), name in record.versions, "".join(_file_item(record, name))


def _file_item(record: Record, name: str) -> Iterable[str]:
    if name in record.versions:
        where = f"<path>{FOLDER}</path><filename>{name}</filename>"
        version = f'<version datatype="version">{text(record.versions[name])}</version>'
        yield _item("file", _object_of(name), where + version)


def _item(kind: str, place: int, content: str) -> str:
    space = f'xmlns="{OVAL}/oval-system-characteristics-5#windows"'
    return f'<{kind}_item {space} id="{place}">{content}</{kind}_item>'


def _generator() -> str:
    return (
        "<generator><oval:schema_version>5.10</oval:schema_version>"
        f"<oval:timestamp>{WHEN}</oval:timestamp></generator>"
    )


def _id(kind: str, place: int) -> str:
    return f"oval:made.up:{kind}:{place + 1}"
