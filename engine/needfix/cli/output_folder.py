"""Folders of several files: written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from needfix.errors import UsageError

_NAME_A_FOLDER = "\n    hint: name a new folder"


@contextmanager
def whole_folder(name: str) -> Iterator[Path]:
    """A folder to write files to, which appears under its name when all of them are written.

    The folder must not exist yet, or be empty. After an error nothing is left.
    """
    if not name:
        raise UsageError(f"the folder has no name{_NAME_A_FOLDER}")
    target = Path(os.path.realpath(name))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        what = "it has files already" if target.is_dir() else "it is no folder"
        raise UsageError(f"cannot write to {name}: {what}{_NAME_A_FOLDER}")
    try:
        beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:_MOST_OF_NAME]}."))
    except OSError as error:
        raise UsageError(f"cannot write to {name}: {error.strerror}{_NAME_A_FOLDER}") from error
    try:
        yield beside
        beside.chmod(0o777 & ~_umask())
        if target.is_dir():
            target.rmdir()
        beside.replace(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


_MOST_OF_NAME = 64


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
