"""Takes back the marks that git leaves on a user's objects.

What git would write and finds there already, it marks as used: it gives the file, or the pack that it is in,
the current time, also in an alternate (`freshen_file` in git's object-file.c). That saves an object from
`git gc`; who writes nothing that refers to it needs no mark, and promises to touch nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class Marks:
    """The times of the objects of a repository, as they are when this is made."""

    def __init__(self, objects: Path) -> None:
        self._times = {entry.path: entry.stat().st_mtime_ns for entry in _files(objects)}

    def take_back(self) -> None:
        """Give each of them its time again."""
        for path, time in self._times.items():
            with suppress(OSError):
                found = os.stat(path)  # noqa: PTH116 - a repository can have thousands
                if found.st_mtime_ns != time:
                    os.utime(path, ns=(found.st_atime_ns, time))


def _files(objects: Path) -> Iterator[os.DirEntry[str]]:
    # Loose ones are in folders by the first two digits of their name.
    with os.scandir(objects) as folders:
        names = [folder.path for folder in folders if len(folder.name) == 2 or folder.name == "pack"]
    for name in names:
        with os.scandir(name) as files:
            yield from files
