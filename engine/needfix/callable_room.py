"""Rooms whose name is also that of a public function: `needfix.explain(…)`, however the room was imported."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class CallableRoom(ModuleType):
    """A package that is called as the function of its name, in the module that `function_in` names."""

    function_in: str

    def __call__(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - those of the function
        """Call the function."""
        return self.__wrapped__(*args, **options)

    @property
    def __wrapped__(self) -> Any:  # noqa: ANN401 - as above
        """The function, for help and signatures."""
        return getattr(import_module(self.function_in), self.__name__.rpartition(".")[2])


def make_callable(room: str, function_in: str) -> None:
    """Let a package be called as its function, which is imported when it is first called."""
    module = sys.modules[room]
    module.__class__ = CallableRoom
    module.__dict__["function_in"] = function_in
