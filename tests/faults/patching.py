"""A mutant put in the place of the code that it was made of, in a process that has the module loaded."""

from __future__ import annotations

import bisect
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from needfix.infer import inference
from tests.faults.mutants import Mutant


def put_in(mutant: Mutant) -> None:
    """Replace the code of functions where they are, so that whoever has imported one gets the mutant.

    A table is replaced by its name: what was made of it when the module was loaded stays as it was.
    """
    module = sys.modules[mutant.module]
    code = mutant.code(str(module.__file__))
    vars(module).setdefault("bisect_left", bisect.bisect_left)
    found = dict(_codes(code))
    functions = {function.__code__.co_qualname: function for function in functions_of(module)}
    if not found:  # a table: whoever uses it does so by its name
        exec(code, vars(module))  # noqa: S102 - a statement of our own
    for name in found.keys() & functions.keys():
        functions[name].__code__ = found[name]
    forget()


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """The functions of a statement; those inside of functions go with them."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            is_class = "__qualname__" in one.co_names
            if is_class:
                yield from _codes(one)
            elif "<" not in one.co_qualname:
                yield one.co_qualname, one


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """The functions and methods that a module defines, those below decorators too."""
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        for one in (value, *vars(value).values()) if isinstance(value, type) else (value,):
            plain = getattr(one, "fget", None) or getattr(one, "__func__", None) or getattr(one, "func", one)
            while hasattr(plain, "__wrapped__"):
                plain = plain.__wrapped__
            if isinstance(plain, FunctionType) and plain.__module__ == module.__name__:
                yield plain


def forget() -> None:
    """Clear whatever needfix remembers."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "needfix":
            for value in list(vars(module).values()):
                clear: Callable[[], Any] | None = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()
    inference._REMEMBERED.clear()  # noqa: SLF001 - a memory of decisions
