"""Reads from an ELF file what decides whether it can start: machine, loader, libraries.

Layout: System V ABI, chapter 4 (header), 5 (program header, dynamic section). An own reader because the three
tables take a page, where pyelftools brings all of DWARF along.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MAGIC = b"\x7fELF"
_LOAD, _DYNAMIC, _INTERPRETER = 1, 2, 3
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29
_MOST_TABLE_BYTES = 1024**2
_LONGEST_STRING = 4096
# e_machine of the ABI's supplements, by the names that images use (GOARCH).
_ARCHITECTURES = {
    3: "386",
    8: "mips",
    20: "ppc",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "amd64",
    183: "arm64",
    243: "riscv64",
    258: "loong64",
}


class ElfError(ValueError):
    """A file that begins as an ELF file and is broken further on."""


@dataclass(frozen=True, slots=True)
class Elf:
    """What a program asks for.

    `architecture` is as in an image's configuration, without the suffix that tells the byte order, "" for one
    that is not known here; `interpreter` the path of the loader, "" for a static program; `needed` the names of
    libraries; `library_paths` the folders of RPATH and RUNPATH, in which `$ORIGIN` may stand.
    """

    architecture: str
    interpreter: str
    needed: tuple[str, ...]
    library_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Segment:
    kind: int
    offset: int
    address: int
    size: int


def read_elf(stream: BinaryIO) -> Elf | None:
    """Read an ELF file from its start; None for a file of another kind. Raises ElfError for a broken one."""
    head = stream.read(64)
    if not head.startswith(_MAGIC):
        return None
    try:
        return _Reader(stream, head).read()
    except ElfError:
        raise
    except (struct.error, IndexError, OverflowError, ValueError) as error:
        raise ElfError(f"broken ELF file: {error}") from error


class _Reader:
    """Reads one file; its class byte gives the width of addresses, its data byte the order of bytes."""

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        self._stream = stream
        self._head = head
        self._wide = head[4] == 2
        self._order = "<" if head[5] == 1 else ">"

    def read(self) -> Elf:
        (machine,) = self._unpack("H", self._head, 18)
        segments = list(self._segments())
        entries = list(self._dynamic(segments))
        texts = _Texts(self._stream, self._strings_offset(segments, entries))
        paths = [texts.at(value) for tag, value in entries if tag in {_RPATH, _RUNPATH}]
        return Elf(
            architecture=_ARCHITECTURES.get(machine, ""),
            interpreter=self._interpreter(segments),
            needed=tuple(texts.at(value) for tag, value in entries if tag == _NEEDED),
            library_paths=tuple(folder for path in paths for folder in path.split(":") if folder),
        )

    def _segments(self) -> Iterator[_Segment]:
        start = self._unpack("Q" if self._wide else "I", self._head, 32 if self._wide else 28)[0]
        length, count = self._unpack("HH", self._head, 54 if self._wide else 42)
        table = self._at(start, length * count)
        for index in range(count):
            if self._wide:
                kind, _, offset, address, _, size = self._unpack("IIQQQQ", table, index * length)
            else:
                kind, offset, address, _, size = self._unpack("IIIII", table, index * length)
            yield _Segment(kind, offset, address, size)

    def _interpreter(self, segments: list[_Segment]) -> str:
        for segment in segments:
            if segment.kind == _INTERPRETER:
                return _decoded(self._at(segment.offset, min(segment.size, _LONGEST_STRING)))
        return ""

    def _dynamic(self, segments: list[_Segment]) -> Iterator[tuple[int, int]]:
        pair = "QQ" if self._wide else "II"
        for segment in segments:
            if segment.kind == _DYNAMIC:
                table = self._at(segment.offset, segment.size)
                usable = len(table) - len(table) % struct.calcsize(f"={pair}")
                yield from struct.iter_unpack(self._order + pair, table[:usable])

    def _strings_offset(self, segments: list[_Segment], entries: list[tuple[int, int]]) -> int:
        """Find where the strings lie in the file; the dynamic section has their address in memory."""
        for tag, address in entries:
            for segment in segments:
                if tag == _STRINGS and segment.kind == _LOAD and 0 <= address - segment.address < segment.size:
                    return segment.offset + address - segment.address
        return 0

    def _at(self, offset: int, size: int) -> bytes:
        if size > _MOST_TABLE_BYTES:
            raise ElfError(f"broken ELF file: a table of {size} bytes")
        self._stream.seek(offset)
        return self._stream.read(size)

    def _unpack(self, fields: str, data: bytes, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(self._order + fields, data, offset)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The table of strings, which starts at an offset of the file."""

    stream: BinaryIO
    offset: int

    def at(self, index: int) -> str:
        self.stream.seek(self.offset + index)
        return _decoded(self.stream.read(_LONGEST_STRING))


def _decoded(data: bytes) -> str:
    return data.partition(b"\0")[0].decode(errors="backslashreplace")
