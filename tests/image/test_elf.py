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
from tests.image.programs import LOADER, elf_file


def read(content: bytes) -> Elf | None:
    return read_elf(io.BytesIO(content))


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_dynamic_program(wide: bool, order: str) -> None:
    content = elf_file(
        needed=("libc.so.6", "libz.so.1"),
        runpath="/opt/lib:$ORIGIN/../lib",
        rpath="/old/lib",
        wide=wide,
        order=order,
    )
    assert read(content) == Elf(
        architecture="amd64",
        interpreter=LOADER,
        needed=("libc.so.6", "libz.so.1"),
        library_paths=("/opt/lib", "$ORIGIN/../lib", "/old/lib"),
    )


@pytest.mark.parametrize("wide", [True, False])
def test_a_static_program(wide: bool) -> None:
    assert read(elf_file(wide=wide, loader="")) == Elf("amd64", "", (), ())


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
