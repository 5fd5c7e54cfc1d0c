"""One server at a boundary of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from needfix.errors import Position

Aim = Literal[
    "below", "at", "above", "loaded-old", "elsewhere",
    "file-missing", "file-not-inventoried", "component-missing", "all-missing",
    "level", "level-outside", "level-unfixed", "level-unstated", "corrected", "not-yet-corrected",
    "other-product", "edition", "edition-other", "edition-unstated", "platform-other", "language-other",
    "asked", "not-asked", "requires-met", "requires-unmet", "superseded", "not-superseded", "claimed",
    "symptom", "symptoms-absent", "symptoms-unreported", "observation", "observation-outside",
]  # fmt: skip
"""What a probe looks at."""

Given = Mapping[str, object]
"""Facts in the short form of a rule's cases."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Facts at a boundary of a rule, and the place of that boundary in its file.

    `about` is the file, level or other thing that is looked at, as the rule names it; `folder` is the
    path in which the rule looks for the file.
    """

    name: str
    given: Given
    aim: Aim
    at: Position = field(compare=False)
    about: str = ""
    folder: str | None = None


class Boundary(NamedTuple):
    """What a probe looks at, in words for its name, its place, and its own name."""

    aim: Aim
    words: str
    at: Position
    about: str = ""
    folder: str | None = None

    def probe(self, where: str, given: Given) -> Probe:
        """The probe of these facts."""
        return Probe(f"{where}, {self.words}", given, self.aim, self.at, self.about, self.folder)
