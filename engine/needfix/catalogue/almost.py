"""What a person most likely meant by a text that is no version, no id and no word of a list."""

from __future__ import annotations

import re

from needfix.versions import parse_version

_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a\u201b\u2033\u2032\uff02"
"""Quotation marks and primes that word processors write."""

_SIGN = re.compile(r"(?:>=|=>|≥|<=|=<|≤|~=|==|>|<|=|\^|~)\s*")
_OR_LATER = re.compile(r"\s*(?:\+|(?:or|and) (?:later|newer|higher|above|up))", re.IGNORECASE)
_ANY_PART = re.compile(r"(?:\.[*xX?])+")
_UPWARD = frozenset({">=", "=>", "≥", "==", "=", "^", "~", "~="})
_DOWNWARD = frozenset({"<", "<=", "=<", "≤"})
_NUMBERS = "write whole numbers separated by dots"
_KB_DIGITS = 6


def without_quotes(text: str) -> str | None:
    """The text that stands between typographic quotes; None where there are none."""
    plain = text.strip().strip(_QUOTES).strip()
    return plain if plain and plain != text.strip() else None


def hint_for_version(text: str, *, is_minimum: bool) -> str:
    """How to write what was meant by a text that is no version."""
    quoted = without_quotes(text)
    if quoted is not None:
        is_plain = parse_version(quoted) is not None
        inner = hint_for_version(quoted, is_minimum=is_minimum)
        return f'write "{quoted}", in straight quotes' if is_plain else inner
    sign = _SIGN.match(text)
    if sign is not None:
        return _of_sign(sign[0].strip(), text[sign.end() :].strip(), is_minimum=is_minimum)
    later = _OR_LATER.search(text)
    if later is not None and later.end() == len(text):
        return _of_sign(">=", text[: later.start()].strip(), is_minimum=is_minimum)
    if _ANY_PART.search(text):
        first = "the lowest version that has the fix" if is_minimum else "one version"
        return f"write {first}, with a number in place of each sign"
    return _NUMBERS


def _of_sign(sign: str, version: str, *, is_minimum: bool) -> str:
    """A comparison: every minimum is one."""
    if parse_version(version) is None:
        return f"{_NUMBERS}, and no sign before them"
    if not is_minimum:
        return f'write "{version}", without a sign'
    if sign in _UPWARD:
        return f'write "{version}": a minimum always means this version or a later one'
    if sign in _DOWNWARD:
        return "write the lowest version that has the fix, without a sign; those below it need the fix"
    return f'write {{above: "{version}"}} as the minimum, or the lowest version that has the fix'


def as_knowledge_base(text: str) -> str | None:
    """The id of an article of which only the number is written; None for other texts."""
    return f"KB{text}" if text.isascii() and text.isdecimal() and len(text) >= _KB_DIGITS else None
