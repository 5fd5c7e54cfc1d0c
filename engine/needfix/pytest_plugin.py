"""The pytest plugin `needfix`: a rule file is a test file, and each of its cases a test.

It is imported by every run of pytest where needfix is installed, so it imports the rest of needfix late.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from needfix.intake.paths import CASES, RULES_AND_CASES, from_here

if TYPE_CHECKING:
    from needfix.cases.testing import Item, Suite
    from needfix.errors import Problem
    from needfix.model.case_result import CaseResult

_KEY = re.compile(
    rb"""^(?:\xef\xbb\xbf)?["']?(needfix|id|affects|fixes|product|levels|cases)["']?[ \t]*:""", re.MULTILINE
)
_MOST_BYTES = 16 * 1024 * 1024


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the plugin."""
    parser.addini("needfix_rules", "more rules and products to decide with, whose cases do not run", "paths")
    parser.addini("needfix_collect", "whether rule files are collected", "bool", default=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the files of needfix; those without cases for what is wrong in them alone."""
    if not parent.config.getini("needfix_collect") or not _is_of_needfix(file_path):
        return None
    return RuleFile.from_parent(parent, path=file_path)


class RuleFile(pytest.File):
    """A file of rules, products or stand-alone cases."""

    def collect(self) -> Iterator[CaseTest]:
        """Yield a test for each case."""
        found = _found(self.session)
        here = os.path.realpath(self.path)
        problems = [*found.problems.get(here, ()), *found.elsewhere]
        if problems:
            raise self.CollectError("\n".join(map(str, problems)))
        names: set[str] = set()
        for item in found.items.get(here, ()):
            name = _unique(item.name, names)
            yield CaseTest.from_parent(self, name=name, case=item)


class CaseTest(pytest.Item):
    """One case, and one rule of which it expects something."""

    def __init__(self, *, case: Item, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest's own: name and parent
        self.case = case
        self.result: CaseResult | None = None
        if case.skip is not None:
            self.add_marker(pytest.mark.skip(reason=case.skip))

    def setup(self) -> None:
        """Decide the case: one that cannot be decided is an error, and no failure."""
        from needfix.cases.testing import run  # noqa: PLC0415 - see above

        self.result = run(self.case)
        if self.result.status == "error":
            pytest.fail(_told(self.result), pytrace=False)

    def runtest(self) -> None:
        """Hold the decision against what the case expects."""
        assert self.result is not None  # noqa: S101 - `setup` comes first
        if self.result.status == "fail":
            pytest.fail(_told(self.result), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, self.case.at.line - 1, self.name


@dataclass(frozen=True, slots=True)
class _Found:
    """The cases and the problems of a session, by file; `elsewhere` are problems of other files."""

    items: Mapping[str, list[Item]]
    problems: Mapping[str, list[Problem]]
    elsewhere: tuple[Problem, ...]


_FOUND = pytest.StashKey[_Found]()


def _found(session: pytest.Session) -> _Found:
    """All cases of the session, decided with one catalogue; it is loaded once."""
    if _FOUND not in session.stash:
        session.stash[_FOUND] = _load(session)
    return session.stash[_FOUND]


def _load(session: pytest.Session) -> _Found:
    from needfix.errors import InputError  # noqa: PLC0415 - see above

    files = {os.path.realpath(file): file for file in _files(session) if _is_of_needfix(file)}
    tested = {real: from_here(str(file)) for real, file in files.items() if _holds_cases(file)}
    others = [from_here(str(file)) for real, file in files.items() if real not in tested]
    others.extend(from_here(str(file)) for file in session.config.getini("needfix_rules"))
    problems: dict[str, list[Problem]] = {}
    while tested:
        try:
            return _Found(_by_file(_collect(tested, others)), problems, ())
        except InputError as error:
            told = _grouped(error.problems)
        elsewhere = tuple(problem for file in told.keys() - files.keys() for problem in told[file])
        faulty = told.keys() - problems.keys()
        problems |= {file: told[file] for file in faulty}
        if not faulty or not faulty <= tested.keys():
            return _Found({}, problems, elsewhere)
        tested = {real: file for real, file in tested.items() if real not in faulty}
    return _Found({}, problems, ())


def _grouped(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    by_file: defaultdict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[os.path.realpath(problem.at.file)].append(problem)
    return by_file


def _collect(tested: Mapping[str, str], others: Iterable[str]) -> Suite:
    from needfix.cases.testing import collect  # noqa: PLC0415 - see above

    return collect([*tested.values()], [*others])


def _by_file(suite: Suite) -> Mapping[str, list[Item]]:
    items: defaultdict[str, list[Item]] = defaultdict(list)
    for item in suite.items:
        items[os.path.realpath(item.at.file)].append(item)
    return items


def _files(session: pytest.Session) -> Iterator[Path]:
    """The YAML files that the session is about: those that its arguments name, and all below its folders."""
    for argument in session.config.args:
        path = session.config.invocation_params.dir / argument.partition("::")[0]
        if path.is_dir():
            yield from _below(path, session)
        elif path.is_file():
            yield path


def _below(folder: Path, session: pytest.Session) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if session.gethookproxy(folder).pytest_ignore_collect(collection_path=path, config=session.config):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path, session)
        elif RULES_AND_CASES.takes(path.name) and path.is_file():
            yield path


def _is_of_needfix(file: Path) -> bool:
    keys = _keys(file)
    return b"needfix" in keys and (len(keys) > 1 or CASES.takes(file.name))


def _holds_cases(file: Path) -> bool:
    return b"cases" in _keys(file) or CASES.takes(file.name)


def _keys(file: Path) -> frozenset[bytes]:
    """The keys at the left margin that tell what a file is; none where it is no YAML."""
    if not RULES_AND_CASES.takes(file.name):
        return frozenset()
    try:
        with file.open("rb") as source:
            return frozenset(_KEY.findall(source.read(_MOST_BYTES)))
    except OSError:
        return frozenset()


def _unique(name: str, taken: set[str]) -> str:
    """A name that no other test of the file has, and that pytest does not take apart."""
    plain = " ".join(name.replace("::", ":").split())
    numbered = (f"{plain} ({number})" for number in range(2, len(taken) + 3))
    free = plain if plain not in taken else next(other for other in numbered if other not in taken)
    taken.add(free)
    return free


def _told(result: CaseResult) -> str:
    from needfix.report.cases.text import result_lines  # noqa: PLC0415 - see above
    from needfix.report.style import Style  # noqa: PLC0415 - see above

    return "\n".join(result_lines(result, Style()))
