"""Makes text safe to show: no content of an input can control a terminal or a build server."""

from __future__ import annotations

import json
import re

MOST_SHOWN = 120
"""The most characters of a text of an input that a message repeats."""

_COMMAND = re.compile(r"^(\s*:)(?=:.*::)|#(?=#\[)")
"""Where a line could be a workflow command: `::error::…`, or `##[error]…` anywhere in it."""

_UNSAFE_IN_JSON = (
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""A pattern that takes long to compile: only a text with a character that is not printable needs it."""

_BYTES = range(0xDC80, 0xDD00)
"""The halves of surrogate pairs that stand for the bytes of a file's name that are not UTF-8."""


def printable(text: str) -> str:
    r"""One line of text with control characters escaped as `\x1b`, `\n` or `\u202e`.

    A byte of a file's name that is not UTF-8 is shown as `\xff`.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escaped(c) for c in text)
    return _COMMAND.sub(_defused, text) if "::" in text or "##[" in text else text


def shortened(text: str) -> str:
    """A text of an input as a message repeats it: where it is long, its beginning."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def in_quotes(text: str) -> str:
    """A text of an input as a message quotes it."""
    return repr(shortened(text))


def printable_lines(text: str) -> str:
    """A message of needfix; its own line breaks are followed by four spaces."""
    return "\n    ".join(map(printable, text.split("\n    ")))


def json_text(value: object, indent: int | None = None) -> str:
    r"""JSON with letters as they are and control characters escaped as `\u202e`; the value is the same.

    Half a surrogate pair, which many JSON readers refuse, becomes what `printable` shows for it.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    is_safe = text.isprintable() or (text.isascii() and "\x7f" not in text)
    return text if is_safe else re.sub(_UNSAFE_IN_JSON, _json_escape, text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if code in _BYTES else ascii(character)[1:-1]


def _defused(found: re.Match[str]) -> str:
    return r"\x23" if found[0] == "#" else f"{found[0][:-1]}\\x3a"


def _json_escape(found: re.Match[str]) -> str:
    character = found[0]
    is_half = "\ud800" <= character <= "\udfff"
    return json.dumps(_escaped(character) if is_half else character)[1:-1]
