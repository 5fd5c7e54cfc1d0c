"""The shipped catalogue: where it is, and as the build compiled it, without reading its YAML again.

What is compiled has no cases and no places, which decisions need not.
"""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable, Iterable, Mapping
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
from needfix.intake.paths import RULES, files_below
from needfix.model.product import ProductDefinition
from needfix.model.rule import Rule
from needfix.model.value import ReadOnlyDict

PACKAGE = Path(__file__).parents[1]
_Path = str | os.PathLike[str]
COMPILED = Path(__file__).with_name("shipped.bin")
_READ_BY = ("catalogue", "intake", "model", "versions", "yamltext")
"""The rooms on which it depends what is read of a file of rules."""
_DIGEST_BYTES = 32


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
    """The shipped catalogue as it was compiled; None where a file has changed since, or it is not whole."""
    try:
        data = COMPILED.read_bytes()
    except OSError:
        return None
    state, checked, content = (
        data[:_DIGEST_BYTES],
        data[_DIGEST_BYTES : 2 * _DIGEST_BYTES],
        data[2 * _DIGEST_BYTES :],
    )
    if state != _state(shipped_rules(), is_checkout=not _is_installed()) or checked != _digest(content):
        return None
    found = pickle.loads(content)  # noqa: S301 - it lies beside the code and is made with it
    return CompiledRules(*found)


def state_for(target: Path) -> bytes:
    """The state of what is compiled; that of a checkout where the target is the file beside this one."""
    return _state(shipped_rules(), is_checkout=target.resolve() == COMPILED.resolve())


def compile_rules(target: Path, shipped: CompiledRules, state: bytes) -> None:
    """Write the shipped catalogue, whole or not at all. `state` is the one before its files were read."""
    kept = {name: replace(product, places=ReadOnlyDict()) for name, product in shipped.products.items()}
    data = io.BytesIO()
    _Writer(data, protocol=5).dump(
        (tuple(map(_for_decisions, shipped.rules)), kept, shipped.day, str(shipped.digest))
    )
    content = data.getvalue()
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(state + _digest(content) + content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


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
    """The state of what is compiled: the files of rules; in a checkout by their times, and the code too."""
    listed = [Path(file) for file in files_below(str(shipped), RULES)]
    if is_checkout:
        listed += (file for room in _READ_BY for file in sorted((PACKAGE / room).rglob("*.py")))
    lines = [f"{_name_in(shipped, file)}\0{_state_of(file, by_time=is_checkout)}\n" for file in listed]
    return _digest("".join([f"{__version__}\n", *lines]).encode(errors="surrogateescape"))


def _name_in(shipped: Path, file: Path) -> str:
    return file.relative_to(shipped if file.is_relative_to(shipped) else PACKAGE).as_posix()


def _state_of(file: Path, *, by_time: bool) -> str:
    """Size and time, or what is in the file: an installed one may have any time."""
    try:
        if not by_time:
            return _digest(file.read_bytes()).hex()
        stat = file.stat()
    except OSError as error:
        return type(error).__name__  # a problem where it is read
    return f"{stat.st_size}\0{stat.st_mtime_ns}"


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()
