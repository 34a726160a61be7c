"""A saved image, as it was read: its configuration, its layers, and the file system that they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

_MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a layer.

    `path` is absolute and normalised; `kind` is "file", "directory", "symlink", "hardlink", "device" or
    "fifo"; `mode` has the permission bits with setuid, setgid and sticky; `size` is in bytes; `target` is
    where a link leads; `layer` is the index of its layer, the base's first.
    """

    path: str
    kind: str
    mode: int
    uid: int
    gid: int
    size: int
    target: str
    layer: int
    has_capabilities: bool = False


@dataclass(frozen=True)
class Layer:
    """One layer. `size` is that of its tar archive in bytes; `removed` are the paths that it deletes below."""

    digest: str
    size: int
    entries: tuple[Entry, ...]
    removed: tuple[str, ...]
    compress: Callable[[], int]

    @cached_property
    def compressed_size(self) -> int:
        """The bytes of its archive under gzip at level 6, as most clients push it; measured when asked for."""
        return self.compress()


@dataclass(frozen=True, slots=True)
class Config:
    """What the image tells an engine. `healthcheck` has the docker form: `("CMD", "/app", …)`."""

    user: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    working_directory: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[str, ...] = ()
    healthcheck: tuple[str, ...] = ()
    stop_signal: str = ""
    architecture: str = ""
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A whole image. `files` is the final file system.

    `scan(layer, limit)` yields the regular files of a layer, each with at most `limit` first bytes.
    """

    config: Config
    layers: tuple[Layer, ...]
    files: Mapping[str, Entry]
    scan: Callable[[int, int], Iterator[tuple[str, bytes]]]

    @property
    def size(self) -> int:
        """The bytes of all layers, unpacked."""
        return sum(layer.size for layer in self.layers)

    @property
    def compressed_size(self) -> int:
        """The bytes of all layers as a registry has them, that is what is pulled."""
        return sum(layer.compressed_size for layer in self.layers)

    def content(self, entry: Entry, limit: int) -> bytes:
        """Return the first bytes of a regular file."""
        return next((data for path, data in self.scan(entry.layer, limit) if path == entry.path), b"")

    def resolve(self, path: str) -> Entry | None:
        """Follow links from `path` to the entry that is meant; None when it leads nowhere."""
        for _ in range(_MOST_LINKS):
            step = self._first_link(path)
            if step is None:
                return self.files.get(path)
            path = step
        return None

    def _first_link(self, path: str) -> str | None:
        """Replace the first symbolic link on the way to `path`; None when there is none."""
        parts = PurePosixPath(path).parts
        for end in range(2, len(parts) + 1):
            here = str(PurePosixPath(*parts[:end]))
            entry = self.files.get(here)
            if entry is not None and entry.kind == "symlink":
                return normalised(str(PurePosixPath(here).parent / entry.target), *parts[end:])
        return None


def normalised(*parts: str) -> str:
    """Return an absolute path without `.` and `..`; `..` at the root stays there, as the kernel has it."""
    kept: list[str] = []
    for part in PurePosixPath("/", *parts).parts[1:]:
        if part == "..":
            kept[-1:] = []
        elif part != ".":
            kept.append(part)
    return "/" + "/".join(kept)
