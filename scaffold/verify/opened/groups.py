"""Many files told in few findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scaffold.image import File

_MOST_IN_FOLDER = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Some files that a finding can name at once: `place` is the only one, or the folder that they are in."""

    place: str
    count: int

    def __str__(self) -> str:
        """Say how many there are, "" for one."""
        return f", {self.count} entries here" if self.count > 1 else ""


def grouped(files: Iterable[File]) -> Iterator[Group]:
    """Gather files under the uppermost of them, and what is left and in one folder under that folder.

    One finding for a folder says as much as one for each of its ten thousand files.
    """
    tops = _under_tops(sorted(file.path for file in files))
    folders: dict[str, list[str]] = {}
    for path in tops:
        folders.setdefault(path.rpartition("/")[0] or "/", []).append(path)
    for folder, paths in folders.items():
        if len(paths) > _MOST_IN_FOLDER:
            yield Group(folder, sum(tops[path] for path in paths))
        else:
            yield from (Group(path, tops[path]) for path in paths)


def _under_tops(paths: list[str]) -> dict[str, int]:
    tops: dict[str, int] = {}
    for path in paths:
        parts = path.split("/")
        above = ("/".join(parts[:end]) or "/" for end in range(1, len(parts)))
        top = next((folder for folder in above if folder in tops), path)
        tops[top] = tops.get(top, 0) + 1
    return tops
