"""Limits: the size of a record in any format, and how many problems are listed."""

from __future__ import annotations

RECORD_BYTES = 16 << 20
"""Bytes of one record as UTF-8: of a line, of an element, or of the rows of a server."""

ENTRIES = 100_000
"""Entries of one list of a record."""

ROWS = 5 * ENTRIES
"""Rows of one server in a table: a row for each product, file, event, service and counter."""

YAML_VALUES = RECORD_BYTES // 8
"""Values of one YAML record with aliases expanded; without aliases, RECORD_BYTES already limits them."""

CELL_CHARACTERS = 100_000
"""Characters of the header of CSV; cells of more are left to the row reader."""

NUMBER_CHARACTERS = 400
"""Characters of one number, written as a number or as text."""

LEADING_BLANKS = 16 << 20
"""Bytes of white space that are skipped at the beginning of a file."""

PROBLEMS = 100
"""Problems that are listed one by one; the others are counted."""

_MOST_BYTES_EACH = 4


def is_too_large(text: str) -> bool:
    """Whether a text takes more bytes than a record may."""
    return byte_count(text) > RECORD_BYTES if may_be_too_large(len(text)) else False


def may_be_too_large(characters: int) -> bool:
    """Whether so many characters can have more bytes than a record may."""
    return characters * _MOST_BYTES_EACH > RECORD_BYTES


def byte_count(text: str) -> int:
    """The bytes that a text takes as UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
