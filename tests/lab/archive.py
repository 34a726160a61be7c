"""Image archives in the form that `docker save` writes and that docker and podman load alike.

The layout is that of the Docker image specification 1.2: `manifest.json`, the image's configuration under its
digest, and one tar for each layer. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import shutil
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

# 2026-11-01T00:00:00Z. No file in an image is younger, so that assembling it twice gives the same bytes.
EPOCH = 1793491200
_CREATED = "2026-11-01T00:00:00Z"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as an uncompressed tar; `diff_id` is the hexadecimal SHA-256 of its bytes."""

    path: Path
    diff_id: str


def layer(path: Path) -> Layer:
    """Name the tar by its content."""
    with path.open("rb") as stream:
        return Layer(path, hashlib.file_digest(stream, "sha256").hexdigest())


def normalized(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Take from `member` what depends on the machine or the hour: names of owners, youth."""
    member.uname = member.gname = ""
    member.mtime = min(int(member.mtime), EPOCH)
    return member


def write_tree(root: Path, target: Path, keep: Callable[[Path], bool] = lambda _: True) -> None:
    """Write the tree under `root` as a layer; `keep` is asked with each path relative to `root`."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(root.rglob("*")):
            if keep(relative := path.relative_to(root)):
                tar.add(path, str(relative), recursive=False, filter=normalized)


def write_archive(target: Path, image: str, layers: Sequence[Layer], config: Mapping[str, Any]) -> None:
    """Write an image archive; `config` is the image's `Config` object (User, Env, Cmd, Labels, …)."""
    document = json.dumps(_configuration(layers, config), sort_keys=True).encode()
    name = f"{hashlib.sha256(document).hexdigest()}.json"
    members = [f"{one.diff_id}/layer.tar" for one in layers]
    manifest = [{"Config": name, "RepoTags": [qualified(image)], "Layers": members}]
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as tar:
        _add_bytes(tar, "manifest.json", json.dumps(manifest, sort_keys=True).encode())
        _add_bytes(tar, name, document)
        for one, member in zip(layers, members, strict=True):
            _add_file(tar, member, one.path)


def qualified(image: str) -> str:
    """Return a reference with its registry: podman puts a name that has none under localhost/."""
    host, slash, _ = image.partition("/")
    if slash and ("." in host or ":" in host or host == "localhost"):
        return image
    return f"docker.io/{image}" if slash else f"docker.io/library/{image}"


def read_layers(archive: Path, folder: Path) -> list[Layer]:
    """Unpack the layers of an archive that `write_archive` wrote, base first."""
    layers = []
    with tarfile.open(archive) as tar:
        manifest = json.load(_opened(tar, "manifest.json"))
        for member in manifest[0]["Layers"]:
            diff_id = member.removesuffix("/layer.tar")
            path = folder / f"{diff_id}.tar"
            with path.open("wb") as stream:
                shutil.copyfileobj(_opened(tar, member), stream)
            layers.append(Layer(path, diff_id))
    return layers


def architecture() -> str:
    """Return this machine's architecture in the words of the image specification."""
    return _ARCHITECTURES[platform.machine()]


def _configuration(layers: Sequence[Layer], config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "architecture": architecture(),
        "os": "linux",
        "created": _CREATED,
        "config": dict(config),
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{one.diff_id}" for one in layers]},
        "history": [{"created": _CREATED, "created_by": "tests.lab"} for _ in layers],
    }


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = _member(name, len(content))
    tar.addfile(member, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as stream:
        tar.addfile(_member(name, path.stat().st_size), stream)


def _opened(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    stream = tar.extractfile(name)
    assert stream is not None, f"{name} is no file"
    return stream


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mtime = EPOCH
    return member
