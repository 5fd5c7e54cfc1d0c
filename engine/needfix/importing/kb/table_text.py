"""What a line or sentence near a fix table is: an announcement, a label, a platform, prose."""

from __future__ import annotations

import re

from needfix.importing.kb import columns
from needfix.importing.kb import table_cells as cells
from needfix.importing.kb.columns import Columns
from needfix.importing.kb.lines import ArticleLine
from needfix.importing.kb.table_cells import FileRow

_ATTRIBUTES = re.compile(r"\b(?:file attributes?|listed attributes|attributes or later)\b", re.IGNORECASE)
_LAST = 5
"""So many mentions of attributes at the end of a paragraph are looked at."""
_SENTENCE_END = re.compile(r"[.:](?=\s|$)")
_OF_THE_FIX = re.compile(r"\b(?:should|must|has|have|will|contains?)\b", re.IGNORECASE)
OF_ANOTHER = re.compile(r"\b(?:had|previous|viewed|original)\b", re.IGNORECASE)
_LONGEST_LABEL = 60
_PROSE = re.compile(r"[.!?]$|^(?:NOTE|NOTES|IMPORTANT|WARNING|CAUTION)\b|https?:|ftp:|\bQ[0-9]{5,6}\b")
_SENTENCE_START = re.compile(
    r"^(?:to|for|the|this|these|if|you|after|before|because|when|in|as|a)\b.*\b\w+ \w+ \w+", re.IGNORECASE
)  # one pattern
_PLATFORM_ALONE = re.compile(rf"\s*\({cells.PLATFORM}\)\s*", re.IGNORECASE)


def read_line(line: ArticleLine, known: Columns) -> tuple[list[FileRow], str]:
    """The rows on a line: the whole of it, or several behind each other, and the text behind them."""
    row = columns.read_row(line.text, known, line.number)
    return ([row], "") if row else columns.rows_in(line.text, known, line.number)


def is_platform_alone(text: str) -> bool:
    """Whether a line holds a platform in parentheses and nothing else."""
    return _PLATFORM_ALONE.fullmatch(text) is not None


def announced(text: str) -> str | None:
    """The last sentence about the attributes of files, where there is one."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    for found in list(_ATTRIBUTES.finditer(text))[: -_LAST - 1 : -1]:
        start = max((end for end in ends if end <= found.start()), default=0)
        end = min((end for end in ends if end >= found.end()), default=len(text))
        sentence = text[start:end].strip()
        if _OF_THE_FIX.search(sentence) or OF_ANOTHER.search(sentence):
            return sentence
    return None


def is_label(text: str) -> bool:
    """Whether a line can name what the rows below it are for."""
    if (
        len(text) > _LONGEST_LABEL
        or text.startswith("- ")
        or _PROSE.search(text)
        or _SENTENCE_START.search(text)
    ):
        return False
    return cells.value(text) is not None
