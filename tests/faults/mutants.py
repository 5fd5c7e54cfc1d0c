"""Mutants of a module: the same module with one comparison, one condition or one answer changed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import get_args

from needfix.compare import tracked
from needfix.model import decision, evidence

_ORDERS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_NAMES = {
    "bisect_right": "bisect_left",
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
}
_METHODS = {"startswith": "endswith", "isdisjoint": "issuperset", "partition": "rpartition"}
_WORDS: tuple[tuple[str, ...], ...] = (
    *evidence.DOMAIN.values(),
    get_args(tracked.FileState),
    decision.DECISIONS,
    decision.ACTIONS,
    ("older", "within", "newer", "unreadable"),
)
"""The closed lists of answers: one of a list is changed into the next of it."""


@dataclass(frozen=True)
class Mutant:
    """One change: the statement of the module that has it, changed, and where and what it is."""

    module: str
    line: int
    where: str
    change: str
    statement: ast.stmt

    def code(self, path: str) -> CodeType:
        """The changed statement, compiled."""
        return compile(ast.Module([self.statement], []), path, "exec")


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign):
            yield from _of_statement(module, statement)


def _of_statement(module: str, statement: ast.stmt) -> Iterator[Mutant]:
    for number, (node, where) in enumerate(_nodes(statement, "")):
        for changed in _changed(node):
            twin = copy.deepcopy(statement)
            target = next(other for place, (other, _) in enumerate(_nodes(twin, "")) if place == number)
            before, after = _text(node), _text(changed)
            _put(twin, target, changed)
            line = getattr(node, "lineno", statement.lineno)
            yield Mutant(module, line, where, f"{before}  →  {after}", ast.fix_missing_locations(twin))


def _nodes(node: ast.AST, where: str) -> Iterator[tuple[ast.AST, str]]:
    """The nodes below one that decide something, each with the function that it is in."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "args") and not isinstance(
            node, ast.Call | ast.Lambda
        ):
            continue
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.JoinedStr) or not isinstance(child, ast.AST):
                continue  # what a sentence says is not compared
            inner = f"{where}.{child.name}".strip(".") if isinstance(child, _SCOPES) else where
            yield child, inner
            yield from _nodes(child, inner)


def _text(node: ast.AST) -> str:
    return f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)


_SCOPES = (ast.FunctionDef, ast.ClassDef)


def _put(tree: ast.AST, target: ast.AST, changed: ast.AST) -> None:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is target:
                setattr(node, name, changed)
            elif isinstance(value, list):
                value[:] = [changed if one is target else one for one in value]


def _changed(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 - one case for each kind
    match node:
        case ast.Compare(left, [operator], others):
            for order in _ORDERS[type(operator)]:
                yield ast.Compare(left, [order()], others)
        case ast.Compare(left, operators, others):
            for place, operator in enumerate(operators):
                for order in _ORDERS[type(operator)]:
                    yield ast.Compare(left, [*operators[:place], order(), *operators[place + 1 :]], others)
        case ast.BoolOp(ast.And(), values):
            yield ast.BoolOp(ast.Or(), values)
        case ast.BoolOp(ast.Or(), values):
            yield ast.BoolOp(ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.If(test, body, orelse):
            yield ast.If(ast.Constant(value=False), body, orelse)
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.comprehension(target, source, tests, is_async) if tests:
            for place in range(len(tests)):
                yield ast.comprehension(target, source, tests[:place] + tests[place + 1 :], is_async)
        case ast.BinOp(left, ast.Add(), right):
            yield ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left, ast.Sub(), right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.Name(name, context) if name in _NAMES:
            yield ast.Name(_NAMES[name], context)
        case ast.Attribute(value, name, context) if name in _METHODS:
            yield ast.Attribute(value, _METHODS[name], context)
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield ast.Constant(value + 1)
            if value > 0:
                yield ast.Constant(value - 1)
        case ast.Constant(str(value)):
            for words in [words for words in _WORDS if value in words][:1]:
                yield ast.Constant(words[(words.index(value) + 1) % len(words)])
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
