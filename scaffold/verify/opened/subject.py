"""What the checks of an opened image work on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scaffold.bases import Base
from scaffold.catalog.blueprint import Budget
from scaffold.image import File, FileSystem, Image, Kind

_PROGRAM = re.compile(r"/s?bin/[^/]+$")
_SHELLS = {"sh", "ash", "bash", "dash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "busybox", "toybox"}
_MOST_TEXT_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class User:
    """Who the image runs as: numbers, with those of the groups that /etc/group adds."""

    uid: int
    gids: frozenset[int]

    def may(self, file: File, bit: int) -> bool:
        """Tell whether the mode of `file` gives this user `bit`: 4 is read, 2 write, 1 execute or search."""
        if file.uid == self.uid:
            return bool(file.mode >> 6 & bit)
        if file.gid in self.gids:
            return bool(file.mode >> 3 & bit)
        return bool(file.mode & bit)


@dataclass(frozen=True)
class ImageSubject:
    """One image under test.

    `base_layers` is how many of its lowest layers the published base brought along; `base` is None where it is
    none of those whose traits are known, `budget` where none is set.
    """

    image: Image
    base: Base | None = None
    base_layers: int = 0
    budget: Budget | None = None

    @property
    def added(self) -> int:
        """The bytes of the layers on top of the base, unpacked."""
        return sum(layer.size for layer in self.image.layers[self.base_layers :])

    @property
    def added_compressed(self) -> int:
        """The bytes of the layers on top of the base, compressed."""
        return sum(layer.compressed_size for layer in self.image.layers[self.base_layers :])

    @cached_property
    def base_files(self) -> FileSystem:
        """The file system of the base alone."""
        return FileSystem(self.image.layers[: self.base_layers])

    @cached_property
    def own_files(self) -> tuple[File, ...]:
        """What the layers on top of the base brought to the final file system, also in place of the base's."""
        return tuple(file for file in self.image.files.values() if file.layer >= self.base_layers)

    @cached_property
    def user(self) -> User | None:
        """The user of the configuration, looked up in the image; None for a name that it does not know."""
        name, _, group = self.image.config.user.partition(":")
        entry = self._entry("/etc/passwd", name or "0")
        if entry is None and not (name or "0").isdigit():
            return None
        uid = int(entry[2] if entry else name or "0")
        gid = self._group(group or (entry[3] if entry else "0"))
        return None if gid is None else User(uid, frozenset({gid, *self._memberships(entry[0] if entry else "")}))

    def passwd_entry(self, uid: int) -> list[str] | None:
        """Return the fields of the user's line in /etc/passwd, or None."""
        return self._entry("/etc/passwd", str(uid))

    def text(self, path: str) -> str:
        """Return the start of a text file, or "" when there is none."""
        if self.image.files.inode(path) is None:
            return ""
        with self.image.open(path) as stream:
            return stream.read(_MOST_TEXT_BYTES).decode(errors="replace")

    def programs(self) -> Iterator[File]:
        """Yield what lies in folders named bin or sbin."""
        for file in self.image.files.values():
            if file.kind is not Kind.DIRECTORY and _PROGRAM.search(file.path):
                yield file

    def shells(self) -> list[str]:
        """Name the shells of the image."""
        return [file.path for file in self.programs() if file.name in _SHELLS]

    def _entry(self, table: str, name: str) -> list[str] | None:
        """Find a line of a table such as /etc/passwd by its first or third field, in which numbers stand."""
        rows = [line.split(":") for line in self.text(table).splitlines()]
        field = 2 if name.isdigit() else 0
        return next((row for row in rows if len(row) > 3 and row[field] == name and row[2].isdigit()), None)

    def _group(self, name: str) -> int | None:
        if name.isdigit():
            return int(name)
        entry = self._entry("/etc/group", name)
        return int(entry[2]) if entry else None

    def _memberships(self, name: str) -> Iterator[int]:
        for line in self.text("/etc/group").splitlines():
            row = line.split(":")
            if name and len(row) > 3 and row[2].isdigit() and name in row[3].split(","):
                yield int(row[2])
