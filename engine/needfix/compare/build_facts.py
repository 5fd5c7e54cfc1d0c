"""The facts about one product that show its build: what its entry states, and the copies of its key files."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from needfix.compare.builds import Numbers
from needfix.compare.level_facts import LevelFact
from needfix.model.product import BuildFactKind
from needfix.model.server import FileCopy


class BuildFact(NamedTuple):
    """A build that is stated, or a copy of a key file.

    `source` is what several copies have in common. `builds` are those that it may be; none where it shows
    nothing. `proves`: whether it can show that a minimum is reached.
    """

    kind: BuildFactKind
    source: str
    text: str
    builds: tuple[Numbers, ...]
    proves: bool = True
    copy: FileCopy | None = None

    @property
    def words(self) -> str:
        """The fact in words."""
        if self.copy is None:
            return f"the stated build is {self.text}"
        place = f" in {self.copy.path}" if self.copy.path else ""
        return f"{self.copy.name}{place} is {self.text}"


def stated_builds(facts: Iterable[LevelFact]) -> Iterator[BuildFact]:
    """The builds that an entry or its name states."""
    for number, fact in enumerate(facts):
        if fact.kind == "build" and fact.builds:
            source, proves = f"build {number}", not fact.is_outside
            yield BuildFact("build", source, fact.text, fact.builds, proves)


def shown_builds(
    copies: Iterable[FileCopy], facts: Iterable[LevelFact], unclear: Container[str], shared: Container[str]
) -> Iterator[BuildFact]:
    """What the copies of key files show; by names casefolded, `unclear` ones show nothing.

    A copy in no level's range proves no minimum, and of a key file that several products have (`shared`) it
    shows nothing: it may be another one's.
    """
    by_copy = {id(fact.copy): fact for fact in facts}
    for copy in copies:
        name, fact = copy.name.casefold(), by_copy.get(id(copy))
        if name in unclear:
            continue
        is_known = fact is not None and not (fact.is_outside and name in shared)
        builds = fact.builds if fact is not None and is_known else ()
        proves = fact is not None and not fact.is_outside
        yield BuildFact("key_files", f"file {name}", copy.version or "", builds, proves, copy)
