"""How large a record may be, whatever format it is in, and how much of anything is said or read at once."""

from __future__ import annotations

RECORD_BYTES = 16 << 20
"""Bytes of one record, as UTF-8: of a line, an element or the rows of a server."""

ENTRIES = 100_000
"""Entries of one list of a record, and rows of one server."""

CELL_CHARACTERS = 100_000
"""Characters of one cell of CSV, and of its header."""

NUMBER_CHARACTERS = 400
"""Characters of one number, written as a number or as text."""

LEADING_BLANKS = 16 << 20
"""Bytes of blanks that are passed over at the beginning of a file."""

PROBLEMS = 100
"""Problems that are said one by one; the others are counted."""
