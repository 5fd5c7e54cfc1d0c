"""One inventory file or standard input, opened, with its beginning and encoding known."""

from __future__ import annotations

import io
import os
import sys
from contextlib import ExitStack, closing, contextmanager, suppress
from errno import EFBIG
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TextIO

from needfix.intake.archives import member_size, opened_member, place_in_archive
from needfix.intake.limits import LEADING_BLANKS, STREAM_BYTES
from needfix.intake.notes import Notes
from needfix.intake.packed import packing_of, unpacked
from needfix.intake.paths import STDIN
from needfix.intake.text import HEAD_BYTES, UTF_8, ReplayedBytes, decode_head, encoding_of
from needfix.model.inventory_options import STATED_BY_FILES, InventoryOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


_MOST_IN_MEMORY = 16 << 20
"""Bytes of a copy that are in memory; a larger one is on disk."""

_BLANKS = b" \t\r\n\f\v\0\xef\xbb\xbf\xff\xfe"
"""Bytes of white space and byte order marks, in UTF-8 and UTF-16."""


class Source(NamedTuple):
    """What a format module reads. `file` is its name in problems, `head` and `start` are its beginning.

    What is not read of it is added to `notes`. Where it `unites`, the rows of a server in a table may be in
    several places and of several times. Where it is `packed`, the file holds something else than what is
    read: it is compressed, in an archive, or a workbook. Where it `is_copy`, `stream` is a temporary file.
    """

    file: str
    encoding: str
    head: str
    text: TextIO
    notes: Notes
    start: bytes = b""
    unites: bool = False
    stream: BinaryIO | None = None
    options: InventoryOptions = STATED_BY_FILES
    packed: bool = False
    is_copy: bool = False

    def instead(self, table: BinaryIO) -> Source:
        """The same with another text, which is in a temporary file."""
        options = self.options._replace(encoding=None)
        found = _source(self.file, table, None, self.notes, options, may_be_packed=False)
        return found._replace(unites=self.unites, stream=table, packed=True, is_copy=True)

    @contextmanager
    def again(self) -> Iterator[Source]:
        """The same from its beginning; of a copied stream only before its text is read."""
        if self.stream is None:
            with opened(self.file, options=self.options) as source:
                yield source
            return
        place = self.stream.tell()
        self.stream.seek(0)
        try:
            yield _source(self.file, self.stream, None, Notes(), self.options)
        finally:
            self.stream.seek(place)

    @property
    def can_be_read_again(self) -> bool:
        """Whether it is a file rather than a pipe."""
        return self.is_copy or Path(self.file).is_file() or place_in_archive(self.file) is not None

    @property
    def lies_as_it_is(self) -> bool:
        """Whether it is a file that holds what is read."""
        return not self.packed and Path(self.file).is_file()


@contextmanager
def opened(  # noqa: PLR0913 - what is read, and how
    file: str,
    stdin: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
    notes: Notes | None = None,
    *,
    unites: bool = False,
    options: InventoryOptions = STATED_BY_FILES,
) -> Iterator[Source]:
    """Open a file by its name, `-` for standard input, which stays open afterwards.

    With `stdin` that is read, be it for standard input or for another stream of this name; where the source
    `unites`, it is a copy.
    """
    notes = Notes() if notes is None else notes
    if file == STDIN or stdin is not None:
        stream = stdin or sys.stdin.buffer
        found = _source("<stdin>" if file == STDIN else file, stream, progress, notes, options)
        yield found._replace(unites=unites, stream=stream)
        return
    place = None if os.path.isfile(file) else place_in_archive(file)  # noqa: PTH113 - as below
    if place is not None:
        with opened_member(*place) as member:
            found = _source(file, member, progress, notes, options, may_be_packed=False)
            yield found._replace(unites=unites, packed=True)
        return
    with Path(file).open("rb", buffering=0) as raw:
        yield _source(file, raw, progress, notes, options)._replace(unites=unites)


def size_of(file: str) -> int:
    """The bytes that are read of a file, as they are passed to `progress`."""
    place = None if os.path.isfile(file) else place_in_archive(file)  # noqa: PTH113 - as above
    return Path(file).stat().st_size if place is None else member_size(*place)


@contextmanager
def copied_streams(names: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Mapping[str, BinaryIO]]:
    """What can be read only once, by name, copied while it is read, so that it can be read several times."""
    with ExitStack() as stack:
        streams: dict[str, Any] = {}
        for name in names:
            if name == STDIN:
                streams[name] = stack.enter_context(closing(CopiedStream(stdin or sys.stdin.buffer)))
            elif not os.path.isfile(name):  # noqa: PTH113 - False where a path cannot be examined
                with suppress(OSError):
                    pipe = stack.enter_context(Path(name).open("rb"))
                    streams[name] = stack.enter_context(closing(CopiedStream(pipe)))
        yield streams


def rewind(streams: Mapping[str, BinaryIO]) -> None:
    """Go back to the beginning of all streams."""
    for stream in streams.values():
        stream.seek(0)


class CopiedStream(io.RawIOBase):
    """A stream of which what was read is in a temporary file, so that it can be read again.

    No more of it is copied than is read: where a reader stops at a record that is too large, that is all.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._copy = SpooledTemporaryFile(_MOST_IN_MEMORY)  # noqa: SIM115 - closed below
        self._length = 0
        self._place = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, from the copy as far as it goes."""
        wanted = -1 if size is None else size
        self._copy.seek(self._place)
        found = self._copy.read(wanted)
        if wanted < 0 or len(found) < wanted:
            fresh = self._stream.read(wanted - len(found) if wanted >= 0 else -1)
            self._length += len(fresh)
            if self._length > STREAM_BYTES:
                raise OSError(EFBIG, f"it has more than {STREAM_BYTES >> 30} GiB; write it to a file first")
            self._copy.write(fresh)
            found += fresh
        self._place += len(found)
        return found

    def seek(self, place: int, _whence: int = 0, /) -> int:
        """Go to a place that was read before."""
        self._place = place
        return place

    def tell(self) -> int:
        """The place of the next byte."""
        return self._place

    def close(self) -> None:
        """Remove the copy."""
        self._copy.close()
        super().close()


def _source(  # noqa: PLR0913 - as `opened`
    file: str,
    raw: BinaryIO,
    progress: Callable[[int], None] | None,
    notes: Notes,
    options: InventoryOptions,
    *,
    may_be_packed: bool = True,
) -> Source:
    head = _start(raw)
    packing = packing_of(head) if may_be_packed else None
    if packing is not None:
        raw, progress = unpacked(packing, ReplayedBytes(head, raw, progress)), None  # type: ignore[arg-type]
        head = _start(raw)
    encoding, mark = encoding_of(head)
    if options.encoding is not None and not mark and encoding == UTF_8:
        encoding = options.encoding
    stream = ReplayedBytes(head[mark:], raw, progress)
    if progress and mark:
        progress(mark)
    text = decode_head(head[mark:], encoding)
    packed = packing is not None
    return Source(file, encoding, text, stream.as_text(encoding), notes, head, options=options, packed=packed)


def _start(raw: BinaryIO) -> bytes:
    """The first bytes: a block, or as many as are needed to reach one that is not blank."""
    start = _block(raw)
    fresh = start
    while len(fresh) == HEAD_BYTES and not fresh.strip(_BLANKS) and len(start) < LEADING_BLANKS:
        fresh = _block(raw)
        start += fresh
    return start


def _block(raw: BinaryIO) -> bytes:
    """A block, full unless the stream ends: a pipe returns less at a time."""
    block = b""
    while len(block) < HEAD_BYTES and (more := raw.read(HEAD_BYTES - len(block))):
        block += more
    return block
