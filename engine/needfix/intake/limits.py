"""Limits of what is read, of inventories, rules, articles and tables; and of listed problems."""

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

STREAM_BYTES = 64 << 30
"""Bytes of a stream that is copied, since it is read twice."""

PACKED_BYTES = STREAM_BYTES
"""Bytes of a compressed file, or of one in an archive, unpacked."""

PACKED_RATIO = 500
"""How many times its size a compressed file may unpack to; of inventories it is 5 to 100."""

PACKED_FREE_BYTES = 64 << 20
"""Bytes to which any compressed file may unpack, whatever its size."""

ARCHIVE_MEMBERS = 200_000
"""Files in one archive."""

LEADING_BLANKS = 16 << 20
"""Bytes of white space that are skipped at the beginning of a file."""

COLUMN_CHUNK_BYTES = 2 << 30
"""Bytes of one column in one row group of Parquet, decompressed."""

RULE_FILE_BYTES = 16 << 20
"""Bytes of one file of rules, products or cases."""

RULE_FILE_VALUES = 200_000
"""Values of such a file with aliases expanded."""

ARTICLE_FILE_BYTES = 4 << 20
"""Bytes of one file of articles: hundreds of times the longest article."""

TABLE_FILE_BYTES = 8 << 20
"""Bytes of one build table: a hundred times all builds of a product of thirty years."""

TABLE_ROWS = 20_000
"""Rows of one build table."""

TABLE_COLUMNS = 100
"""Columns of one build table."""

TABLE_WORKBOOK_BYTES = 64 << 20
"""Bytes of all parts of a workbook, unpacked."""

TABLE_WORKBOOK_PARTS = 1000
"""Parts of a workbook: sheets, styles, pictures."""

WORKBOOK_BYTES = 256 << 20
"""Bytes of all parts of a workbook that is an inventory, unpacked."""

WORKBOOK_PARTS = 10_000
"""Parts of a workbook that is an inventory."""

WORKBOOK_COLUMNS = 1000
"""Columns of a sheet of an inventory."""

REVISION_BYTES = 256 << 20
"""Bytes of all files that are read from one revision of a repository."""

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
