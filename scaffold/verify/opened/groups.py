"""Many files told in few findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scaffold.image import File

_MOST_IN_FOLDER = 3
_MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Some files that a finding can name at once: `place` is the only one, or the folder that they are in."""

    place: str
    count: int

    def __str__(self) -> str:
        """Say how many there are, "" for one."""
        return f", {self.count} entries here" if self.count > 1 else ""


def grouped(files: Iterable[File]) -> list[Group]:
    """Gather files under the uppermost of them, and what is left and in one folder under that folder.

    Where that still gives too many, folders further up stand for them: one finding for a folder says as much as
    one for each of its ten thousand files.
    """
    places = _by_folder(_by_top(sorted(file.path for file in files)))
    depth = max((place.count("/") for place in places), default=0)
    while len(places) > _MOST_GROUPS and depth > 1:
        depth -= 1
        places = _summed((("/".join(place.split("/")[: depth + 1]), count) for place, count in places.items()))
    return [Group(place, count) for place, count in places.items()]


def _by_top(paths: list[str]) -> dict[str, int]:
    """Count paths for the uppermost of them that each is below."""
    tops: dict[str, int] = {}
    for path in paths:
        parts = path.split("/")
        above = ("/".join(parts[:end]) or "/" for end in range(1, len(parts)))
        top = next((folder for folder in above if folder in tops), path)
        tops[top] = tops.get(top, 0) + 1
    return tops


def _by_folder(counts: dict[str, int]) -> dict[str, int]:
    """Count more than a few paths of one folder for the folder."""
    folders: dict[str, list[str]] = {}
    for path in counts:
        folders.setdefault(path.rpartition("/")[0] or "/", []).append(path)
    return _summed(
        (folder if len(paths) > _MOST_IN_FOLDER else path, counts[path])
        for folder, paths in folders.items()
        for path in paths
    )


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for place, count in counts:
        sums[place] = sums.get(place, 0) + count
    return sums
