"""What only POSIX has: names of the standard library, by its stubs, and where a module uses one unguarded."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import mypy

_STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
_PATH = re.compile(r"/(dev|etc|proc|sys|tmp|usr|var)(/|$)")
_GUARDS = ("hasattr(", "sys.platform", "os.name")


class Use(NamedTuple):
    """What a module uses that only POSIX has."""

    line: int
    name: str


@cache
def only_on_posix(module: str) -> frozenset[str]:
    """The names of a module that the stubs have for Linux and not for Windows."""
    body = _stub(module)
    return frozenset(_defined(body, "linux")) - frozenset(_defined(body, "win32"))


def is_only_on_posix(module: str) -> bool:
    """Whether a module has nothing on Windows of what it has on Linux."""
    public = {name for name in _defined(_stub(module), "linux") if not name.startswith("_")}
    return bool(public) and public <= only_on_posix(module)


def uses(source: str) -> list[Use]:
    """What a module uses that only POSIX has, but for what asks before whether it is there."""
    finder = _Finder()
    finder.visit(ast.parse(source))
    return finder.found


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Use] = []
        self._modules: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self._modules[name.asname or name.name.partition(".")[0]] = name.name
            if is_only_on_posix(name.name):
                self._note(node, name.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for name in node.names:
            if name.name in only_on_posix(module) or is_only_on_posix(module):
                self._note(node, f"{module}.{name.name}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        module = self._modules.get(node.value.id, "") if isinstance(node.value, ast.Name) else ""
        if node.attr in only_on_posix(module):
            self._note(node, f"{module}.{node.attr}")

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _PATH.match(node.value):
            self._note(node, node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if not _is_guard(node.test):
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if not _is_guard(node.test):
            self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        """Visit all but the body of `try … except ImportError`, `AttributeError` or `OSError`."""
        caught = " ".join(ast.unparse(handler.type) for handler in node.handlers if handler.type)
        is_guarded = any(name in caught for name in ("ImportError", "AttributeError", "OSError"))
        for part in [*([] if is_guarded else node.body), *node.handlers, *node.orelse, *node.finalbody]:
            self.visit(part)

    def _note(self, node: ast.expr | ast.stmt, name: str) -> None:
        self.found.append(Use(node.lineno, name))


def _is_guard(test: ast.expr) -> bool:
    return any(guard in ast.unparse(test) for guard in _GUARDS)


@cache
def _stub(module: str) -> list[ast.stmt]:
    place = _STUBS.joinpath(*module.split("."))
    stubs = [stub for stub in (place.with_suffix(".pyi"), place / "__init__.pyi") if stub.is_file()]
    return ast.parse(stubs[0].read_text(encoding="utf-8")).body if stubs else []


def _defined(body: list[ast.stmt], platform: str) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.If(test=test, body=then, orelse=otherwise):
                holds = _holds(test, platform)
                yield from _defined(then, platform) if holds is not False else ()
                yield from _defined(otherwise, platform) if holds is not True else ()
            case _:
                pass


def _holds(test: ast.expr, platform: str) -> bool | None:
    """Whether a condition of a stub holds on a platform; None where it asks for something else."""
    match test:
        case ast.BoolOp(op=op, values=values):
            found = [_holds(value, platform) for value in values]
            settles = isinstance(op, ast.Or)
            return settles if settles in found else None if None in found else not settles
        case ast.Compare(ast.Attribute(attr="platform"), [ast.Eq()], [ast.Constant(value=name)]):
            return platform == name
        case ast.Compare(ast.Attribute(attr="platform"), [ast.NotEq()], [ast.Constant(value=name)]):
            return platform != name
        case ast.Compare(ast.Attribute(attr="version_info"), [op], [ast.Tuple() as least]):
            is_reached = sys.version_info >= ast.literal_eval(least)
            return is_reached if isinstance(op, ast.GtE) else not is_reached
        case _:
            return None
