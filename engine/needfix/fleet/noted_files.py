"""What of the files of a batch is not understood, or not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from needfix.compare.noted import NotedFacts, nameless_text
from needfix.fleet.arrays import Flags, Ints, first_row
from needfix.fleet.columns import ObjectColumn, Texts
from needfix.fleet.copies import NO_FILE, kept_paths, path_ends, texts_at
from needfix.fleet.facts import Batch
from needfix.fleet.kernels import cells as kernels
from needfix.fleet.noted_objects import Noted, Objects, UnlistedRows, judged, kept, named, unread
from needfix.intake.vocabularies import OLD_FILES, is_lacking, old_folder, platform
from needfix.versions import parse_clock_time


class BatchVersions(NamedTuple):
    """For each code of a column of versions whether it is a text that is no version."""

    version: Flags
    loaded: Flags


def of_files(batch: Batch, facts: NotedFacts, versions: BatchVersions, is_left_out: Flags) -> Iterator[Noted]:
    """Names, paths, platforms, versions and times, of files that the catalogue's rules can ask for."""
    names = batch.files.texts("name") if batch.files is not None else None
    if batch.files is None or names is None:
        return
    yield from _of_nameless(batch, batch.files, names, facts, is_left_out)
    files = Objects(batch.files, is_left_out)
    is_named = named(names, facts.named)
    if not is_named.any():
        return
    counts = _CountingCopies(batch.files, names, is_named)
    yield from _of_paths(files, counts)
    platforms = files.texts("platform")
    if platforms is not None:
        is_unknown = judged(platforms, lambda text: platform(text) is None)
        yield from files.noted("platform-unreadable", platforms, is_unknown, counts.among(is_named))
    for name, is_unreadable in zip(("version", "loaded"), versions, strict=True):
        column = files.texts(name)
        if column is not None and is_unreadable.any():
            own = counts.among(named(names, facts.versioned))
            yield from files.noted("version-unreadable", column, is_unreadable, own)
    times = files.texts("modified") if facts.timed else None
    if times is not None:
        is_timed = named(names, facts.timed)
        is_unreadable = unread(times, is_timed[names.codes], parse_clock_time)
        yield from files.noted("time-unreadable", times, is_unreadable, counts.among(is_timed))


def _of_nameless(
    batch: Batch, files: ObjectColumn, names: Texts, facts: NotedFacts, is_left_out: Flags
) -> Iterator[Noted]:
    is_vague, rows = judged(names, facts.is_vague), batch.nameless_files
    if is_vague.any():
        rows = np.union1d(rows, np.flatnonzero(is_vague.take(names.codes)))
    rows = kept(rows, files, is_left_out)
    if not len(rows):
        return
    paths = files.texts("path")
    own = texts_at(names, names.codes[rows])
    of_paths = texts_at(paths, paths.codes[rows]) if paths is not None else [None] * len(rows)
    pairs = dict.fromkeys(zip(own, of_paths, strict=True))
    yield Noted(
        "file-name-unreadable", rows, [nameless_text(name or "", path) for name, path in pairs], files.lists
    )


class _CountingCopies:
    """Copies of files that lie in no folder that keeps old files."""

    def __init__(self, files: ObjectColumn, names: Texts, is_named: Flags) -> None:
        self.names = names
        self.is_named = is_named
        self.paths = files.texts("path")
        self.kept = kept_paths(files)

    def among(self, names: Flags) -> Callable[[Ints], Flags]:
        """Whether rows are of such copies, with some of the names."""

        def are_among(rows: Ints) -> Flags:
            found: Flags = names[self.names.codes[rows]]
            if self.kept is None or self.paths is None:
                return found
            return found & ~self.kept[self.paths.codes[rows]]

        return are_among


def _of_paths(files: Objects, copies: _CountingCopies) -> Iterator[Noted]:
    paths = copies.paths
    if paths is None:
        return
    if copies.kept is not None:
        every = _counted_by_path(files, copies, paths, copies.kept)
        yield _not_counted(files, copies, paths, copies.kept) if every is None else every
    own = copies.among(copies.is_named)
    yield from files.noted("path-unreadable", paths, _say_nothing(paths.distinct), own)


def _counted_by_path(files: Objects, copies: _CountingCopies, paths: Texts, is_kept: Flags) -> Noted | None:
    """The copies that are kept, counted by their paths; None where these do not show whether each is named.

    A path that ends at a file shows it where no path of the batch ends at another file than the name's.
    """
    ends = path_ends(files.objects)
    if ends is None or ends.others or files.is_left_out.any() or (ends.of_paths[is_kept] == NO_FILE).any():
        return None
    is_named = np.zeros(int(ends.of_names.max()) + 1, np.bool_)
    is_named[ends.of_names] = copies.is_named
    is_noted = is_kept & is_named.take(ends.of_paths, mode="clip") & (ends.path_counts > 0)
    folders = _folders(paths.distinct.filter(pa.array(is_noted[:-1])))
    first = first_row(is_noted, paths.codes)
    rows = UnlistedRows(
        int(ends.path_counts[is_noted].sum()), first, lambda: _rows_kept(copies, paths, is_kept)[0]
    )
    return Noted("copies-not-counted", rows, folders, files.objects.lists)


def _not_counted(files: Objects, copies: _CountingCopies, paths: Texts, is_kept: Flags) -> Noted:
    """The copies that are kept, looked at one by one."""
    every, there = _rows_kept(copies, paths, is_kept)
    rows = kept(every, files.objects, files.is_left_out)
    if len(rows) < len(every):
        there[:] = False
        there[paths.codes.take(rows)] = True
    folders = _folders(paths.distinct.filter(pa.array(there[:-1])))
    return Noted("copies-not-counted", rows, folders, files.objects.lists)


def _rows_kept(copies: _CountingCopies, paths: Texts, is_kept: Flags) -> tuple[Ints, Flags]:
    """The rows of named copies that are kept, and a flag for each path that one of them has."""
    found = np.empty(len(paths.codes), np.int32)
    there = np.zeros(paths.unstated + 1, np.bool_)
    count = kernels.rows_kept(
        paths.codes,
        is_kept.view(np.uint8),
        copies.names.codes,
        copies.is_named.view(np.uint8),
        there.view(np.uint8),
        found,
    )
    return found[:count], there


def _folders(paths: pa.Array) -> list[str]:
    """The names of the folders of old files in which paths lie, each once."""
    column = pc.utf8_lower(paths)
    found = pc.struct_field(pc.extract_regex(column, OLD_FILES), "folder").dictionary_encode()
    folders = {text for text in found.dictionary.to_pylist() if text}
    others = ~pc.string_is_ascii(paths).to_numpy(zero_copy_only=False)  # case is another matter there
    folders.update(old_folder(paths[place].as_py()) for place in np.flatnonzero(others).tolist())
    return sorted(folders)


def _say_nothing(paths: pa.Array) -> Flags:
    """Which paths say nothing; what holds a folder of Windows is not looked at."""
    found = np.zeros(len(paths) + 1, np.bool_)
    is_path = pc.fill_null(pc.match_substring(paths, "\\"), fill_value=True)
    for place in np.flatnonzero(~is_path.to_numpy(zero_copy_only=False)).tolist():
        text = (paths[place].as_py() or "").strip()
        found[place] = bool(text) and is_lacking(text)
    return found
