"""The parser of JSON texts: keeps numbers as written, and records doubtful JSON as flaws."""

from __future__ import annotations

import json
import re
from typing import Any

from needfix.intake.kinds import Invalid, Number

HINT = "check the quotes, the commas and the brackets here and in the line above"
"""The hint for text that is not valid JSON."""

_TWICE = r'write each backslash of a path twice: "C:\\folder\\file.exe"'


_CONTROL = r"write a tab in a text as \t and a line break as \n"


class JsonParser(json.JSONDecoder):
    """A decoder that keeps the text of numbers; `is_flawed` where something is wrong in valid syntax."""

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=self._object,
            parse_float=Number,
            parse_int=Number,
            parse_constant=self._constant,
        )
        self.is_flawed = False

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        self.is_flawed |= len(found) < len(pairs)
        return found

    def _constant(self, name: str) -> Invalid:
        self.is_flawed = True
        return Invalid(name)


def hint_of(error: json.JSONDecodeError) -> str:
    """The hint for a syntax error."""
    if "control character" in error.msg:
        return _CONTROL
    return _TWICE if "escape" in error.msg else HINT


def syntax(error: json.JSONDecodeError) -> str:
    """The message of a syntax error."""
    what = re.sub("( starting)? at$", "", error.msg)
    return f"this is not valid JSON: {what[:1].lower()}{what[1:]}"
