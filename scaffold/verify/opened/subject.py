"""What the open checks work on, and what can be measured on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.bases import Base
from scaffold.catalog.blueprint import Budget
from scaffold.image import Entry, Image

_SHELLS = {"sh", "ash", "bash", "dash", "zsh", "ksh", "busybox", "fish"}
_PROGRAM_FOLDERS = tuple(f"{top}{kind}/" for top in ("/", "/usr/", "/usr/local/") for kind in ("bin", "sbin"))


@dataclass(frozen=True, slots=True)
class ImageSubject:
    """One image under test. `base_layers` is how many of its first layers the published base brought along."""

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

    def own_files(self) -> Iterator[Entry]:
        """Yield the entries of the final file system that are not the base's."""
        return (entry for entry in self.image.files.values() if entry.layer >= self.base_layers)

    def programs(self) -> Iterator[Entry]:
        """Yield what lies where a shell looks for programs."""
        for entry in self.image.files.values():
            if entry.kind != "directory" and entry.path.startswith(_PROGRAM_FOLDERS):
                yield entry

    def shells(self) -> list[str]:
        """Name the shells in the image."""
        return sorted(entry.path for entry in self.programs() if entry.path.rpartition("/")[2] in _SHELLS)

    def wasted(self) -> Mapping[str, int]:
        """Return the bytes of each path that a later layer hides again: they are pulled and never seen."""
        wasted: dict[str, int] = defaultdict(int)
        seen: dict[str, int] = {}
        for layer in self.image.layers:
            for gone in layer.removed:
                below = gone.rstrip("/") + "/"
                for path in [path for path in seen if path == gone or path.startswith(below)]:
                    wasted[path] += seen.pop(path)
            for entry in layer.entries:
                if entry.kind == "file":
                    wasted[entry.path] += seen.get(entry.path, 0)
                    seen[entry.path] = entry.size
        return {path: size for path, size in wasted.items() if size}


def image_facts(subject: ImageSubject) -> dict[str, int | float | str | bool]:
    """Measure: sizes in bytes, unpacked and as gzip at level 6 makes them."""
    image = subject.image
    return {
        "size_bytes": image.size,
        "compressed_bytes": image.compressed_size,
        "added_bytes": subject.added,
        "added_compressed_bytes": subject.added_compressed,
        "layers": len(image.layers),
        "user": image.config.user or "root",
        "shell": bool(subject.shells()),
        "wasted_bytes": sum(subject.wasted().values()),
    }
