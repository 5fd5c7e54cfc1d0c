"""The lines of what commands of Windows print, with those ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from needfix.errors import Position, Problem
from needfix.intake.limits import RECORD_BYTES
from needfix.intake.text import is_of_other_encoding, without_nul
from needfix.intake.windows_texts import LINES_AHEAD, WMIC_IS_INSTALLED
from needfix.inventory.items import GiveUpError
from needfix.inventory.lines import numbered_lines, too_large
from needfix.inventory.producers.text_prompts import is_prompt

if TYPE_CHECKING:
    from needfix.inventory.source import Source

_T = TypeVar("_T")
_MOST_LOOKED_AT = 4096


class Line(NamedTuple):
    """A line without its end."""

    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not self.text or self.text.isspace()

    @property
    def is_indented(self) -> bool:
        """Whether it begins with a blank."""
        return self.text[:1].isspace()


class _Ahead(Generic[_T]):
    """What is taken one by one, with a look at what comes next."""

    def __init__(self, source: Iterator[_T]) -> None:
        self._source = source
        self._next: deque[_T] = deque()

    def take(self) -> _T | None:
        """The next one; None at the end."""
        return self._next.popleft() if self._next else next(self._source, None)

    def ahead(self, count: int) -> list[_T]:
        """The next ones, which stay: at most so many."""
        while len(self._next) < count:
            found = next(self._source, None)
            if found is None:
                break
            self._next.append(found)
        return list(islice(self._next, count))


class TextLines:
    """The lines of a source, without the blank ones that programs add between all lines.

    `problems` are those of lines that are too large.
    """

    def __init__(self, source: Source) -> None:
        self.file = source.file
        self.problems: list[Problem] = []
        self._lines = _Ahead(_apart(_closed_up(_Ahead(_as_ended(self._numbered(source))))))

    def take(self) -> Line | None:
        """The next line; None at the end."""
        return self._lines.take()

    def next(self) -> Line | None:
        """The next line, which stays; None at the end."""
        return next(iter(self._lines.ahead(1)), None)

    def beginning(self) -> str:
        """The text of the next lines, as far as patterns look at it."""
        return "".join(f"{line.text[:_MOST_LOOKED_AT]}\n" for line in self._lines.ahead(LINES_AHEAD))

    def block(self) -> Iterator[Line]:
        """The lines up to the next blank one, which stays."""
        return self.take_while(lambda line: not line.is_blank)

    def take_while(self, belongs: Callable[[Line], bool]) -> Iterator[Line]:
        """The next lines as long as they belong to something; the one that does not stays."""
        while (line := self.next()) is not None and belongs(line):
            self.take()
            yield line

    def of_one(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Lines of one object. Raises GiveUpError where they are more than a record may have."""
        size, first = 0, 0
        for line in lines:
            first = first or line.number
            size += len(line.text)
            if size > RECORD_BYTES:
                raise GiveUpError(too_large(self.place(first)))
            yield line

    def place(self, line: int) -> Position:
        """The place of a line."""
        return Position(self.file, line)

    def _numbered(self, source: Source) -> Iterator[tuple[int, str]]:
        before = ""
        for number, line in numbered_lines(source):
            if line is None:
                self.problems.append(too_large(self.place(number), is_last=False))
            elif is_of_other_encoding(line, source.encoding):
                text = without_nul(line) if "\0" in line else None
                if text is None:
                    self._lose(number)
                elif text != "\r" or not before.endswith("\r"):  # one of the ends `\r\r\n`
                    yield number, text
                before = text or ""
            else:
                yield number, line.removeprefix("\ufeff")

    def _lose(self, number: int) -> None:
        """Take in that a line is in another encoding; those below it are, too."""
        if any(problem.code == "unreadable" for problem in self.problems):
            return
        what = "the text from here on is in another encoding than above"
        hint = "write the output of each command into a file of its own"
        self.problems.append(Problem(self.place(number), what, "text in one encoding", hint, "unreadable"))


def _as_ended(lines: Iterator[tuple[int, str]]) -> Iterator[Line]:
    r"""Lines without their ends; `\r\r\n`, which wmic writes into pipes, is one end."""
    was_half = False
    for number, line in lines:
        if was_half and line in ("\n", "\r\n"):
            was_half = False
            continue
        was_half = line.endswith("\r")
        text = line.rstrip("\r\n").removeprefix(WMIC_IS_INSTALLED)
        yield Line(number, text.replace("\t", "    ") if text[:1] == "\t" else text)


def _apart(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines with a blank one above and below each prompt, which ends the output above it."""
    for line in lines:
        if is_prompt(line.text):
            yield from (Line(line.number, ""), line, Line(line.number, ""))
        else:
            yield line


def _closed_up(lines: _Ahead[Line]) -> Iterator[Line]:
    """Lines without the blank one that PowerShell writes below each line of wmic."""
    is_apart = True
    while (line := lines.take()) is not None:
        yield line
        if line.is_blank:
            is_apart = True
            continue
        below = lines.ahead(3)
        is_followed = len(below) > 1 and below[0].is_blank and not below[1].is_blank
        is_apart = is_apart and is_followed and all(own.is_blank for own in below[2:])
        if is_apart:
            lines.take()
