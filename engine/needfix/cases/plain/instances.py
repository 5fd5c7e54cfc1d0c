"""Entries of one product that divide the files of a server among them by their paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from needfix.cases.plain.copies import is_below, shows_its_folder
from needfix.cases.plain.words import stated
from needfix.model.server import FileCopy, InstalledProduct, Server


def seen_by(entry: InstalledProduct, of_product: Sequence[InstalledProduct], server: Server) -> Server | None:
    """The server with the files that an entry has or may have; None where files are not divided.

    That is so where all entries of its product are in one folder, or none shows a folder.
    """
    folders = list(dict.fromkeys(map(_folder, of_product)))
    if len(folders) == 1:
        return None
    seen = [_seen(copy, _folder(entry), folders) for copy in server.files]
    return replace(server, files=tuple(copy for copy in seen if copy is not None), complete=frozenset())


def _folder(entry: InstalledProduct) -> str | None:
    path = stated(entry.path)
    return path if path is not None and shows_its_folder(path) else None


def _seen(copy: FileCopy, own: str | None, folders: Sequence[str | None]) -> FileCopy | None:
    """A copy as an entry sees it: as it is, not at all, or without what it states."""
    path = stated(copy.path) or (copy.name if re.search(r"[\\/]", copy.name) else None)
    in_own = own is not None and is_below(path, own)
    if in_own:
        return copy
    elsewhere = [is_below(path, one) for one in folders if one is not None]
    if in_own is False and True in elsewhere:
        return None
    may_be_anywhere = in_own is None or None in elsewhere or None in folders
    return replace(copy, version=None, modified=None, loaded=None, platform=None) if may_be_anywhere else copy
