"""Writes layers, and images in the docker layout, so that the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

from tests.lab.bases.recipe import KEY_LABEL, STAND_IN_LABEL, Recipe
from tests.lab.shell import call

_CREATED = "2026-01-01T00:00:00Z"


def pack(tree: Path, layer: Path) -> None:
    """Pack a file tree into a layer, sorted and without the times at which it was made."""
    call(
        "tar",
        "--create",
        "--file",
        layer,
        "--sort=name",
        "--mtime=@0",
        "--numeric-owner",
        "--format=gnu",
        "--directory",
        tree,
        ".",
    )


def write_image(recipe: Recipe, layers: Sequence[Path], target: Path) -> None:
    """Write an image that `docker load` and `podman load` read."""
    digests = [_sha256(layer) for layer in layers]
    labels = {STAND_IN_LABEL: "assembled from packages; not the published image", KEY_LABEL: recipe.key}
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "created": _CREATED,
            "config": {**recipe.config, "Labels": labels},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
            "history": [{"created": _CREATED, "created_by": layer.name} for layer in recipe.layers],
        },
        sort_keys=True,
    ).encode()
    config_name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = json.dumps(
        [
            {
                "Config": config_name,
                "RepoTags": [recipe.image],
                "Layers": [f"{digest}/layer.tar" for digest in digests],
            }
        ]
    ).encode()
    with tarfile.open(target, "w") as archive:
        _add(archive, config_name, config)
        for digest, layer in zip(digests, layers, strict=True):
            archive.add(layer, f"{digest}/layer.tar")
        _add(archive, "manifest.json", manifest)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
