"""A saved image, as it was read: its configuration, its layers, and the file system that they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from scaffold.image.configuration import Config
from scaffold.image.errors import ImageError
from scaffold.image.filesystem import FileSystem
from scaffold.image.layer import Layer


@dataclass(frozen=True)
class Image:
    """A whole image. `layers` stand from the bottom, `files` is what a container of it sees."""

    config: Config
    layers: tuple[Layer, ...]
    files: FileSystem

    @property
    def size(self) -> int:
        """The bytes of the layers' tar archives, uncompressed."""
        return sum(layer.size for layer in self.layers)

    @property
    def compressed_size(self) -> int:
        """The bytes of the layers' tar archives under gzip, near what is pulled; see Layer."""
        return sum(layer.compressed_size for layer in self.layers)

    @cached_property
    def file_size(self) -> int:
        """The bytes of the regular files that a container sees; hard links count once."""
        return sum(file.size for file in self.files.inodes())

    def open(self, path: str) -> BinaryIO:
        """Open a regular file for reading, links followed; raises ImageError when `path` leads to none."""
        file = self.files.inode(path)
        if file is None:
            raise ImageError(f"{path} is not a file in the image")
        return self.layers[file.layer].open(file)
