"""Where the parts of a saved image lie: in a tar archive, or in a folder."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from scaffold.image.errors import Malformed
from scaffold.image.streams import HeaderStream, Window

# Docker 20 writes four for each of at most 127 layers.
_MOST_PARTS = 10_000
_MOST_LINKS = 10


class Store(Protocol):
    """The named parts of a saved image, each a stream."""

    @property
    def path(self) -> Path:
        """Where it is."""

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""

    def open(self, name: str) -> BinaryIO:
        """Open a part; raises Malformed when there is none."""


def open_store(path: Path) -> Store:
    """Open a saved image; nothing of it is unpacked."""
    return FolderStore(path.resolve()) if path.is_dir() else ArchiveStore(path, _parts(path))


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder, as `podman save --format oci-dir` writes it or as an archive was unpacked."""

    path: Path

    def has(self, name: str) -> bool:
        """Tell whether there is such a file, inside the folder."""
        file = (self.path / name).resolve()
        return file.is_relative_to(self.path) and file.is_file()

    def open(self, name: str) -> BinaryIO:
        """Open the file."""
        if not self.has(name):
            raise Malformed(f"it has no part {name}")
        return (self.path / name).open("rb")


@dataclass(frozen=True, slots=True)
class ArchiveStore:
    """An uncompressed tar archive. `parts` maps a name to where its content starts and how long it is."""

    path: Path
    parts: Mapping[str, tuple[int, int]]

    def has(self, name: str) -> bool:
        """Tell whether the archive has such a member."""
        return name in self.parts

    def open(self, name: str) -> BinaryIO:
        """Open the member where it lies in the archive."""
        if name not in self.parts:
            raise Malformed(f"it has no part {name}")
        start, size = self.parts[name]
        file = self.path.open("rb")
        return io.BufferedReader(Window(file, self.path, start, size, owns=(file,)))


def _parts(path: Path) -> dict[str, tuple[int, int]]:
    """Find the members of an archive.

    One may be a link: docker 20 to a layer that occurs twice, podman from the names that older clients expect.
    """
    parts: dict[str, tuple[int, int]] = {}
    links: dict[str, str] = {}
    with path.open("rb") as file, tarfile.open(fileobj=HeaderStream(file.raw), mode="r:") as archive:
        for count, member in enumerate(archive):
            if count >= _MOST_PARTS:
                raise Malformed(f"it has more than {_MOST_PARTS} parts")
            name = str(PurePosixPath(member.name))
            if member.isreg():
                parts[name] = (member.offset_data, member.size)
            elif member.issym():
                links[name] = _joined(PurePosixPath(name).parent, member.linkname)
    for name in links:
        if (target := _followed(name, links)) in parts:
            parts[name] = parts[target]
    return parts


def _joined(folder: PurePosixPath, target: str) -> str:
    kept: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            kept[-1:] = []
        else:
            kept.append(part)
    return "/".join(kept)


def _followed(name: str, links: Mapping[str, str]) -> str:
    for _ in range(_MOST_LINKS):
        name = links.get(name, name)
    return name
