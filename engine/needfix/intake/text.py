"""Bytes to text: byte order marks, UTF-16 without one, and invalid bytes that stay visible."""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

HEAD_BYTES = 64 * 1024
UTF_8 = "utf-8"

QUOTES = "\"'"
"""What stands around values; `unwrapped` removes nothing where a value does not end with one."""

_LEAST_FORMULA = 3
_MARK = "\udfff"
_ERRORS = "needfix-mark"
_SURROGATE = re.compile("[\ud800-\udfff]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _mark_invalid(error: UnicodeError) -> tuple[str, int]:
    """Replace invalid bytes by half a surrogate pair, which valid bytes never decode to."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _MARK, error.end


codecs.register_error(_ERRORS, _mark_invalid)


_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
"""Characters without width, which files that were put together have between their parts."""

LEAST_BEYOND_ASCII = 0x80
"""Bytes below are those of ASCII texts, which hold no invisible character."""


def bare(text: str) -> str:
    """A text without the blanks and the invisible characters around it."""
    text = text.strip()
    while not text.isascii() and (shorter := text.strip(_INVISIBLE).strip()) != text:
        text = shorter
    return text


def unwrapped(text: str) -> str:
    """A value without blanks, and without the signs that spreadsheets and shells put around it.

    `="Store.exe"` and `"Store.exe"` are Store.exe.
    """
    while True:
        text = bare(text)
        if len(text) >= _LEAST_FORMULA and text.startswith('="') and text.endswith('"'):
            text = text[2:-1].replace('""', '"')
        elif len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES:
            text = text[1:-1].replace(text[0] * 2, text[0])
        else:
            return text


def first_surrogate(text: str) -> int:
    """The offset of the first half of a surrogate pair in the text; -1 if there is none."""
    if text.isascii():
        return -1
    found = _SURROGATE.search(text)
    return found.start() if found else -1


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding of a file by its first bytes, and the length of its byte order mark."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return _encoding_by_nul(head), 0


def _encoding_by_nul(head: bytes) -> str:
    if _PRINTABLE.issuperset(head[:_SURELY]):
        return UTF_8  # text in UTF-16 may follow that a program added
    half = len(head) // 2
    first, second = head[0::2].count(0), head[1::2].count(0)
    if second > half / 3 and first < half / 10:
        return "utf-16-le"
    if first > half / 3 and second < half / 10:
        return "utf-16-be"
    return "utf-8"


def encoding_named(name: str) -> str:
    """The encoding of texts that a name means, by the name that Python has for it.

    Raises LookupError where it is none: codecs of bytes, of names of hosts, and of texts with escapes, in
    which a path would become another one. UTF-16 and UTF-32 without a byte order mark are those of Windows.
    """
    found = codecs.lookup(name.strip())
    try:
        "".encode(found.name)
    except ValueError as error:
        raise LookupError(name) from error
    if found.name in _NO_ENCODINGS:
        raise LookupError(name)
    return _WITHOUT_MARK.get(found.name, found.name)


_NO_ENCODINGS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))
_WITHOUT_MARK = {"utf-8-sig": UTF_8, "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def likely_encoding(start: bytes) -> str:
    """The encoding of text that is not UTF-8, by its first bytes: that of Windows in the West, or of DOS.

    Letters beyond ASCII are above 0xBF in the former, and below 0xA6 in the latter. Words of nothing but such
    letters are Cyrillic; several signs that are Japanese in a row are that.
    """
    start = start.removeprefix(codecs.BOM_UTF8)
    beyond = start.translate(None, bytes(range(0x80)))
    if len(beyond) < _MOST_OF_ONE_SIGN * sum(map(len, _wide_words(start))):
        return "cp932"
    words = b"".join(_WORDS_BEYOND.findall(start))
    if 2 * len(words) > len(beyond):
        dos, ansi = (len(words.translate(None, kept)) for kept in (_NOT_OF_DOS, _NOT_OF_ANSI))
        return "cp866" if dos > ansi else "cp1251"
    dos, ansi = (sum(low <= own <= high for own in beyond) for low, high in ((0x80, 0xA5), (0xC0, 0xFF)))
    return "cp850" if dos > ansi else "cp1252"


_MOST_OF_ONE_SIGN = 2
_WORDS_BEYOND = re.compile(rb"[\x80-\xff]{3,}")
_NOT_OF_DOS, _NOT_OF_ANSI = bytes(range(0xB0, 0x100)), bytes((*range(0xC0), *range(0xE0, 0xF0)))
"""What is no Cyrillic letter of the one alone; 0xE0 to 0xEF are letters of both."""


def _wide_words(start: bytes) -> list[str]:
    """The runs of Japanese signs where a text may be in Shift-JIS, but for a sign that is cut at its end."""
    try:
        return _WIDE.findall(codecs.getincrementaldecoder("cp932")().decode(start))
    except UnicodeDecodeError:
        return []


_WIDE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{2,}")


def is_of_other_encoding(line: str, encoding: str) -> bool:
    """Whether a line is surely in another encoding than the text in which it is, such as what `>>` added.

    UTF-16 has a NUL in each character that ASCII has; ASCII read as UTF-16 is signs of East Asia, in both
    halves of which there are letters.
    """
    if not encoding.startswith("utf-16"):
        return "\0" in line and line.count("\0") * _IN_THREE >= len(line)
    if line.isascii():
        return False
    return any(
        _PRINTABLE.issuperset(run[0].encode("utf-16-le", "replace")) for run in _BEYOND_ASCII.finditer(line)
    )


_SURELY = 32
_IN_THREE = 3
_BEYOND_ASCII = re.compile("[\u0900-\uffff]{12,200}")
_PRINTABLE = frozenset((*range(0x20, 0x7F), *b"\t\r\n"))


def without_nul(line: str) -> str | None:
    """The text of a line of UTF-16 that was read as another encoding; None where it is not only ASCII."""
    text = line.replace("\0", "").lstrip(f"{_MARK}\ufeff\xff\xfe")
    return (
        text
        if text.isascii() and (text.isspace() or text.strip("\r\n\t").isprintable() or not text)
        else None
    )


def decode_head(head: bytes, encoding: str) -> str:
    """The beginning as text, without a character that is cut off at its end."""
    return codecs.getincrementaldecoder(encoding)(_ERRORS).decode(head)


class ReplayedBytes(io.RawIOBase):
    """A stream whose beginning was already read; reports the bytes read to `progress`."""

    def __init__(self, head: bytes, rest: BinaryIO, progress: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest
        self._progress = progress

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from the beginning, then from the rest."""
        data = self._head[: len(buffer)] or self._rest.read(len(buffer)) or b""
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        if self._progress and data:
            self._progress(len(data))
        return len(data)

    def as_text(self, encoding: str) -> io.TextIOWrapper:
        """The decoded stream, with line ends as written and invalid bytes marked."""
        return io.TextIOWrapper(io.BufferedReader(self, HEAD_BYTES), encoding, errors=_ERRORS, newline="")
