"""What an image carries that nobody can see: files that a later layer deletes or writes again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scaffold.image import File, FileSystem, Kind, Layer
from scaffold.verify.opened.subject import ImageSubject


def hidden_files(subject: ImageSubject) -> list[File]:
    """Return the files that are pulled and not seen, because of a layer on top of the base; the largest first.

    What the layers of the base hide of each other is not the image's doing. A hard link keeps its content.
    """
    own = {
        file
        for layer in subject.image.layers[subject.base_layers :]
        for file in layer.entries
        if file.kind is Kind.FILE
    }
    hidden = (own | subject.base_files.inodes()) - subject.image.files.inodes()
    return sorted((file for file in hidden if file.size), key=lambda file: (-file.size, file.path))


@dataclass(frozen=True, slots=True)
class Efficiency:
    """What dive reports: a score from 0 to 1, and the bytes of all copies of what occurs more than once."""

    score: float
    wasted: int


def efficiency(layers: Iterable[Layer]) -> Efficiency:
    """Compute the score as dive does (wagoodman/dive, dive/filetree/efficiency.go).

    A path counts once for each layer in which it is a leaf, with its size there, a deletion with that of the
    folder that it deletes, or 0 for a file. The score is the sum of the least sizes by the sum of all. So a
    deleted folder costs nothing, and of a file that is written again both copies count as wasted; what
    `hidden_files` gives is exact.
    """
    sizes: dict[str, list[int]] = defaultdict(list)
    below = FileSystem()
    for layer in layers:
        for path, size in _leaves(layer, below):
            sizes[path].append(size)
        # dive takes no account of opaque folders.
        below.add(replace(layer, opaque=()))
    total = sum(sum(copies) for copies in sizes.values())
    least = sum(min(copies) for copies in sizes.values())
    wasted = sum(sum(copies) for copies in sizes.values() if len(copies) > 1)
    return Efficiency(least / total if total else 1.0, wasted)


def _leaves(layer: Layer, below: FileSystem) -> Iterator[tuple[str, int]]:
    entries = {file.path: file.size for file in layer.entries}
    parents = {file.parent for file in layer.entries} | {path.rpartition("/")[0] for path in layer.whiteouts}
    yield from ((path, size) for path, size in entries.items() if path not in parents and path != "/")
    for path in layer.whiteouts:
        yield path, sum(file.size for file in below.below(path)) if below.has_folder(path) else 0
