"""Files of rules and of stand-alone cases: which ones a path names, and their text."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from needfix.catalogue.nodes import MOST_BYTES
from needfix.errors import Position, Problem

_ENDINGS = (".yaml", ".yml")
_CASES = (".cases.yaml", ".cases.yml")
_USUAL_BYTES = 1 << 16
"""What is read of a file at first: room for the largest one, made for each, is slow."""

AnyPath = str | os.PathLike[str]


def listed(paths: AnyPath | Iterable[AnyPath]) -> list[AnyPath]:
    """One path or several, as a list."""
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)


def rule_files(paths: Iterable[AnyPath], problems: list[Problem]) -> list[Path]:
    """The files of rules and product definitions, each once; a problem for a path that names none."""
    found: dict[str, Path] = {}
    for path in paths:
        here = files_at(path, lambda file: not is_case_file(file))
        if not here:
            problems.append(_nothing_at(path))
        for file in here:
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def files_at(path: AnyPath, is_wanted: Callable[[Path], bool]) -> list[Path]:
    """The wanted YAML files of a folder or a pattern in order, or the one file that is named itself."""
    if not os.fspath(path):
        return []
    here = Path(path)
    if here.is_dir():
        depth = len(here.parts)
        below = (file for file in here.rglob("*") if _is_yaml(file, file.parts[depth:]))
        return sorted(filter(is_wanted, below))
    if here.exists():
        return [here]
    matches = map(Path, sorted(glob.glob(str(here), recursive=True)))
    return [match for match in matches if match.is_file() and is_wanted(match)]


def is_case_file(file: Path) -> bool:
    """Whether a file holds stand-alone cases, by its name."""
    return file.name.endswith(_CASES)


def _is_yaml(file: Path, inside: Sequence[str]) -> bool:
    return file.name.endswith(_ENDINGS) and not any(map(_is_hidden, inside)) and file.is_file()


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _nothing_at(path: AnyPath) -> Problem:
    text = os.fspath(path) or "''"
    if os.fspath(path) and Path(path).is_dir():
        what, mend = "no rule lies in this folder", "name a folder that holds rules, in files *.yaml or *.yml"
    else:
        what = "nothing matches this pattern" if glob.has_magic(text) else "there is no such file"
        mend = "check the path; it is taken from the folder you are in"
    return Problem(Position(text, 1), what, "a file or a folder of rules", mend)


def text_of(file: Path, problems: list[Problem]) -> str | None:
    """What a file holds; None where it cannot be read, and `problems` says why."""
    data = b""
    try:
        with file.open("rb") as source:
            data = source.read(_USUAL_BYTES)
            if len(data) == _USUAL_BYTES:
                data += source.read(MOST_BYTES + 1 - _USUAL_BYTES)
        return data.decode("utf-8-sig")
    except OSError as error:
        what, mend = f"the file cannot be read: {error.strerror}", "check that it exists and may be read"
        problems.append(Problem(Position(str(file), 1), what, "a readable file", mend))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"the byte {data[error.start]:#04x} is not UTF-8"
        problems.append(Problem(Position(str(file), line), what, "UTF-8 text", "save the file as UTF-8"))
    return None
