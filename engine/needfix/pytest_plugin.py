"""The pytest plugin `needfix`: a selected rule file is a test file, and each of its cases a test.

It is part of every run of pytest where needfix is installed. So it imports the rest of needfix late, and
opens no file of a run that has tests of its own and does not select rule files.
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

from needfix.intake.limits import RULE_FILE_BYTES
from needfix.intake.paths import CASES, RULES_AND_CASES, from_here
from needfix.printable import printable, printable_lines

if TYPE_CHECKING:
    from needfix.cases.testing import Item, Suite
    from needfix.errors import Problem
    from needfix.model.case_result import CaseResult

_KEY = re.compile(
    rb"""^(?:\xef\xbb\xbf)?["']?(needfix|id|affects|fixes|product|levels|cases)["']?[ \t]*:""", re.MULTILINE
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the plugin."""
    group = parser.getgroup("needfix")
    group.addoption(
        "--needfix", action="store_true", help="Collect rule files: each of their cases is a test."
    )
    parser.addini(
        "needfix_collect", "Collect rule files, as with --needfix (default: false).", "bool", default=False
    )
    parser.addini(
        "needfix_rules", "More rules and products to evaluate with; their cases do not run.", "paths"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the selected files of needfix; those without cases only to report their mistakes."""
    config = parent.config
    if not RULES_AND_CASES.takes(file_path.name) or not _is_selected(file_path, config):
        return None
    if _is_hidden(file_path, config) or not _is_of_needfix(file_path):
        return None
    return RuleFile.from_parent(parent, path=file_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a case once if links lead to its file under several paths."""
    paths: dict[int, Path] = {}
    items[:] = [
        item
        for item in items
        if not isinstance(item, CaseTest) or paths.setdefault(id(item.case), item.path) == item.path
    ]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note whether rule files were left out of a run that has no test."""
    if not session.testscollected and not _selects_all(session.config):
        session.config.stash[_LEFT_OUT] = any(map(_is_test_file, _files_below(session)))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say how rule files are selected, where that is why there is no test."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and config.stash.get(_LEFT_OUT, False):
        hint = "run pytest --needfix, or set needfix_collect = true in the settings of pytest"
        terminalreporter.write_line(f"needfix: rule files are not collected by default\n    hint: {hint}")


class RuleFile(pytest.File):
    """A file of rules, products or stand-alone cases."""

    def collect(self) -> Iterator[CaseTest]:
        """Yield a test for each case."""
        found = _found(self.session)
        here = os.path.realpath(self.path)
        problems = [*found.problems.get(here, ()), *found.elsewhere]
        if problems:
            raise self.CollectError("\n".join(printable_lines(str(problem)) for problem in problems))
        if here not in found.files:
            raise self.CollectError(
                "this file was not loaded with the others\n    hint: give its path to pytest"
            )
        names: set[str] = set()
        for item in found.items.get(here, ()):
            name = _unique(item.name, names)
            yield CaseTest.from_parent(self, name=name, case=item)


class CaseTest(pytest.Item):
    """One case, and one rule that it expects something of."""

    def __init__(self, *, case: Item, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest's own: name and parent
        self.case = case
        self.result: CaseResult | None = None
        if case.skip is not None:
            self.add_marker(pytest.mark.skip(reason=printable(case.skip)))

    def setup(self) -> None:
        """Decide the case: one that cannot be decided is an error, and no failure."""
        from needfix.cases.testing import run  # noqa: PLC0415 - see above

        self.result = run(self.case)
        if self.result.status == "error":
            pytest.fail(_result_text(self.result), pytrace=False)

    def runtest(self) -> None:
        """Hold the decision against what the case expects."""
        assert self.result is not None  # noqa: S101 - `setup` comes first
        if self.result.status == "fail":
            pytest.fail(_result_text(self.result), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The position of the case."""
        return self.path, self.case.at.line - 1, self.name


@dataclass(frozen=True, slots=True)
class _Found:
    """The files of a session, their cases and problems by file; `elsewhere` are problems of other files."""

    files: frozenset[str]
    items: Mapping[str, list[Item]]
    problems: Mapping[str, list[Problem]]
    elsewhere: tuple[Problem, ...]


_FOUND = pytest.StashKey[_Found]()
_LEFT_OUT = pytest.StashKey[bool]()


def _selects_all(config: pytest.Config) -> bool:
    return bool(config.getoption("--needfix") or config.getini("needfix_collect"))


def _is_selected(file: Path, config: pytest.Config) -> bool:
    """Whether all rule files are selected, or this one is named."""
    return _selects_all(config) or os.path.realpath(file) in map(os.path.realpath, _named(config))


def _is_hidden(file: Path, config: pytest.Config) -> bool:
    """Whether a file, or a folder above it, is skipped in every folder that is named."""
    here = Path(os.path.normpath(file))
    places = [Path(os.path.normpath(path)) for path in _named(config)]
    inside = [here.relative_to(place).parts for place in places if here.is_relative_to(place)]
    return bool(inside) and all(any(map(RULES_AND_CASES.skips, parts)) for parts in inside)


def _named(config: pytest.Config) -> list[Path]:
    """The files and folders that a run is about: those of the command line, else of `testpaths`."""
    return [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]


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
    known = frozenset(files)
    while tested:
        try:
            return _Found(known, _by_file(_collect(tested, others)), problems, ())
        except InputError as error:
            by_file = _grouped(error.problems)
        elsewhere = tuple(problem for file in by_file.keys() - files.keys() for problem in by_file[file])
        faulty = by_file.keys() - problems.keys()
        problems |= {file: by_file[file] for file in faulty}
        if not faulty or not faulty <= tested.keys():
            return _Found(known, {}, problems, elsewhere)
        tested = {real: file for real, file in tested.items() if real not in faulty}
    return _Found(known, {}, problems, ())


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
    """The selected YAML files: those that are named, and where all are selected, those below folders too."""
    yield from filter(Path.is_file, _named(session.config))
    if _selects_all(session.config):
        yield from _files_below(session)


def _files_below(session: pytest.Session) -> Iterator[Path]:
    seen: set[str] = set()
    for path in filter(Path.is_dir, _named(session.config)):
        yield from _below(path, session, seen)


def _below(folder: Path, session: pytest.Session, seen: set[str]) -> Iterator[Path]:
    """The YAML files below a folder; links are followed as pytest does, each real folder once."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return  # pytest itself says that it cannot be read
    for path in inside:
        if RULES_AND_CASES.skips(path.name):
            continue
        if session.gethookproxy(folder).pytest_ignore_collect(collection_path=path, config=session.config):
            continue
        if path.is_dir():
            yield from _below(path, session, seen)
        elif RULES_AND_CASES.takes(path.name) and path.is_file():
            yield path


def _is_of_needfix(file: Path) -> bool:
    keys = _keys(file)
    return b"needfix" in keys and (len(keys) > 1 or CASES.takes(file.name))


def _is_test_file(file: Path) -> bool:
    return _is_of_needfix(file) and _holds_cases(file)


def _holds_cases(file: Path) -> bool:
    return b"cases" in _keys(file) or CASES.takes(file.name)


def _keys(file: Path) -> frozenset[bytes]:
    """The keys at the left margin that show what a file is; none where it is not YAML."""
    if not RULES_AND_CASES.takes(file.name):
        return frozenset()
    try:
        with file.open("rb") as source:
            return frozenset(_KEY.findall(source.read(RULE_FILE_BYTES)))
    except OSError:
        return frozenset()


def _unique(name: str, taken: set[str]) -> str:
    """A name that no other test of the file has, and that pytest does not take apart."""
    plain = printable(" ".join(name.replace("::", ":").split()))
    numbered = (f"{plain} ({number})" for number in range(2, len(taken) + 3))
    free = plain if plain not in taken else next(other for other in numbered if other not in taken)
    taken.add(free)
    return free


def _result_text(result: CaseResult) -> str:
    from needfix.report.cases.text import result_lines  # noqa: PLC0415 - see above
    from needfix.report.style import Style  # noqa: PLC0415 - see above

    return "\n".join(result_lines(result, Style()))
