"""What can be measured on an opened image."""

from __future__ import annotations

from scaffold.verify.opened.subject import ImageSubject
from scaffold.verify.opened.waste import efficiency, hidden_files

_LARGEST = 5


def image_facts(subject: ImageSubject) -> dict[str, int | float | str | bool]:
    """Measure the image, in bytes.

    Sizes are those of the layers' archives, `compressed` under gzip at level 6, `added` above the base's layers,
    `file_bytes` of the files that a container sees. `wasted_bytes` are pulled and hidden by a layer on top of the
    base; `efficiency` is dive's score.
    """
    image = subject.image
    largest = sorted(image.files.values(), key=lambda file: -file.size)[:_LARGEST]
    return {
        "size_bytes": image.size,
        "compressed_bytes": image.compressed_size,
        "added_bytes": subject.added,
        "added_compressed_bytes": subject.added_compressed,
        "file_bytes": image.file_size,
        "layers": len(image.layers),
        "user": image.config.user or "root",
        "shell": bool(subject.shells()),
        "wasted_bytes": sum(file.size for file in hidden_files(subject)),
        "efficiency": round(efficiency(image.layers).score, 6),
        "largest_files": ", ".join(f"{file.path} {file.size}" for file in largest),
    }
