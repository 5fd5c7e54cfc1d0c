"""Rules as OVAL definitions: five for each rule, which say all that the table of DESIGN section 4 asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from benchmarks.oscap.catalogue import Fix, Level, Rule, Shipped, Version
from benchmarks.oscap.xml import COMMON, GENERATOR, LISTED, OVAL, REGISTRY, RULE_SPACE, identifier

QUESTIONS = ("affected", "present", "absent", "below", "listed")
"""The definitions of a rule: the server has an affected level; all files reach their minimum; none is there;
some file is below; every file is known to be there or not."""


class Test(NamedTuple):
    """One condition: what an object must be like."""

    subject: str
    check: str
    existence: str
    state: str


def _registry_test(name: str, existence: str, state: str = "") -> Test:
    return Test(name, "all", existence, state)


def _version(operation: str, version: str, entity: str) -> str:
    return f'<{entity} datatype="version" operation="{operation}">{version}</{entity}>'


class _Writer:
    """Collects tests, each once, while criteria are written."""

    def __init__(self, shipped: Shipped) -> None:
        self._shipped = shipped
        self.numbers: dict[Test, int] = {}

    def criterion(self, test: Test) -> str:
        """A criterion for a test."""
        number = self.numbers.setdefault(test, len(self.numbers))
        return f'<criterion test_ref="{identifier("tst", number)}"/>'

    def question(self, rule: Rule, question: str) -> str:
        """The criteria of a definition."""
        if question == "affected":
            return self._affected([self._shipped.level_named(name) for name in rule.levels])
        return _any(self._of_fix(fix, question) for fix in rule.fixes)

    def _affected(self, levels: Sequence[Level | None]) -> str:
        """The stated level counts before the build, and that before what the key file shows."""
        names = "|".join(level.name.replace(".", r"\.") for level in levels if level)
        ranges = list(_ranges([level for level in levels if level]))
        no_level = self.criterion(_registry_test("level", "none_exist"))
        no_build = self.criterion(_registry_test("build", "none_exist"))
        pattern = f'<value operation="pattern match">^({names})$</value>'
        return _all(
            [
                self.criterion(_registry_test("product", "at_least_one_exists")),
                _any(
                    [
                        self.criterion(_registry_test("level", "at_least_one_exists", pattern)),
                        _all([no_level, self._within("build", "value", ranges)]),
                        _all([no_level, no_build, self._within("level file", "version", ranges)]),
                    ]
                ),
            ]
        )

    def _within(self, subject: str, entity: str, ranges: Iterable[tuple[str, str]]) -> str:
        return _any(
            _all(
                self.criterion(
                    Test(subject, "all", "at_least_one_exists", _version(operation, limit, entity))
                )
                for operation, limit in (("greater than or equal", begin), ("less than", end))
            )
            for begin, end in ranges
        )

    def _of_fix(self, fix: Fix, question: str) -> str:
        own = [self._of_file(name, minimum, question) for name, minimum in fix.minima.items()]
        if not own:  # nothing to compare, which OVAL calls unknown
            own = [self.criterion(Test("nothing", "all", "at_least_one_exists", ""))]
        criteria = _any(own) if question == "below" else _all(own)
        if fix.platform is None:
            return criteria
        state = f"<value>{fix.platform}</value>"
        return _all([self.criterion(_registry_test("platform", "any_exist", state)), criteria])

    def _of_file(self, name: str, minimum: str, question: str) -> str:
        existence = "at_least_one_exists"
        listed = f"{name}{LISTED}"
        is_missing, is_there = Test(listed, "all", "none_exist", ""), Test(listed, "all", existence, "")
        tests = {
            "present": [Test(name, "all", existence, _version("greater than or equal", minimum, "version"))],
            "below": [Test(name, "at least one", existence, _version("less than", minimum, "version"))],
            "absent": [is_missing],
            "listed": [is_there, is_missing],
        }
        return _any(map(self.criterion, tests[question]))


def _ranges(levels: Sequence[Level]) -> Iterator[tuple[str, str]]:
    """The builds of levels; those next to each other as one range."""
    begin: Version | None = None
    for level, later in pairwise([*levels, None]):
        begin = level.begin if begin is None and level else begin
        if level and begin and (later is None or later.begin != level.end):
            yield ".".join(map(str, begin)), ".".join(map(str, level.end))
            begin = None


def _joined(operator: str, criteria: Iterable[str]) -> str:
    return f'<criteria operator="{operator}">{"".join(criteria)}</criteria>'


def _all(criteria: Iterable[str]) -> str:
    return _joined("AND", criteria)


def _any(criteria: Iterable[str]) -> str:
    return _joined("OR", criteria)


def subjects(shipped: Shipped) -> list[str]:
    """The objects that tests are about: facts on the product, and then files."""
    names = {name for rule in shipped.rules for name in rule.minima}
    files = sorted(names | {shipped.key_file})
    return [*REGISTRY, "level file", *files, *(f"{name}{LISTED}" for name in files)]


def definitions(shipped: Shipped) -> str:
    """All rules as a document of OVAL definitions."""
    writer = _Writer(shipped)
    asked = [writer.question(rule, question) for rule in shipped.rules for question in QUESTIONS]
    places = subjects(shipped)
    return "".join(
        (
            f'<oval_definitions xmlns="{OVAL}/oval-definitions-5" {COMMON}>{GENERATOR}<definitions>',
            *(_definition(number, criteria) for number, criteria in enumerate(asked)),
            "</definitions><tests>",
            *(_test(number, test, places.index(test.subject)) for test, number in writer.numbers.items()),
            "</tests><objects>",
            *(_object(number, subject, shipped.key_file) for number, subject in enumerate(places)),
            "</objects><states>",
            *(_state(number, test) for test, number in writer.numbers.items() if test.state),
            "</states></oval_definitions>",
        )
    )


def _kind(subject: str) -> str:
    return "registry" if subject in REGISTRY else "file"


def _definition(number: int, criteria: str) -> str:
    metadata = "<metadata><title>Made up</title><description>Made up</description></metadata>"
    head = f'<definition id="{identifier("def", number)}" version="1" class="patch">'
    return f"{head}{metadata}{criteria}</definition>"


def _test(number: int, test: Test, place: int) -> str:
    kind = _kind(test.subject)
    checks = f'check="{test.check}" check_existence="{test.existence}" comment="Made up"'
    state = f'<state state_ref="{identifier("ste", number)}"/>' if test.state else ""
    head = f'<{kind}_test {RULE_SPACE} id="{identifier("tst", number)}" version="1" {checks}>'
    return f'{head}<object object_ref="{identifier("obj", place)}"/>{state}</{kind}_test>'


def _state(number: int, test: Test) -> str:
    kind = _kind(test.subject)
    head = f'<{kind}_state {RULE_SPACE} id="{identifier("ste", number)}" version="1">'
    return f"{head}{test.state}</{kind}_state>"


def _object(number: int, subject: str, key_file: str) -> str:
    kind = _kind(subject)
    if kind == "registry":
        where = f"<hive>HKEY_LOCAL_MACHINE</hive><key>SOFTWARE\\Made-up</key><name>{subject}</name>"
    else:
        name = key_file if subject == "level file" else subject.removesuffix(LISTED)
        where = f'<path operation="pattern match">.*</path><filename>{name}</filename>'
    return f'<{kind}_object {RULE_SPACE} id="{identifier("obj", number)}" version="1">{where}</{kind}_object>'
