"""Programs written by hand, for every width and order of bytes."""

from __future__ import annotations

import struct

LOADER = "/lib/ld-linux.so.2"
_BASE = 1 << 20
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29


def elf_file(
    *,
    needed: tuple[str, ...] = (),
    runpath: str = "",
    rpath: str = "",
    loader: str = LOADER,
    wide: bool = True,
    order: str = "<",
    machine: int = 62,
) -> bytes:
    """Write a program: header, three segments, then the loader's name, the dynamic section and its strings.

    All of the file is loaded at 1 MiB, so that an address in memory is never the offset in the file. Without
    `loader` it is static.
    """
    head_size, segment_size = (64, 56) if wide else (52, 32)
    name = loader.encode() + b"\0"
    section = head_size + 3 * segment_size + len(name)
    wanted = [*((_NEEDED, text) for text in needed), (_RUNPATH, runpath), (_RPATH, rpath)]
    entries, texts = [], b"\0"
    for tag, text in wanted:
        entries += [(tag, len(texts))] if text else []
        texts += text.encode() + b"\0"
    start = section + (len(entries) + 2) * (16 if wide else 8)
    entries += [(_STRINGS, _BASE + start), (0, 0)]
    table = b"".join(struct.pack(order + ("QQ" if wide else "II"), *entry) for entry in entries)
    segments = [(1, 0, start + len(texts))]
    if loader:
        segments += [(3, section - len(name), len(name)), (2, section, len(table))]
    packed = b"".join(_segment(*segment, wide=wide, order=order) for segment in segments)
    head = _head(wide, order, machine, len(segments)).ljust(head_size, b"\0")
    return (head + packed).ljust(section - len(name), b"\0") + name + table + texts


def _head(wide: bool, order: str, machine: int, segments: int) -> bytes:
    ident = b"\x7fELF" + bytes([1 + wide, 1 if order == "<" else 2, 1])
    sizes = (64, 56) if wide else (52, 32)
    fields = (ident, 2, machine, 1, _BASE, sizes[0], 0, 0, *sizes, segments)
    return struct.pack(order + ("16sHHIQQQIHHH" if wide else "16sHHIIIIIHHH"), *fields)


def _segment(kind: int, offset: int, size: int, *, wide: bool, order: str) -> bytes:
    if wide:
        return struct.pack(order + "IIQQQQQQ", kind, 5, offset, _BASE + offset, 0, size, size, 1)
    return struct.pack(order + "IIIIIIII", kind, offset, _BASE + offset, 0, size, size, 5, 1)
