"""`needfix collect`: an inventory of servers from their folders, or a script that makes one elsewhere."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import TextIO

from needfix.catalogue import Catalogue, load_for_decisions
from needfix.cli.arguments import Parser, add_rules, check_output, give_back, may_hold_rules
from needfix.cli.exits import DONE
from needfix.cli.messages import complain
from needfix.cli.output import output
from needfix.cli.progress import counting_bar
from needfix.collect.asked import asked_by
from needfix.collect.collection import Collected, Collecting, ServerCollection
from needfix.collect.osquery import osquery_pack
from needfix.collect.powershell import powershell_script
from needfix.collect.tree import Root
from needfix.errors import UsageError
from needfix.report.style import plural
from needfix.versions import parse_moment

_MOST_NOTES = 50
"""Notes that are written one by one; the others are counted."""
_NAMED = 3
"""Servers that a note names."""


def run(words: Sequence[str]) -> int:
    """Run the command; the answer is the exit code."""
    arguments = _arguments(words)
    check_output(arguments.output, arguments.rules)
    catalogue = load_for_decisions(arguments.rules, with_shipped=not arguments.no_shipped)
    if arguments.script is not None:
        with output(arguments.output, hold_back=True) as out:
            out.write(_script(arguments.script, catalogue))
        return DONE
    how = Collecting(
        catalogue,
        asked_by(catalogue),
        arguments.collected or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        lists_all=arguments.all,
        is_whole=arguments.whole,
        server=arguments.server_name,
    )
    servers, notes = _servers(arguments)
    with output(arguments.output, hold_back=True) as out, counting_bar("looking at files") as advance:
        collected = _write(out, replace(how, advance=advance), servers)
        if arguments.strict:
            _check_strict(collected, notes)
    _state(collected, notes)
    return DONE


def parser() -> Parser:
    """The parser of the command's words."""
    parser = Parser(
        "collect",
        "Write an inventory of servers from their folders: a disk image that is mounted, a drive, a backup.",
        "needfix collect /mnt/c /mnt/d --drive C: --drive D: --output mail01.json",
        "needfix collect images/ --each-folder --output servers.jsonl",
        "needfix collect --script powershell --output collect.ps1",
    )
    add = parser.add_argument
    add("path", nargs="*", metavar="PATH", help=_PATH)
    add_rules(parser)
    add("--output", metavar="FILE", help=_OUTPUT)
    add("--server-name", metavar="NAME", help=_SERVER_NAME)
    add("--each-folder", action="store_true", help=_EACH_FOLDER)
    add("--drive", action="append", metavar="LETTER", help=_DRIVE)
    add("--whole", action="store_true", help=_WHOLE)
    add("--all", action="store_true", help=_ALL)
    add("--collected", metavar="TIME", help="When the folders were as they are (default: now).")
    add("--script", choices=("powershell", "osquery"), help=_SCRIPT)
    add("--strict", action="store_true", help=_STRICT)
    return parser


_PATH = "Folders with the files of a server, such as a disk image that is mounted."
_OUTPUT = "Write the inventory to FILE, whole or not at all (default: standard output)."
_SERVER_NAME = (
    "The server's name (default: the name in the registry that lies in the folders, else that of the folder)."
)
_EACH_FOLDER = "Each folder in PATH is a server of its own (default: all PATHs are one server)."
_DRIVE = (
    "The letter of the drive that a PATH is on the server; may be repeated, in the order of the PATHs"
    " (default: that of Windows, where it lies in the PATH)."
)
_WHOLE = (
    "The PATHs are all drives of the server, so that what is not found is not there (default: only where the"
    " registry that lies in the folders names no other drive)."
)
_ALL = "List all files (default: those that rules ask for, and the key files of products)."
_SCRIPT = (
    "Write a script instead, made of the rules, that collects what they ask for on the server itself: one for"
    " PowerShell, which writes an inventory, or a query pack for osquery."
)
_STRICT = "Write nothing, and exit with 2, where anything could not be looked at."
_LETTER = re.compile(r"([A-Za-z]):?\\?", re.ASCII)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    arguments = parser().parse_intermixed_args(words)
    give_back(arguments, "path", rules=may_hold_rules)
    if arguments.script is not None:
        _check_script(arguments)
    elif not arguments.path:
        raise UsageError("no folder is named\n    hint: name the folder that a disk image is mounted at")
    if arguments.each_folder and arguments.server_name is not None:
        what = "--server-name is that of one server, and with --each-folder there are several"
        raise UsageError(f"{what}\n    hint: leave one of them out")
    if arguments.collected is not None and parse_moment(arguments.collected) is None:
        what = f"--collected {arguments.collected!r} is not a time"
        raise UsageError(f"{what}\n    hint: write it as 2026-04-30T18:00:00Z")
    arguments.drive = [_drive(word) for word in arguments.drive or ()]
    most = 1 if arguments.each_folder else len(arguments.path)
    if len(arguments.drive) > most:
        what = f"--drive is given {len(arguments.drive)} times for {plural(most, 'folder')}"
        raise UsageError(f"{what}\n    hint: write it once for each PATH, in the same order")
    return arguments


def _check_script(arguments: argparse.Namespace) -> None:
    """Raise UsageError for what a script that collects on the server itself does not do."""
    if arguments.path:
        what = f"--script {arguments.script} makes a script, which looks for files itself"
        raise UsageError(f"{what}\n    hint: leave out {arguments.path[0]}")
    for word in _OF_FOLDERS:
        if getattr(arguments, word.removeprefix("--").replace("-", "_")) not in (None, False):
            what = f"{word} is for folders, and --script {arguments.script} makes a script"
            raise UsageError(f"{what}\n    hint: leave out {word}")


_OF_FOLDERS = ("--server-name", "--each-folder", "--drive", "--whole", "--all", "--collected", "--strict")


def _script(name: str, catalogue: Catalogue) -> str:
    if name == "osquery":
        return osquery_pack(asked_by(catalogue))
    return powershell_script(catalogue, asked_by(catalogue))


def _drive(word: str) -> str:
    found = _LETTER.fullmatch(word)
    if found is None:
        raise UsageError(f"--drive {word!r} is not a drive\n    hint: write its letter: --drive C:")
    return f"{found[1].upper()}:"


def _servers(arguments: argparse.Namespace) -> tuple[list[list[Root]], list[str]]:
    """The folders of each server, and notes about what was left out."""
    paths = [_folder(path) for path in arguments.path]
    for place, path in enumerate(paths):
        for other in paths[:place] + paths[place + 1 :]:
            inner, outer = (os.path.join(os.path.realpath(one), "") for one in (path, other))  # noqa: PTH118
            if inner.startswith(outer):
                what = f"{path} is named twice" if inner == outer else f"{path} lies in {other}"
                raise UsageError(f"{what}\n    hint: name only the outer folder")
    if not arguments.each_folder:
        drives = [*arguments.drive, *([None] * len(paths))]
        return [[Root(path, drive) for path, drive in zip(paths, drives, strict=False)]], []
    drive = next(iter(arguments.drive), None)
    notes: list[str] = []
    found = [folder for path in paths for folder in _folders_in(path, notes)]
    if not found:
        why = "".join(f"; {note}" for note in notes[:_NAMED])
        what = f"there is no folder of a server in {', '.join(arguments.path)}{why}"
        raise UsageError(f"{what}\n    hint: leave out --each-folder where PATH is that of one server")
    return [[Root(folder, drive)] for folder in found], notes


def _folder(path: str) -> str:
    """The absolute path of a folder that can be read. Raises UsageError for anything else."""
    try:
        with os.scandir(path):
            return os.path.abspath(path)  # noqa: PTH100 - links stay as they are named
    except NotADirectoryError:
        what = f"{path} is not a folder"
        raise UsageError(f"{what}\n    hint: mount a disk image, and name the folder") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise UsageError(f"cannot read {path}: {why or error}") from error


def _folders_in(path: str, notes: list[str]) -> list[str]:
    """The folders in a folder that may be those of servers; notes state those that are left out."""
    found: list[str] = []
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=attrgetter("name")):
            if entry.is_symlink():
                notes.append(f"{entry.path} is a link, and is left out")
            elif entry.is_dir():
                if entry.name.startswith(".") or entry.name.casefold() in _NO_SERVERS:
                    notes.append(f"{entry.path} is not the folder of a server by its name, and is left out")
                else:
                    found.append(entry.path)
            elif entry.name.casefold().endswith(_IMAGES):
                notes.append(f"{entry.path} is a disk image that is not mounted, and is left out")
    return found


_IMAGES = (".vhd", ".vhdx", ".vmdk", ".vdi", ".qcow2", ".img", ".iso", ".wim", ".e01")
_NO_SERVERS = frozenset({"lost+found", "$recycle.bin", "system volume information"})
"""Folders that file systems have of themselves."""


def _write(out: TextIO, how: Collecting, servers: Sequence[Sequence[Root]]) -> list[Collected]:
    names: dict[str, str] = {}
    found: list[Collected] = []
    for roots in servers:
        collection = ServerCollection(how, roots)
        other = names.setdefault(collection.server.casefold(), roots[0].path)
        if other != roots[0].path:
            what = f"{other} and {roots[0].path} are both of the server {collection.server}"
            raise UsageError(f"{what}\n    hint: collect them apart, with --server-name")
        found.append(collection.write(out))
    return found


def _check_strict(collected: Sequence[Collected], left_out: Sequence[str]) -> None:
    """Raise UsageError where anything was not looked at."""
    faults = [one for one in collected if one.faults]
    if faults:
        _state(collected, left_out)
        servers = ", ".join(one.server for one in faults[:_NAMED])
        raise UsageError(f"not everything could be looked at, of {servers}; nothing was written")
    if left_out:
        raise UsageError(f"{left_out[0]}; nothing was written\n    hint: move it elsewhere")


def _state(collected: Sequence[Collected], left_out: Sequence[str]) -> None:
    """State what could not be collected, once for all servers of which it is the same, and how much was."""
    for note in left_out[:_MOST_NOTES]:
        complain(f"note: {note}")
    if len(left_out) > _MOST_NOTES:
        complain(f"note: {len(left_out) - _MOST_NOTES:,} more are left out")
    notes: dict[str, list[str]] = {}
    for one in collected:
        for note in one.notes:
            notes.setdefault(note, []).append(one.server)
    for note, servers in list(notes.items())[:_MOST_NOTES]:
        more = f" and {len(servers) - _NAMED:,} more" if len(servers) > _NAMED else ""
        complain(f"note: {', '.join(servers[:_NAMED])}{more}: {note}")
    if len(notes) > _MOST_NOTES:
        complain(f"note: {len(notes) - _MOST_NOTES:,} more notes")
    files = sum(one.files for one in collected)
    complete = sum(one.is_complete for one in collected)
    whole = f"{complete} of {len(collected)}" if len(collected) > 1 else "yes" if complete else "no"
    complain(f"{plural(len(collected), 'server')}, {plural(files, 'file')}; lists of files complete: {whole}")
