"""What only POSIX has: names of the standard library, by its stubs, and where a module uses one unguarded."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, reduce
from pathlib import Path
from typing import NamedTuple

import mypy

_STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
_PATH = re.compile(r"/(dev|etc|proc|sys|tmp|usr|var)(/|$)")
_METHODS = frozenset(("owner", "lchmod", "add_signal_handler", "remove_signal_handler"))
"""Methods without a module in their name: of paths and of event loops."""

_OF_PROCESSES = frozenset(("get_context", "set_start_method"))
_START_METHODS = frozenset(("fork", "forkserver"))
_PLATFORMS = {"sys.platform": "win32", "os.name": "nt"}


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


class _Guard(NamedTuple):
    """What a place asks before: all that only POSIX has, or attributes by their names, imports, paths."""

    everything: bool = False
    names: frozenset[str] = frozenset()
    attributes: bool = False
    imports: bool = False
    paths: bool = False

    def both(self, other: _Guard) -> _Guard:
        """A guard for what either of two guards."""
        return _Guard(
            self.everything or other.everything,
            self.names | other.names,
            self.attributes or other.attributes,
            self.imports or other.imports,
            self.paths or other.paths,
        )


_NONE = _Guard()


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Use] = []
        self._modules: dict[str, str] = {}
        self._guard = _NONE

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            first = name.name.partition(".")[0]
            self._modules[name.asname or first] = name.name if name.asname else first
            if is_only_on_posix(name.name) and not self._guard.imports:
                self._note(node, name.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for name in node.names:
            is_missing = name.name in only_on_posix(module) or is_only_on_posix(module)
            if is_missing and not self._guard.imports:
                self._note(node, f"{module}.{name.name}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        module = self._module(node.value)
        is_asked = self._guard.attributes or f"{module}.{node.attr}" in self._guard.names
        is_imported = self._guard.imports and is_only_on_posix(module)
        if node.attr in only_on_posix(module) and not is_asked and not is_imported:
            self._note(node, f"{module}.{node.attr}")

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else called
        given = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if called in _METHODS and not self._guard.attributes:
            self._note(node, called)
        elif name in _OF_PROCESSES and given in _START_METHODS:
            self._note(node, f"{name}({given!r})")

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _PATH.match(node.value) and not self._guard.paths:
            self._note(node, node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        then, otherwise = self._guards(node.test)
        self._visit([node.test], _NONE)
        self._visit(node.body, then)
        self._visit(node.orelse, otherwise)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        then, otherwise = self._guards(node.test)
        self._visit([node.test], _NONE)
        self._visit([node.body], then)
        self._visit([node.orelse], otherwise)

    def visit_Try(self, node: ast.Try) -> None:
        """A missing module raises ImportError, a missing name AttributeError, a missing file OSError."""
        caught = " ".join(ast.unparse(handler.type) for handler in node.handlers if handler.type)
        guard = _Guard(
            attributes="AttributeError" in caught,
            imports="ImportError" in caught or "ModuleNotFoundError" in caught,
            paths="OSError" in caught or "FileNotFoundError" in caught,
        )
        self._visit(node.body, guard)
        self._visit([*node.handlers, *node.orelse, *node.finalbody], _NONE)

    def _visit(self, parts: Iterable[ast.AST], guard: _Guard) -> None:
        outer = self._guard
        self._guard = outer.both(guard)
        for part in parts:
            self.visit(part)
        self._guard = outer

    def _guards(self, test: ast.expr) -> tuple[_Guard, _Guard]:
        """What a condition guards where it holds, and where it does not."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                then, otherwise = self._guards(inner)
                return otherwise, then
            case ast.BoolOp(op=op, values=values):
                found = [self._guards(value) for value in values]
                if isinstance(op, ast.And):
                    return _joined(then for then, _ in found), _NONE
                return _NONE, _joined(otherwise for _, otherwise in found)
            case ast.Call(func=ast.Name(id="hasattr"), args=[module, ast.Constant(value=str(name))]):
                return _Guard(names=frozenset((f"{self._module(module)}.{name}",))), _NONE
            case _:
                return _platforms(test)

    def _module(self, node: ast.expr) -> str:
        """The module that an expression names, if any."""
        match node:
            case ast.Name(id=name):
                return self._modules.get(name, "")
            case ast.Attribute(value=value, attr=attr) if module := self._module(value):
                return f"{module}.{attr}"
            case _:
                return ""

    def _note(self, node: ast.expr | ast.stmt, name: str) -> None:
        if not self._guard.everything:
            self.found.append(Use(node.lineno, name))


def _joined(guards: Iterable[_Guard]) -> _Guard:
    return reduce(_Guard.both, guards, _NONE)


def _platforms(test: ast.expr) -> tuple[_Guard, _Guard]:
    """What a condition on the platform guards where it holds, and where it does not."""
    match test:
        case ast.Call(func=ast.Attribute(attr="startswith", value=asked), args=[ast.Constant(value=name)]):
            return _by_platform(is_windows=_is_windows(asked, [name]))
        case ast.Compare(left=asked, ops=[op], comparators=[ast.Constant(value=name)]):
            names = [name]
        case ast.Compare(left=asked, ops=[op], comparators=[ast.Tuple(elts=parts) | ast.Set(elts=parts)]):
            names = [part.value if isinstance(part, ast.Constant) else None for part in parts]
        case _:
            return _NONE, _NONE
    then, otherwise = _by_platform(is_windows=_is_windows(asked, names))
    return (then, otherwise) if isinstance(op, ast.Eq | ast.In) else (otherwise, then)


def _is_windows(asked: ast.expr, names: Sequence[object]) -> bool | None:
    """Whether these names of a platform mean Windows, or none of them does; None for another question."""
    windows = _PLATFORMS.get(ast.unparse(asked))
    if windows is None or not names:
        return None
    are = [isinstance(name, str) and windows.startswith(name) for name in names]
    return all(are) if all(are) or not any(are) else None


def _by_platform(*, is_windows: bool | None) -> tuple[_Guard, _Guard]:
    """What a test for these platforms guards where it holds, and where it does not."""
    everything = _Guard(everything=True)
    if is_windows is None:
        return _NONE, _NONE
    return (_NONE, everything) if is_windows else (everything, _NONE)


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
