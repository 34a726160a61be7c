"""Writes saved images by hand, for what engines do not write: odd members, broken parts, hostile names."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Member:
    """One member of an archive; a name that ends with a slash is a folder, one with a target a symbolic link."""

    name: str
    content: bytes = b""
    mode: int = 0o644
    target: str = ""
    kind: bytes = b""
    uid: int = 0
    gid: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def info(self) -> tarfile.TarInfo:
        info = tarfile.TarInfo(self.name)
        ends = tarfile.DIRTYPE if self.name.endswith("/") else tarfile.SYMTYPE if self.target else tarfile.REGTYPE
        info.type = self.kind or ends
        info.mode, info.size, info.linkname = self.mode, len(self.content), self.target
        info.uid, info.gid, info.pax_headers = self.uid, self.gid, dict(self.headers)
        return info


def hardlink(name: str, target: str) -> Member:
    return Member(name, target=target, kind=tarfile.LNKTYPE)


def tar(*members: Member, form: int = tarfile.PAX_FORMAT) -> bytes:
    """Write an archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for member in members:
            archive.addfile(member.info(), io.BytesIO(member.content))
    return buffer.getvalue()


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def blob(content: bytes) -> str:
    return "blobs/" + digest(content).replace(":", "/")


def configuration(layers: Sequence[bytes], **config: Any) -> dict[str, Any]:
    """Make the configuration of an image of these uncompressed layers."""
    return {
        "architecture": "amd64",
        "os": "linux",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]},
        "history": [
            {"created_by": "ARG nothing", "empty_layer": True},
            *({"created_by": f"COPY {number} /"} for number in range(len(layers))),
        ],
    }


Parts = dict[str, bytes]


def docker_parts(layers: Sequence[bytes], **config: Any) -> Parts:
    """Make the parts of an image as docker up to 24 saves it."""
    parts = {f"{number}/layer.tar": layer for number, layer in enumerate(layers)}
    manifest = [{"Config": "config.json", "RepoTags": ["hello:latest"], "Layers": list(parts)}]
    parts["config.json"] = json.dumps(configuration(layers, **config)).encode()
    return parts | {"manifest.json": json.dumps(manifest).encode()}


def oci_parts(layers: Sequence[bytes], *, packed: Sequence[bytes] = (), **config: Any) -> Parts:
    """Make the parts of an image in the OCI layout, its layers compressed with gzip or as given in `packed`."""
    stored = [configured(layers, **config), *(packed or [gzip.compress(layer) for layer in layers])]
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "config": {"digest": digest(stored[0])},
            "layers": [descriptor(it) for it in stored[1:]],
        }
    ).encode()
    index = {"schemaVersion": 2, "manifests": [descriptor(manifest)]}
    layout = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index).encode()}
    return {blob(content): content for content in (*stored, manifest)} | layout


def configured(layers: Sequence[bytes], **config: Any) -> bytes:
    return json.dumps(configuration(layers, **config)).encode()


def descriptor(content: bytes, **more: Any) -> dict[str, Any]:
    return {"digest": digest(content), "size": len(content), **more}


def write(path: Path, parts: Parts) -> Path:
    """Write an archive of these parts."""
    path.write_bytes(tar(*(Member(name, content) for name, content in parts.items())))
    return path


def write_folder(path: Path, parts: Parts) -> Path:
    """Write a folder of these parts."""
    for name, content in parts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def saved(path: Path, *layers: bytes, **config: Any) -> Path:
    """Save an image in docker's layout."""
    return write(path / "image.tar", docker_parts(layers, **config))
