"""Reads the one thing of an ELF file that decides whether it can start: the loader that it asks for.

Layout: System V ABI, chapter 4 (object files) and 5 (program header).
"""

from __future__ import annotations

import struct

_MAGIC = b"\x7fELF"
_INTERPRETER = 3


def is_elf(head: bytes) -> bool:
    """Tell whether a file's first bytes are those of an ELF file."""
    return head.startswith(_MAGIC)


def interpreter(head: bytes) -> str:
    """Return the path of the loader that a program asks for, or "" for a static one.

    `head` has to reach over the program headers and the path, which stand at the start of a file.
    """
    wide, order = head[4] == 2, "<" if head[5] == 1 else ">"
    table, size, count = _program_headers(head, order, wide=wide)
    for index in range(count):
        start = table + index * size
        (kind,) = struct.unpack_from(f"{order}I", head, start)
        if kind == _INTERPRETER:
            offset, length = _segment(head, start, order, wide=wide)
            return head[offset : offset + length].rstrip(b"\0").decode(errors="replace")
    return ""


def _program_headers(head: bytes, order: str, *, wide: bool) -> tuple[int, int, int]:
    (table,) = struct.unpack_from(f"{order}{'Q' if wide else 'I'}", head, 32 if wide else 28)
    size, count = struct.unpack_from(f"{order}HH", head, 54 if wide else 42)
    return table, size, count


def _segment(head: bytes, start: int, order: str, *, wide: bool) -> tuple[int, int]:
    if wide:
        (offset,) = struct.unpack_from(f"{order}Q", head, start + 8)
        (length,) = struct.unpack_from(f"{order}Q", head, start + 32)
    else:
        (offset,) = struct.unpack_from(f"{order}I", head, start + 4)
        (length,) = struct.unpack_from(f"{order}I", head, start + 16)
    return offset, length
