"""Notes: what was not read, not understood or not counted, once for each kind and file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from needfix.errors import Position, Problem
from needfix.model.value import Value
from needfix.printable import printable

MOST_WORDS = 100
"""Distinct words that a note keeps: the first in alphabetical order."""

OUT_OF_SUPPORT = "level-out-of-support"
"""The code of notes on products that are no longer supported."""

READ_AS, COLUMN_DOUBLED, OBJECTS_READ = "read-as", "column-doubled", "objects-read"
"""The codes of notes on what is understood though it is not in a form of needfix's own."""

SERVER_DIFFERS, SERVER_PERHAPS_SAME = "server-differs", "server-perhaps-same"
"""The codes of notes on objects that name two servers, and on two names that may be of one."""

NOT_READ, LINES_ABOVE = "column-not-read", "lines-above"
"""The codes of notes on what is not read of tables of other programs."""

OBJECT_UNKNOWN = "object-unknown"
"""The code of notes on objects of other programs of which nothing is read."""

ANSWER_UNUSED = "answer-unused"
"""The code of notes on answers for whose servers there are no records."""
COMPLETE_DENIED = "complete-denied"
"""The code of notes on lists that are whole by what the user states, and not by what the record says."""

CATALOGUE_OLD, CATALOGUE_DAYS = "catalogue-old", 45
"""The code of the note about a catalogue whose facts are older than so many days."""

NO_MISTAKES = frozenset(
    (OUT_OF_SUPPORT, READ_AS, OBJECTS_READ, COLUMN_DOUBLED, NOT_READ, LINES_ABOVE, SERVER_PERHAPS_SAME)
)
"""The codes of notes that are about no mistake: they are never problems."""

_SHOWN = 5


class NoteKind(NamedTuple):
    """What notes of a code say: about one thing, about several, and what can be done."""

    one: str
    several: str
    hint: str


NOTE_KINDS: Mapping[str, NoteKind] = MappingProxyType(
    {
        "unknown-key": NoteKind(
            "key of a record is not known, and was not read",
            "keys of records are not known, and were not read",
            "remove or rename them; needfix schema inventory shows the known ones",
        ),
        "unknown-column": NoteKind(
            "column is not known, and was not read",
            "columns are not known, and were not read",
            "rename those that state facts, such as FileName to file and FileVersion to version",
        ),
        "collecting-failed": NoteKind(
            "thing could not be looked at when the facts were collected",
            "things could not be looked at when the facts were collected",
            "give the collector access to them, and collect again",
        ),
        OBJECTS_READ: NoteKind(
            "object of another program was read",
            "objects of other programs were read",
            "nothing needs to be done; docs/inventories.md lists what each kind can show",
        ),
        OBJECT_UNKNOWN: NoteKind(
            "object of another program is of no known kind, and was not read",
            "objects of other programs are of no known kind, and were not read",
            "add the properties that say what it is; docs/inventories.md lists those of each kind",
        ),
        SERVER_DIFFERS: NoteKind(
            "object names two servers, and counts for the one that it is about",
            "objects name two servers, and count for the ones that they are about",
            "check that these are right; PSComputerName is where a command ran, not what it was asked about",
        ),
        SERVER_PERHAPS_SAME: NoteKind(
            "server may be another one with its domain",
            "servers may be other ones with their domains",
            "use --short-names if they are, and --join where they are in several files",
        ),
        NOT_READ: NoteKind(
            "column of a table of another program was not read",
            "columns of a table of another program were not read",
            "nothing needs to be done where these state no file, product, hotfix, service or restart",
        ),
        LINES_ABOVE: NoteKind(
            "line above the header of a table was not read",
            "lines above the header of a table were not read",
            "nothing needs to be done where the table begins below",
        ),
        COLUMN_DOUBLED: NoteKind(
            "column or key states what another one states, and was not read",
            "columns or keys state what others state, and were not read",
            "nothing needs to be done; remove the other one where this one is right",
        ),
        READ_AS: NoteKind(
            "name is read as that of a column or key",
            "names are read as those of columns or keys",
            "nothing needs to be done; --map 'NAME=column' states what another name of a column means",
        ),
        ANSWER_UNUSED: NoteKind(
            "answer is for a server that is in no inventory, and was not used",
            "answers are for servers that are in no inventory, and were not used",
            "write the names as the inventories do, or a pattern such as MAIL*",
        ),
        "product-name-unreadable": NoteKind(
            "product name says nothing, and may be any product's",
            "product names say nothing, and may be any product's",
            "write the name of the product, or leave out an entry that is no product",
        ),
        "product-name-unclear": NoteKind(
            "product name is in no definition, and resembles that of a product",
            "product names are in no definition, and resemble those of products",
            "correct the name, or add it to 'aliases' or 'other_names' of a definition",
        ),
        "level-unreadable": NoteKind(
            "level cannot be read, and counts as not stated",
            "levels cannot be read, and count as not stated",
            "write a level such as 5.5 SP4, or leave it out and give the build",
        ),
        "level-not-defined": NoteKind(
            "level is not in the definition of its product, and is unknown",
            "levels are not in the definitions of their products, and are unknown",
            "correct the level, or add it to the product's definition if it is newer",
        ),
        "build-unreadable": NoteKind(
            "build cannot be read, and counts as not stated",
            "builds cannot be read, and count as not stated",
            "write a build such as 5.5.2653.23, or leave it out",
        ),
        "edition-unreadable": NoteKind(
            "edition is not known, and counts as not stated",
            "editions are not known, and count as not stated",
            "write an edition that the product's definition lists, or leave it out",
        ),
        "language-unreadable": NoteKind(
            "language is not known, and counts as not stated",
            "languages are not known, and count as not stated",
            "write a language code such as en, or leave it out",
        ),
        "platform-unreadable": NoteKind(
            "platform is not known, and counts as not stated",
            "platforms are not known, and count as not stated",
            "write a platform such as x86, x64 or arm64, or leave it out",
        ),
        "version-unreadable": NoteKind(
            "file version cannot be read",
            "file versions cannot be read",
            "write the numbers of the version as Windows shows them, such as 5.5.2653.23",
        ),
        "time-unreadable": NoteKind(
            "time cannot be read, and counts as not stated",
            "times cannot be read, and count as not stated",
            "write a time as 2000-03-14T18:00:00",
        ),
        "file-name-unreadable": NoteKind(
            "entry of a list of files names no file, or not surely one, so that the list is not whole",
            "entries of lists of files name no file, or not surely one, so that the lists are not whole",
            "write the whole name of the file alone, with a path that ends with it or is that of its folder",
        ),
        "path-unreadable": NoteKind(
            "path of a file or product shows no folder, so that the file or product may lie anywhere",
            "paths of files or products show no folder, so that these may lie anywhere",
            "write the whole path, from its drive on",
        ),
        "state-unreadable": NoteKind(
            "service state is not known, so that it shows no symptom",
            "service states are not known, so that they show no symptom",
            "write running, stopped, starting, stopping, paused, pausing or resuming",
        ),
        "registry-key-unreadable": NoteKind(
            "key of the registry has no known root, so that its values may be of any key",
            "keys of the registry have no known root, so that their values may be of any key",
            "write the whole key with its root, such as HKLM\\SOFTWARE\\Vendor",
        ),
        "registry-view-unreadable": NoteKind(
            "view of the registry is not known, and counts as not stated",
            "views of the registry are not known, and count as not stated",
            "write 32 or 64",
        ),
        "registry-value-unreadable": NoteKind(
            "value of the registry is no version, and is not compared",
            "values of the registry are no versions, and are not compared",
            "collect the value as it is",
        ),
        "event-unreadable": NoteKind(
            "event has a source or message that says nothing",
            "events have a source or message that says nothing",
            "collect the events with their source, id and message",
        ),
        "symptom-unknown": NoteKind(
            "symptom is of no rule, and was not used",
            "symptoms are of no rule, and were not used",
            "needfix rules show ID lists the symptoms of a rule",
        ),
        "copies-not-counted": NoteKind(
            "copy lies in a folder that keeps old files, and was not counted",
            "copies lie in folders that keep old files, and were not counted",
            "nothing needs to be done where these are backups; list the files that run as well",
        ),
        "older-fact": NoteKind(
            "fact of an older record was replaced by that of a newer one",
            "facts of older records were replaced by those of newer ones",
            "nothing needs to be done; leave out records that are out of date",
        ),
        "value-unreadable": NoteKind(
            "value says nothing, and counts as not stated",
            "values say nothing, and count as not stated",
            "write the value, or leave it out",
        ),
        "facts-old": NoteKind(
            "record is older than --max-age, or does not state when it was collected",
            "records are older than --max-age, or do not state when they were collected",
            "collect the facts again; 'collected' states when",
        ),
        OUT_OF_SUPPORT: NoteKind(
            "product is at a level that its vendor no longer supports",
            "products are at levels that their vendors no longer support",
            "plan for a later level; no decision depends on it",
        ),
        CATALOGUE_OLD: NoteKind(
            f"catalogue has facts that are older than {CATALOGUE_DAYS} days; newer fixes are not in it",
            f"catalogues have facts that are older than {CATALOGUE_DAYS} days; newer fixes are not in them",
            "install a newer release of needfix, or name newer rules with --rules",
        ),
        COMPLETE_DENIED: NoteKind(
            "list that --complete names is not whole by what its record or the collector says, and counts as"
            " not whole",
            "lists that --complete names are not whole by what their records or collectors say, and count as"
            " not whole",
            "collect them again where the collector failed; leave the scope out of --complete otherwise",
        ),
        "complete-without-list": NoteKind(
            "scope is called complete without a list, and says nothing",
            "scopes are called complete without a list, and say nothing",
            "add the list, empty if there is none, or leave the scope out of complete",
        ),
    }
)
"""The codes of notes, with what they say."""

NOTE_CODES: Mapping[str, str] = MappingProxyType({code: kind.several for code, kind in NOTE_KINDS.items()})
"""The codes of notes, with what they mean."""


@dataclass(frozen=True, slots=True)
class Note(Value):
    """One kind of thing that was not read, understood or counted in a file.

    `file` is None for servers that are in no file, and where notes of very many files are united. `count`
    is how often it occurs, `at` the first place, and `words` are the distinct words, at most MOST_WORDS,
    in alphabetical order.
    """

    code: str
    file: str | None
    count: int
    at: Position | None
    words: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence: how many of what, and some of the words."""
        kind = NOTE_KINDS[self.code]
        what = f"{self.count:,} {kind.one if self.count == 1 else kind.several}"
        if not self.words:
            return what
        shown = ", ".join(f'"{word}"' for word in self.words[:_SHOWN])
        rest = len(self.words) - _SHOWN
        if rest <= 0:
            return f"{what}: {shown}"
        more = f"{rest} more" if len(self.words) < MOST_WORDS else f"{rest} or more others"
        return f"{what}: {shown} and {more}"

    @property
    def hint(self) -> str:
        """What can be done."""
        return NOTE_KINDS[self.code].hint

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at is not None else ""
        return printable(f"{place}note: {self.text}; hint: {self.hint}")

    def as_dict(self) -> dict[str, object]:
        """The note as in JSON."""
        return {
            "code": self.code,
            "file": self.file,
            "first": None if self.at is None else str(self.at),
            "count": self.count,
            "words": list(self.words),
            "text": self.text,
            "hint": self.hint,
        }

    def beside(self, other: Note) -> Note:
        """This note and another of the same code and file as one."""
        places = [at for at in (self.at, other.at) if at is not None]
        words = sorted({*self.words, *other.words})[:MOST_WORDS]
        return Note(self.code, self.file, self.count + other.count, min(places, default=None), tuple(words))

    def as_problem(self) -> Problem:
        """The note as a mistake, where notes are not accepted."""
        at = self.at if self.at is not None else Position(self.file or "the inventory", 0)
        return Problem(at, self.text, hint=self.hint, code=self.code)


def of_problem(problem: Problem) -> Note | None:
    """The note that is a problem because notes are not accepted; None for any other problem."""
    kind = NOTE_KINDS.get(problem.code)
    if kind is None or not problem.what.startswith(f"1 {kind.one}"):
        return None
    word = problem.what.removeprefix(f"1 {kind.one}").removeprefix(": ").strip('"')
    file = problem.at.file if problem.at.line else None
    return Note(problem.code, file, 1, problem.at, (word,) if word else ())


def united(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes with one for each code and file, by file and code."""
    found: dict[tuple[str, str | None], Note] = {}
    for note in notes:
        key = note.code, note.file
        found[key] = found[key].beside(note) if key in found else note
    order = {code: place for place, code in enumerate(NOTE_KINDS)}
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1] or "", order[key[0]])))
