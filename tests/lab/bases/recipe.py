"""What a recipe is: how one base image is assembled from packages, and the key that its inputs give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
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
        files = [Path(source).read_bytes() for source in (*self.sources, archive.__file__)]
        pins = [f"{package}=={version}" for package, version in sorted(self.pins.items())]
        words = [self.image, archive.architecture(), json.dumps(self.config, sort_keys=True), *pins]
        return key_of(files, words, self.parent.key if self.parent else "")

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels that tell the image from the published one, and from another recipe's."""
        return {STAND_IN_LABEL: STAND_IN, KEY_LABEL: self.key}

    def all_tools(self) -> dict[str, str]:
        """Return its own tools and those of the images below it."""
        below = self.parent.all_tools() if self.parent else {}
        return {**below, **self.tools}


def key_of(files: Sequence[bytes], words: Sequence[str], parent: str) -> str:
    """Digest the parts in a form in which no other parts look the same."""
    parts = [[hashlib.sha256(content).hexdigest() for content in files], list(words), parent]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
