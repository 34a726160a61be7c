"""One layer of an image: its entries, its sizes, and the contents of its files."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import BinaryIO

from scaffold.image.errors import Malformed, explained
from scaffold.image.store import Store
from scaffold.image.streams import MOST_BYTES, HeaderStream, Window, unpacked

_CHUNK = 1024**2
_BLOCK = 512
_MOST_ENTRIES = 1_000_000
_LONGEST_PATH = 4096
_WHITEOUT = ".wh."
# Names that only the storage driver of AUFS gave a meaning to begin like this, opaque folders aside.
_DRIVER_WHITEOUT = ".wh..wh."
_OPAQUE = ".wh..wh..opq"
_CAPABILITY = "SCHILY.xattr.security.capability"


class Kind(StrEnum):
    """What an entry is."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"
    HARDLINK = "hardlink"
    DEVICE = "device"
    FIFO = "fifo"


_KINDS = {
    **dict.fromkeys((tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE), Kind.FILE),
    tarfile.DIRTYPE: Kind.DIRECTORY,
    tarfile.SYMTYPE: Kind.SYMLINK,
    tarfile.LNKTYPE: Kind.HARDLINK,
    tarfile.CHRTYPE: Kind.DEVICE,
    tarfile.BLKTYPE: Kind.DEVICE,
    tarfile.FIFOTYPE: Kind.FIFO,
}


@dataclass(frozen=True, slots=True)
class File:
    """One entry of a layer.

    `path` is absolute and has no `.` or `..`; `mode` are the permission bits with setuid, setgid and sticky;
    `size` is in bytes and 0 for all but regular files; `target` is where a link leads, for a hard link as an
    absolute path; `layer` is the index of its layer, the lowest 0; `offset` is where its content starts in the
    layer's archive; `capabilities` says that it carries file capabilities (capabilities(7)).
    """

    path: str
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    target: str
    layer: int
    offset: int = field(repr=False)
    capabilities: bool = False

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The path of its folder; that of the root is the root."""
        return self.path.rpartition("/")[0] or "/"


@dataclass(frozen=True, slots=True)
class LayerSource:
    """Where a layer's archive lies."""

    store: Store
    name: str

    def open(self) -> Window:
        """Open the archive, without the compression that it may have."""
        return unpacked(self.store.open(self.name), self.store.path)


@dataclass(frozen=True)
class Layer:
    """One layer.

    `diff_id` is the digest that the configuration gives it; `created_by` the instruction that made it; `size` the
    length in bytes of its tar archive. `whiteouts` are the paths that it removes from the layers below, `opaque`
    the folders of which it hides all that the layers below have in them.
    """

    diff_id: str
    created_by: str
    size: int
    entries: tuple[File, ...]
    whiteouts: tuple[str, ...]
    opaque: tuple[str, ...]
    source: LayerSource = field(compare=False, repr=False)

    @cached_property
    def compressed_size(self) -> int:
        """The length in bytes of its archive under gzip at level 6, measured.

        That is near what registries hold: the level is zlib's default, which podman takes; docker's own, level -1
        of Go's compress/gzip, is the same 6 in another implementation, and BuildKit's default likewise.
        """
        packer = zlib.compressobj(6, zlib.DEFLATED, wbits=31)
        size = 0
        with self.source.open() as stream:
            while chunk := stream.read(_CHUNK):
                size += len(packer.compress(chunk))
        return size + len(packer.flush())

    def open(self, file: File) -> BinaryIO:
        """Open the content of one of its regular files."""
        archive = io.BufferedReader(self.source.open())
        path = self.source.store.path
        return io.BufferedReader(Window(archive, path, file.offset, file.size, owns=(archive,)))

    def contents(self) -> Iterator[tuple[File, BinaryIO]]:
        """Yield its regular files in the order of the archive, each open until the next one is asked for."""
        with io.BufferedReader(self.source.open()) as archive:
            for file in self.entries:
                if file.kind is Kind.FILE:
                    window = Window(archive, self.source.store.path, file.offset, file.size)
                    yield file, io.BufferedReader(window)


def read_layer(source: LayerSource, diff_id: str, created_by: str, index: int) -> Layer:
    """Read one layer; its contents stay where they are."""
    entries: list[File] = []
    whiteouts: list[str] = []
    opaque: list[str] = []
    with explained(source.store.path), HeaderStream(source.open()) as stream:
        for member in _members(stream):
            file = _file(member, index)
            if file.name == _OPAQUE:
                opaque.append(file.parent)
            elif file.name.startswith(_WHITEOUT):
                _add_whiteout(whiteouts, file)
            else:
                entries.append(file)
            if len(entries) + len(whiteouts) > _MOST_ENTRIES:
                raise Malformed(f"a layer has more than {_MOST_ENTRIES} entries")
        size = _length(stream)
    return Layer(diff_id, created_by, size, tuple(entries), tuple(whiteouts), tuple(opaque), source)


def _add_whiteout(whiteouts: list[str], file: File) -> None:
    if not file.name.startswith(_DRIVER_WHITEOUT):
        whiteouts.append(f"{file.parent.rstrip('/')}/{file.name.removeprefix(_WHITEOUT)}")


def _members(stream: HeaderStream) -> Iterator[tarfile.TarInfo]:
    """Yield the members of a layer's archive.

    An empty archive is a layer too. tarfile takes a broken header for the end of the archive, which would hide
    what comes after it, so the end is looked at.
    """
    if not stream.peek(1):
        return
    with tarfile.open(fileobj=stream, mode="r:", errors="backslashreplace") as archive:
        for member in archive:
            if not 0 <= member.size <= MOST_BYTES or member.issparse():
                raise Malformed(f"{member.name!r} is not a member as an engine writes one")
            yield member
        stream.seek(archive.offset)
        if any(stream.read(_BLOCK)):
            raise Malformed(f"a layer has a broken header at byte {archive.offset}")


def _length(stream: HeaderStream) -> int:
    """Read to the end: a compressed layer tells its length only there."""
    while stream.read(_CHUNK):
        pass
    return stream.tell()


def _file(member: tarfile.TarInfo, layer: int) -> File:
    kind = _KINDS.get(member.type)
    if kind is None:
        raise Malformed(f"{member.name!r} is of the unknown type {member.type!r}")
    return File(
        path=_inside(member.name),
        kind=kind,
        mode=member.mode & 0o7777,
        uid=member.uid,
        gid=member.gid,
        size=member.size if kind is Kind.FILE else 0,
        target=_inside(member.linkname) if kind is Kind.HARDLINK else member.linkname,
        layer=layer,
        offset=member.offset_data,
        capabilities=_CAPABILITY in member.pax_headers,
    )


def _inside(name: str) -> str:
    """Return the absolute path that `name` means; raises Malformed for one that leads out of the image."""
    if len(name) > _LONGEST_PATH or "\0" in name:
        raise Malformed(f"{name[:40]!r}… is not a path that a file can have")
    kept: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if not kept:
                raise Malformed(f"{name!r} leads out of the image")
            kept.pop()
        elif part not in {"", "."}:
            kept.append(part)
    return "/" + "/".join(kept)
