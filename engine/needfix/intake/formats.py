"""The registry of inventory formats: which there are, and which one a file has.

A new format is a module with `read(source)` and a line in FORMATS; `evaluate`, `explain`, fleets, standard
input and Spark all use this registry. The format of a file is chosen by its content, then by its ending:

1. A magic number decides, whatever the name of the file.
2. Of the formats whose pattern matches the text, those that have the ending are kept.
3. If none of these has the ending, another matching format is chosen only if no format with the ending goes
   `before` it: a `.jsonl` file with a broken first line is not JSON, although it begins like JSON.
4. If several remain, the one that goes `before` the others is chosen, whatever the order of the registry.
5. If no pattern matches, the ending decides: of the formats that have it, the one that goes before no other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import PurePath
from types import ModuleType
from typing import NamedTuple

from needfix.errors import InventoryError, Position, Problem, UsageError
from needfix.intake import windows_texts
from needfix.intake.archives import ENDING as ARCHIVE
from needfix.intake.archives import archive_problem, is_archive, members_of
from needfix.intake.limits import LEADING_BLANKS
from needfix.intake.packed import ENDINGS as PACKED
from needfix.intake.packed import without_packing
from needfix.intake.paths import MARKS_OF_SPARK, FileKind, named_files, none_named, path_text
from needfix.intake.reports import BETWEEN_CELLS, is_report, report_problem
from needfix.intake.text import decode_head, encoding_of


class Format(NamedTuple):
    """A format of inventories.

    `rows` is the module that reads one server after another (`read(source)`), `columns` the one that reads
    columns (`pieces(file)`), if any. A file has the format if it has the `magic` number or its text matches
    `begins`; no such pattern may match white space in two ways, or matching a file of white space would take
    exponential time. The format goes `before` those whose pattern also matches its files. A file that
    `may_be_cut` can be read in independent blocks of lines. An `is_columnar` file is read by the fleet path.
    """

    name: str
    endings: tuple[str, ...]
    rows: str
    columns: str | None = None
    magic: bytes = b""
    begins: str = ""
    before: tuple[str, ...] = ()
    may_be_cut: bool = False
    is_columnar: bool = False

    def fits(self, head: str) -> bool:
        """Whether a text, without leading white space, begins like this format."""
        return bool(self.begins and re.match(self.begins, head))


_ABOVE_ROOT = r"(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*"
"""What may stand above the root of XML: a declaration and comments."""

FORMATS: tuple[Format, ...] = (
    Format("Parquet", (".parquet", ".pq"), "fleet.servers", "fleet.reading.parquet", magic=b"PAR1",
           before=("CSV", "YAML"), is_columnar=True),
    Format("JSON lines", (".jsonl", ".ndjson", ".json"), "inventory.json_lines", "fleet.reading.json_lines",
           begins=r"\{[^\n]*\}[ \t\r]*\n\s*\{[^\n]*(\}\s*(\n|$)|$)",
           before=("JSON", "YAML"), may_be_cut=True),
    Format("logs of osquery", (".results.log", ".snapshots.log"), "inventory.json_lines"),
    Format("JSON", (".json",), "inventory.json_records",
           begins=r'\{\s*["}]|\[\s*[\[{\]]', before=("YAML",)),
    Format("Excel workbook", (".xlsx", ".xlsm"), "inventory.workbook_records"),
    Format("CLIXML", (".xml", ".clixml"), "inventory.producers.clixml",
           begins=r"(?:<\?xml[^>]*\?>\s*)?<Objs\b", before=("OVAL",)),
    Format("OVAL", (".xml",), "inventory.producers.oval",
           begins=rf"{_ABOVE_ROOT}<(?:[\w.-]{{1,40}}:)?(?:oval_system_characteristics|oval_results"
                  r"|asset-report-collection)\b"),
    Format("Windows commands", (".txt",), "inventory.producers.windows_text",
           begins=windows_texts.BEGINS, before=("CSV", "YAML")),
    Format("CSV", (".csv", ".tsv", ".txt"), "inventory.csv_records", "fleet.reading.csv",
           begins=r'(?i)#TYPE|sep=.\s|"?server"?\s*$|[^\n:{}\[\]#]+[,;|\t]|"?server"?[ \r]*\n',
           before=("YAML",)),
    Format("YAML", (".yaml", ".yml"), "inventory.yaml_records",
           begins=r"""(#[^\n]*\n\s*)*(---|%|-\s|[{\[]|["']?\w+["']?\s*:)"""),
)  # fmt: skip


MAGIC_BYTES = 16
"""The number of first bytes of a file that contain the magic number of any format."""


class _Foreign(NamedTuple):
    """A file that is not an inventory, by its first bytes."""

    magic: bytes
    what: str
    hint: str


_UNPACK = "unpack it, and give the unpacked file"
_AS_CSV = "save it as an Excel workbook (.xlsx) without a password, or the sheet as CSV UTF-8"
_AS_ARCHIVE = f"{_UNPACK}; an archive itself is read where it is a file that ends in .zip"
_AS_UTF8 = "save the file as UTF-8"
_FOREIGN = (
    _Foreign(b"\x1f\x8b", "is compressed with gzip", _UNPACK),
    _Foreign(b"\x28\xb5\x2f\xfd", "is compressed with Zstandard", _UNPACK),
    _Foreign(b"BZh", "is compressed with bzip2", _UNPACK),
    _Foreign(b"\xfd7zXZ\x00", "is compressed with xz", _UNPACK),
    _Foreign(b"\x04\x22\x4d\x18", "is compressed with LZ4", _UNPACK),
    _Foreign(b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", _UNPACK),
    _Foreign(b"Rar!", "is a RAR archive", _UNPACK),
    _Foreign(b"PK\x03\x04", "is a ZIP archive", _UNPACK),
    _Foreign(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a document of Excel or another office program", _AS_CSV
    ),
    _Foreign(b"%PDF-", "is a PDF document", "give the file from which it was made"),
    _Foreign(b"SQLite format 3\0", "is an SQLite database", "export its rows as CSV, and give that file"),
    _Foreign(b"ORC", "is an ORC file", "write it as Parquet, and give that file"),
    _Foreign(b"Obj\x01", "is an Avro file", "write it as Parquet, and give that file"),
    _Foreign(b"ARROW1", "is an Arrow file", "write it as Parquet, and give that file"),
    _Foreign(b"\xff\xfe\0\0", "is text in UTF-32", _AS_UTF8),
    _Foreign(b"\0\0\xfe\xff", "is text in UTF-32", _AS_UTF8),
)
_OF_OFFICE = frozenset((b"[Content_Types].xml", b"xl", b"docProps", b"_rels", b"mimetype"))
"""Files and folders at the top of the archives that workbooks and documents are."""
_NOT_OF_EXCEL = frozenset((b"mimetype", b"word", b"ppt"))
_ENTRY = re.compile(rb"PK\x03\x04.{22}(.)(.)..", re.DOTALL)
_TAR, _TAR_AT = b"ustar", 257
_UTF_32_BYTES = 4
_SERVER = r"""(?im)^[ \t-]*["']?server["']?[ \t]*:"""
_HEADER_LINES = 3
"""Lines among which the header of CSV is: below `#TYPE` and `sep=`."""
_RELATED = (
    ".gz", ".zst", ".bz2", ".xz", ".lz4", ".7z", ".rar", ".tar", ".tgz",
    ".xls", ".ods", ".orc", ".avro", ".arrow", ".feather",
)  # fmt: skip


def inventories() -> FileKind:
    """The kind of files that are inventories."""
    endings = tuple(sorted({ARCHIVE, *(ending for known in FORMATS for ending in known.endings)}))
    return FileKind(
        "inventory",
        "an inventory",
        endings,
        related=_RELATED,
        marks=MARKS_OF_SPARK,
        may_be_piped=True,
        resembles=_resembles_inventory,
        packings=PACKED,
        beside=r"healthchecker-?(?:debug)?.{0,80}\.txt",
    )


def _resembles_inventory(start: bytes) -> bool:
    """Whether a file may be an inventory: a magic number, a format of no other files, or a `server`."""
    if any(known.magic and start.startswith(known.magic) for known in FORMATS):
        return True
    encoding, mark = encoding_of(start)
    text = decode_head(start[mark:], encoding).lstrip()
    if not text or _foreign(start) or is_report(text):
        return False
    fitting = {known.name for known in FORMATS if known.fits(text)}
    return not fitting.isdisjoint(_OF_INVENTORIES_ONLY) or bool(
        fitting and (re.search(_SERVER, text) or _has_server_column(text))
    )


_OF_INVENTORIES_ONLY = frozenset(("JSON", "JSON lines", "Windows commands"))


def _has_server_column(text: str) -> bool:
    names = (name for line in text.splitlines()[:_HEADER_LINES] for name in re.split(BETWEEN_CELLS, line))
    return any(name.strip().casefold() == "server" for name in names)


def inventory_names(
    paths: Iterable[str | os.PathLike[str]],
    output: str | None = None,
    unreadable: list[Problem] | None = None,
) -> list[str]:
    """The names of the inventories that paths name, each once, as problems show them; `-` is standard input.

    Raises InventoryError where a path names no file, where the report at `output` would replace one, and
    for folders that cannot be read; these are added to `unreadable` instead if other files are named.
    """
    kind = inventories()
    given = [path_text(path, kind) for path in paths]
    if not given:
        raise none_named(kind)
    names, problems = named_files(given, kind, output, unreadable)
    if problems or not names:
        raise InventoryError([*problems, *(unreadable or ())])
    return [own for name in names for own in _in_archive(name, kind)]


def _in_archive(name: str, kind: FileKind) -> list[str]:
    """The names of the files in an archive; the name itself of another file, and where it has none."""
    return (members_of(name, kind) if is_archive(name) else None) or [name]


def cut_endings() -> tuple[str, ...]:
    """The endings of files that may be read in blocks: endings that no other format has."""
    whole = {ending for known in FORMATS if not known.may_be_cut for ending in known.endings}
    return tuple(
        ending for known in FORMATS if known.may_be_cut for ending in known.endings if ending not in whole
    )


def columnar_by_start(start: bytes) -> bool:
    """Whether a file that begins with these bytes is in a columnar format, by its magic number."""
    return any(known.is_columnar and start.startswith(known.magic) for known in FORMATS if known.magic)


def columnar_endings() -> tuple[str, ...]:
    """The endings of formats that are columnar."""
    return tuple(ending for known in FORMATS if known.is_columnar for ending in known.endings)


def format_of(name: str, start: bytes, head: str) -> Format | Problem:
    """The format of a file by its name, its first bytes and their text; or the problem."""
    by_magic = next((known for known in FORMATS if known.magic and start.startswith(known.magic)), None)
    if by_magic is None and is_workbook(start):
        by_magic = next((known for known in FORMATS if known.name == "Excel workbook"), None)
    return by_magic or _not_an_inventory(name, start, head.lstrip()) or _format_of_text(name, head.lstrip())


def _not_an_inventory(name: str, start: bytes, text: str) -> Problem | None:
    """The problem of a file that is empty, compressed, of another program or a report of needfix."""
    if start.startswith(b"PK") and is_archive(name):
        return archive_problem(name, inventories())
    if foreign := foreign_content(name, start, "an inventory"):
        is_zip = foreign.what.endswith("ZIP archive")
        return foreign._replace(hint=_AS_ARCHIVE) if is_zip else foreign
    if not text:
        return _blank(Position(name, 1), start)
    if _RULES.match(text) and _OF_RULES.search(text):
        hint = "name rules with --rules; an inventory states facts about servers"
        return Problem(Position(name, 1), "this is a file of rules", "an inventory", hint)
    return report_problem(name, text)


_RULES = re.compile(r"(?:#[^\n]*\n\s*|---\s*)*needfix\s*:\s*1\b")
_OF_RULES = re.compile(r"(?m)^(?:id|product|affects|fixes|levels|rule)\s*:")


def _format_of_text(name: str, text: str) -> Format | Problem:
    at = Position(name, 1)
    if _ERROR.match(text) and not any(known.fits(text) for known in FORMATS if known.name != "YAML"):
        return error_message(at, text)
    ending = PurePath(without_packing(name)).suffix.lower()
    claiming = [known for known in FORMATS if ending in known.endings]
    found = _candidates(text, claiming)
    if not found:
        names = ", ".join(known.name for known in FORMATS)
        hint = f"give the file a known ending: {', '.join(inventories().endings)}"
        return Problem(at, "the format cannot be recognised from the content", names, hint, "syntax")
    if len(found) > 1:
        what = f"the file may be {' or '.join(known.name for known in found)}"
        return Problem(at, what, "one format", "give the file the ending of one of them")
    return found[0]


_ERROR = re.compile(windows_texts.ERROR)
_SHOWN = 60


def error_message(at: Position, text: str) -> Problem:
    """The problem of what a program writes in place of facts."""
    line = " ".join(text.split())
    shown = line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
    hint = "run the command again where it succeeds; nothing is known of the server from this"
    return Problem(at, f"this is an error message of a program: {shown}", "facts of a server", hint, "syntax")


def _candidates(text: str, claiming: Sequence[Format]) -> list[Format]:
    """Rules 2 to 5 above; more than one where the registry does not say which goes before the other."""
    after = {name for known in claiming for name in known.before}
    claimed = [known for known in claiming if known.fits(text)]
    if found := claimed or [known for known in FORMATS if known.name not in after and known.fits(text)]:
        behind = {name for known in found for name in known.before}
        return [known for known in found if known.name not in behind]
    names = {known.name for known in claiming}
    return [known for known in claiming if names.isdisjoint(known.before)]


def _blank(at: Position, start: bytes) -> Problem:
    if len(start) < LEADING_BLANKS:
        return Problem(at, "the file is empty", "an inventory")
    what = f"the file begins with more than {LEADING_BLANKS >> 20} MiB of white space"
    return Problem(at, what, "an inventory", "remove the white space")


def foreign_content(name: str, start: bytes, expected: str) -> Problem | None:
    """The problem of a file that is compressed, in UTF-32 or of another program, by its first bytes."""
    found = _foreign(start)
    return Problem(Position(name, 1), f"the file {found.what}", expected, found.hint) if found else None


def _foreign(start: bytes) -> _Foreign | None:
    if start[_TAR_AT:].startswith(_TAR):
        return _Foreign(_TAR, "is a TAR archive", _UNPACK)
    found = next((known for known in _FOREIGN if start.startswith(known.magic)), None)
    if found and found.magic.startswith(b"PK") and _names_in_archive(start) & _OF_OFFICE:
        return _Foreign(found.magic, "is a workbook or document of an office program", _AS_CSV)
    quad = start[:_UTF_32_BYTES]
    if (
        found is None
        and len(start) > _UTF_32_BYTES
        and quad.count(0) == _UTF_32_BYTES - 1
        and quad[1:3] == b"\0\0"
    ):
        return _Foreign(quad, "is text in UTF-32", _AS_UTF8)
    return found


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins so is a workbook of Excel."""
    names = _names_in_archive(start) if start.startswith(b"PK\x03\x04") else frozenset()
    return bool(names & _OF_OFFICE) and not names & _NOT_OF_EXCEL


def _names_in_archive(start: bytes) -> frozenset[bytes]:
    """The files and folders at the top of an archive, as far as they are in its beginning."""
    found = set()
    for entry in _ENTRY.finditer(start):
        length = entry[1][0] + (entry[2][0] << 8)
        found.add(start[entry.end() : entry.end() + length].partition(b"/")[0])
    return frozenset(found)


LIBRARIES = ("numpy", "pyarrow")
"""What formats of columns need, and a plain installation lacks."""


def module_of(reader: str) -> ModuleType:
    """The module of a reader. Raises UsageError where a library that it needs is not installed."""
    with libraries():
        return import_module(f"needfix.{reader}")


@contextmanager
def libraries() -> Iterator[None]:
    """Raises UsageError with the install command where a library for columns is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in LIBRARIES:
            raise
        hint = "pip install 'needfix[fleet]'"
        raise UsageError(f"this needs {error.name}, which is not installed\n    hint: {hint}") from error
