"""Programs of every width and order of bytes, written by hand, and those of this machine."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.image.elf import Elf, ElfError, read_elf

_TEXTS = b"\0libc.so.6\0libz.so.1\0/opt/lib:$ORIGIN/../lib\0/old/lib\0"
_LOADER = b"/lib/ld-linux.so.2\0"
_BASE = 1 << 20
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29


def elf_file(*, wide: bool = True, order: str = "<", machine: int = 62, dynamic: bool = True) -> bytes:
    """Write a program: header, three segments, then the loader's name, the dynamic section and its strings.

    All of the file is loaded at 1 MiB, so that an address in memory is never the offset in the file.
    """
    head_size, segment_size = (64, 56) if wide else (52, 32)
    loader = head_size + 3 * segment_size
    section = loader + len(_LOADER)
    entries = [(_NEEDED, 1), (_NEEDED, 11), (_RUNPATH, 21), (_RPATH, 45), (_STRINGS, 0), (0, 0)]
    texts = section + len(entries) * (16 if wide else 8)
    entries[4] = (_STRINGS, _BASE + texts)
    table = b"".join(struct.pack(order + ("QQ" if wide else "II"), *entry) for entry in entries)
    end = texts + len(_TEXTS)
    segments = [(1, 0, end)]
    if dynamic:
        segments += [(3, loader, len(_LOADER)), (2, section, len(table))]
    packed = b"".join(_segment(*segment, wide=wide, order=order) for segment in segments)
    head = _head(wide, order, machine, len(segments)).ljust(head_size, b"\0")
    return (head + packed).ljust(loader, b"\0") + _LOADER + table + _TEXTS


def _head(wide: bool, order: str, machine: int, segments: int) -> bytes:
    ident = b"\x7fELF" + bytes([1 + wide, 1 if order == "<" else 2, 1])
    sizes = (64, 56) if wide else (52, 32)
    fields = (ident, 2, machine, 1, _BASE, sizes[0], 0, 0, *sizes, segments)
    return struct.pack(order + ("16sHHIQQQIHHH" if wide else "16sHHIIIIIHHH"), *fields)


def _segment(kind: int, offset: int, size: int, *, wide: bool, order: str) -> bytes:
    if wide:
        return struct.pack(order + "IIQQQQQQ", kind, 5, offset, _BASE + offset, 0, size, size, 1)
    return struct.pack(order + "IIIIIIII", kind, offset, _BASE + offset, 0, size, size, 5, 1)


def read(content: bytes) -> Elf | None:
    return read_elf(io.BytesIO(content))


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_dynamic_program(wide: bool, order: str) -> None:
    assert read(elf_file(wide=wide, order=order)) == Elf(
        architecture="amd64",
        interpreter="/lib/ld-linux.so.2",
        needed=("libc.so.6", "libz.so.1"),
        library_paths=("/opt/lib", "$ORIGIN/../lib", "/old/lib"),
    )


@pytest.mark.parametrize("wide", [True, False])
def test_a_static_program(wide: bool) -> None:
    assert read(elf_file(wide=wide, dynamic=False)) == Elf("amd64", "", (), ())


@pytest.mark.parametrize(
    ("machine", "architecture"),
    [(3, "386"), (22, "s390x"), (40, "arm"), (62, "amd64"), (183, "arm64"), (243, "riscv64"), (9999, "")],
)
def test_the_architecture(machine: int, architecture: str) -> None:
    found = read(elf_file(machine=machine))
    assert found is not None
    assert found.architecture == architecture


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fEL", b"MZ" + bytes(100)])
def test_a_file_of_another_kind_is_none(content: bytes) -> None:
    assert read(content) is None


@pytest.mark.parametrize("size", [4, 10, 60, 70, 120])
def test_a_truncated_program_is_broken(size: int) -> None:
    with pytest.raises(ElfError, match="broken ELF file"):
        read(elf_file()[:size])


def test_a_table_that_is_far_too_long_is_not_read() -> None:
    content = bytearray(elf_file())
    content[54:58] = struct.pack("<HH", 65535, 65535)
    with pytest.raises(ElfError, match="a table of 4294836225 bytes"):
        read(bytes(content))


@given(
    changes=st.lists(st.tuples(st.integers(4, len(elf_file()) - 1), st.integers(0, 255)), max_size=6),
    wide=st.booleans(),
)
def test_whatever_the_bytes_a_program_is_read_or_broken(changes: list[tuple[int, int]], wide: bool) -> None:
    content = bytearray(elf_file(wide=wide))
    for place, value in changes:
        content[4 + place % (len(content) - 4)] = value
    try:
        found = read(bytes(content))
    except ElfError:
        return
    assert found is not None


def test_the_interpreter_that_runs_these_tests() -> None:
    with Path(sys.executable).resolve().open("rb") as stream:
        found = read_elf(stream)
    assert found is not None
    assert Path(found.interpreter).exists()
    assert "libc.so.6" in found.needed
