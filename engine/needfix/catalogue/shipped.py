"""The shipped catalogue: where it is, and as the build compiled it, without reading its YAML again.

What is compiled has no cases and no places, which decisions need not.
"""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from packaging.version import Version

from needfix._version import __version__
from needfix.catalogue.assemble import assemble
from needfix.catalogue.catalogue import Catalogue
from needfix.errors import Position
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.model.value import ReadOnlyDict

PACKAGE = Path(__file__).parents[1]
_Path = str | os.PathLike[str]
COMPILED = Path(__file__).with_name("shipped.bin")
_READ_BY = ("catalogue", "intake", "model", "versions", "yamltext")
"""The rooms on which it depends what is read of a file of rules."""


def shipped_rules() -> Path:
    """The folder of the shipped catalogue: in the installed package, otherwise in the source tree."""
    package = Path(__file__).parents[1]
    installed = package / "rules"
    return installed if installed.is_dir() else package.parents[1] / "rules"


class CompiledRules(NamedTuple):
    """The shipped rules and product definitions, checked when they were compiled, and their digest."""

    rules: tuple[Rule, ...]
    products: Mapping[str, ProductDefinition]
    day: date | None
    digest: str


@lru_cache(maxsize=1)
def compiled_rules() -> CompiledRules | None:
    """The shipped catalogue as it was compiled; None where a file has changed since, or there is none."""
    try:
        data = COMPILED.read_bytes()
    except OSError:
        return None
    state = _state(shipped_rules(), is_checkout=not _is_installed())
    if data[: len(state)] != state:
        return None
    found = pickle.loads(data[len(state) :])  # noqa: S301 - it lies beside the code and is made with it
    return CompiledRules(*found)


def compile_rules(target: Path, shipped: CompiledRules) -> None:
    """Write the shipped catalogue; for a checkout where the target is the file beside this one."""
    kept = {name: replace(product, places=ReadOnlyDict()) for name, product in shipped.products.items()}
    data = io.BytesIO()
    _Writer(data, protocol=5).dump(
        (tuple(map(_for_decisions, shipped.rules)), kept, shipped.day, str(shipped.digest))
    )
    is_checkout = target.resolve() == COMPILED.resolve()
    target.write_bytes(_state(shipped_rules(), is_checkout=is_checkout) + data.getvalue())


def load_for_decisions(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
    *,
    with_shipped: bool = True,
) -> Catalogue:
    """Like `load_catalogue`, without cases and places, and so without reading shipped files again.

    Without `with_shipped` the shipped product definitions are not known; `paths` must then define all.
    """
    compiled = compiled_rules() if with_shipped else None
    if compiled is not None and paths is None:
        return _assembled(compiled)
    from needfix.catalogue import load  # noqa: PLC0415 - what is compiled needs no YAML

    if compiled is None or paths is None:
        return load.load_catalogue(paths, with_shipped=with_shipped)
    return load.load_with(paths, compiled.products)


def _assembled(compiled: CompiledRules) -> Catalogue:
    """The shipped catalogue, assembled once, with what engines keep of it."""
    if not _known or _known[0][0] is not compiled:
        found = assemble(compiled.rules, compiled.products, [], compiled.products, compiled.day)
        _known[:] = [(compiled, found.of_digest(compiled.digest))]
    return _known[0][1]


_known: list[tuple[CompiledRules, Catalogue]] = []


def _for_decisions(rule: Rule) -> Rule:
    affects = tuple(replace(entry, places=ReadOnlyDict()) for entry in rule.affects)
    fixes = tuple(replace(fix, places=ReadOnlyDict()) for fix in rule.fixes)
    return replace(rule, affects=affects, fixes=fixes, cases=(), places=ReadOnlyDict())


class _Writer(pickle.Pickler):
    """Writes versions as texts, since `packaging` may be another release later, and places by file name."""

    def reducer_override(self, obj: object) -> tuple[Callable[..., Any], tuple[Any, ...]] | Any:
        """How a value is written."""
        if isinstance(obj, Version):
            return _version, (str(obj),)
        if isinstance(obj, Position):
            name = Path(obj.file).relative_to(shipped_rules()).as_posix()
            return _place, (name, obj.line, obj.column)
        return NotImplemented


@lru_cache(maxsize=1 << 12)
def _version(text: str) -> Version:
    return Version(text)


def _place(name: str, line: int, column: int) -> Position:
    return Position(str(_file(name)), line, column)


@lru_cache(maxsize=1 << 12)
def _file(name: str) -> Path:
    return shipped_rules() / name


def _is_installed() -> bool:
    return shipped_rules().is_relative_to(PACKAGE)


def _state(shipped: Path, *, is_checkout: bool) -> bytes:
    """The state of what is compiled: names and sizes of the files; in a checkout times, and the code too."""
    listed = [*_files(shipped, "*.yaml")]
    if is_checkout:
        listed += (file for room in _READ_BY for file in _files(PACKAGE / room, "*.py"))
    digest = blake2b(__version__.encode(), digest_size=32)
    for file in listed:
        stat = file.stat()
        time = stat.st_mtime_ns if is_checkout else 0
        digest.update(f"{file.name}\0{stat.st_size}\0{time}\n".encode())
    return digest.digest()


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return iter(sorted(folder.rglob(pattern)))
