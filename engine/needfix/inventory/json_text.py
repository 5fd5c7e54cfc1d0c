"""The parser of JSON texts: keeps numbers as written, and records doubtful JSON as flaws."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from needfix.intake.kinds import Invalid, Number, quoted

HINT = "check the quotes, the commas and the brackets here and in the line above"
"""The hint for text that is not valid JSON."""

_TWICE = r'write each backslash of a path twice: "C:\\folder\\file.exe"'


class JsonParser(json.JSONDecoder):
    """A decoder that keeps the text of numbers; `flaws` lists what is wrong in valid syntax."""

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=self._object,
            parse_float=Number,
            parse_int=Number,
            parse_constant=self._constant,
        )
        self.flaws: list[str] = []

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice = [key for key, count in counts.items() if count > 1]
            self.flaws += (f"the key {quoted(key)} is written twice in one object" for key in twice)
        return found

    def _constant(self, name: str) -> Invalid:
        self.flaws.append(f"{name} is not a JSON number")
        return Invalid(name)


def hint_of(error: json.JSONDecodeError) -> str:
    """The hint for a syntax error."""
    return _TWICE if "escape" in error.msg else HINT


def syntax(error: json.JSONDecodeError) -> str:
    """The message of a syntax error."""
    return f"this is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
