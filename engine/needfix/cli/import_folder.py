"""The folder that an import writes to."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

from needfix.errors import UsageError


def folder_named(path: str, option: str) -> Path:
    """A folder, which need not be there yet. Raises UsageError where the path is something else."""
    if not path:
        raise UsageError(f"the folder has no name\n    hint: name a folder with {option}")
    folder = Path(path)
    for place in (folder, folder / "products"):
        if place.exists() and not place.is_dir():
            raise UsageError(f"{place} is not a folder\n    hint: name another folder with {option}")
    if (folder / "products").is_symlink():
        raise UsageError(f"{folder / 'products'} is a link\n    hint: replace the link with a folder")
    return folder


def check_writable(folder: Path) -> None:
    """Raise UsageError, once for all files, where none can be written to the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return
    except OSError as error:
        hint = "name another folder with --output"
        raise UsageError(f"cannot write to {folder}: {error.strerror}\n    hint: {hint}") from error
