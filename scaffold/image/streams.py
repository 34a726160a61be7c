"""Streams over parts of other streams: what is inside an archive is read where it lies."""

from __future__ import annotations

import gzip
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from scaffold.image.errors import Malformed, explained

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# A layer of a few kilobytes can unpack to terabytes; no image that anybody runs comes near this.
MOST_BYTES = 64 * 1024**3
# Headers are read in blocks of 512 bytes; only names and attributes that do not fit into one are longer.
_MOST_HEADER_BYTES = 1024**2


class Source(Protocol):
    """What a window needs of the stream behind it."""

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes, none only at the end."""

    def seek(self, offset: int, /) -> int:
        """Move to `offset` from the start."""

    def close(self) -> None:
        """Close it."""


class Window(io.RawIOBase):
    """A part of a seekable stream as a stream of its own.

    A `size` of None reaches to the end. Closing it closes what it `owns`. Reading raises ImageError, which names
    `archive`, where a window of known size ends too early, or where one of unknown size does not end.
    """

    def __init__(
        self,
        stream: Source,
        archive: Path,
        start: int = 0,
        size: int | None = None,
        owns: tuple[Source, ...] = (),
    ) -> None:
        super().__init__()
        self._stream = stream
        self._archive = archive
        self._start = start
        self._size = size
        self._owns = owns
        self._position = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be moved in."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill `buffer` as far as the window goes."""
        view = memoryview(buffer).cast("B")
        wanted = len(view) if self._size is None else min(len(view), max(self._size - self._position, 0))
        with explained(self._archive):
            self._stream.seek(self._start + self._position)
            data = self._stream.read(wanted)
            self._check(wanted, len(data))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _check(self, wanted: int, got: int) -> None:
        if self._size is None:
            if self._position + got > MOST_BYTES:
                raise Malformed(f"a layer unpacks to more than {MOST_BYTES // 1024**3} GiB")
        elif not got and wanted:
            raise Malformed("it ends too early")

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move; the end of a window may be unknown, so not in relation to it."""
        if whence == os.SEEK_END:
            raise io.UnsupportedOperation("a window does not know its end")
        self._position = offset + (self._position if whence == os.SEEK_CUR else 0)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def close(self) -> None:
        """Close it, with what it owns."""
        for stream in self._owns:
            stream.close()
        super().close()


class HeaderStream(io.BufferedReader):
    """A stream for tarfile, which would read as much at once as a header asks for."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, but refuse what no header needs."""
        if size is None or not 0 <= size <= _MOST_HEADER_BYTES:
            raise Malformed(f"a header asks for {size} bytes")
        return super().read(size)


def unpacked(stream: BinaryIO, archive: Path) -> Window:
    """Return what `stream` holds without its gzip or zstd compression; closing it closes `stream`."""
    magic = stream.read(4)
    stream.seek(0)
    if magic.startswith(_GZIP_MAGIC):
        plain: Source = gzip.GzipFile(fileobj=stream)
    elif magic == _ZSTD_MAGIC:
        plain = zstd.ZstdFile(stream)
    else:
        plain = stream
    return Window(plain, archive, owns=(plain, stream))
