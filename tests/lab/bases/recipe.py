"""What a recipe is: how one base image is assembled from packages, and the key that its inputs give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab import archive

STAND_IN_LABEL = "io.github.container-scaffold.stand-in"
STAND_IN = "assembled from packages; not the published image"
KEY_LABEL = "io.github.container-scaffold.stand-in-key"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One base image under the name that a Dockerfile asks for.

    `assemble` gets an empty folder to work in and returns the tars of the layers that go on top of those of
    `parent`. `config` is the image's configuration (User, Env, Cmd, …), `pins` the versions of what it
    downloads, `tools` the programs or files that it needs, each with the Debian package that has it, and
    `sources` the files whose content decides what comes out.
    """

    image: str
    assemble: Callable[[Path], list[Path]]
    config: Mapping[str, Any]
    sources: tuple[str, ...]
    pins: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    parent: Recipe | None = None

    @property
    def name(self) -> str:
        """Return the image's name as one that files can have."""
        return self.image.replace("/", "_").replace(":", "_")

    @property
    def key(self) -> str:
        """Return 16 hexadecimal digits that change with whatever changes the image.

        The packages of a Debian suite are not pinned: they are those of the day on which it was assembled.
        """
        files = [Path(source).read_bytes() for source in (*self.sources, archive.__file__, __file__)]
        words = [self.image, archive.architecture(), repr(sorted(self.pins.items()))]
        return key_of(files, words, self.parent.key if self.parent else "")

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels that tell the image from the published one, and from another recipe's."""
        return {STAND_IN_LABEL: STAND_IN, KEY_LABEL: self.key}

    def all_tools(self) -> dict[str, str]:
        """Return its own tools and those of the images below it."""
        below = self.parent.all_tools() if self.parent else {}
        return {**below, **self.tools}


def key_of(files: list[bytes], words: list[str], parent: str) -> str:
    """Digest each part with its length before it, so that no two lists of parts look the same."""
    digest = hashlib.sha256()
    for part in (*files, *(word.encode() for word in (*words, parent))):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]
