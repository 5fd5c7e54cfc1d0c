"""Times in the forms of PowerShell and WMI in columns, as the row reader reads them."""

from __future__ import annotations

import pyarrow as pa

from needfix.fleet.columns import as_strings, bytes_of
from needfix.intake.text import QUOTES, bare, unwrapped
from needfix.intake.written_times import iso_time

_SIGNS = (b"(", b".")
"""One of them is in every time of these forms, and both are seldom in others."""


def may_be_other_times(column: pa.Array) -> bool:
    """Whether any text of a column may be a time of these forms."""
    texts = as_strings(column.dictionary if pa.types.is_dictionary(column.type) else column)
    places, data = bytes_of(texts)
    own = data[places[0] : places[-1]].tobytes()
    return any(sign in own for sign in _SIGNS)


def in_iso(column: pa.Array) -> pa.Array:
    """Texts, or codes of texts, with times of these forms in ISO 8601; the same where there are none."""
    if not may_be_other_times(column):
        return column
    is_coded = pa.types.is_dictionary(column.type)
    encoded = column if is_coded else column.dictionary_encode()
    before = encoded.dictionary.to_pylist()
    after = [text and iso_time(_plain(text)) for text in before]
    if after == before:
        return column
    found = pa.DictionaryArray.from_arrays(encoded.indices, pa.array(after, pa.string()))
    return found if is_coded else found.dictionary_decode()


def _plain(text: str) -> str:
    return unwrapped(text) if text.rstrip()[-1:] in QUOTES else bare(text)
