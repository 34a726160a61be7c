"""Reads a saved image, in the docker or the OCI layout, without unpacking anything to disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scaffold.image.configuration import Config, diff_ids, parse_config
from scaffold.image.errors import Malformed, explained
from scaffold.image.filesystem import FileSystem
from scaffold.image.layer import Layer, LayerSource, read_layer
from scaffold.image.layout import find_layout
from scaffold.image.model import Image
from scaffold.image.store import Store, open_store


def read(archive: Path) -> Image:
    """Read a saved image: an archive of `docker save` or `podman save`, or a folder with the same files.

    `archive` has to stay there for as long as contents are read. The image is not trusted: names that lead out of
    it, headers that ask for more than a header needs, and layers of more than a million entries are refused. That
    the layers have the digests that the configuration gives them is not verified. Raises ImageError.
    """
    with explained(archive):
        store = open_store(archive)
        layout = find_layout(store)
        config = parse_config(layout.configuration)
        layers = tuple(_layers(store, layout.layers, diff_ids(layout.configuration), config))
        return Image(config, layers, FileSystem(layers))


def _layers(store: Store, names: tuple[str, ...], ids: tuple[str, ...], config: Config) -> Iterator[Layer]:
    if len(names) != len(ids):
        raise Malformed(f"it has {len(names)} layers, its configuration {len(ids)}")
    instructions = [instruction.created_by for instruction in config.history if not instruction.empty]
    # The history is optional; where it is incomplete, it is a base without one that lies below.
    instructions = [""] * (len(names) - len(instructions)) + instructions[-len(names) :]
    for index, (name, diff_id, created_by) in enumerate(zip(names, ids, instructions, strict=True)):
        yield read_layer(LayerSource(store, name), diff_id, created_by, index)
