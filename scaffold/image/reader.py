"""Reads a saved image, in the docker or the OCI layout, without unpacking anything to disk."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from scaffold.errors import InputError
from scaffold.image.model import Config, Entry, Image, Layer, normalised

_CHUNK = 1 << 20
_GZIP = 31
_LEVEL = 6
_MOST_ENTRIES = 1_000_000
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_CAPABILITY = "SCHILY.xattr.security.capability"
_KINDS = {
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "hardlink",
    tarfile.CHRTYPE: "device",
    tarfile.BLKTYPE: "device",
    tarfile.FIFOTYPE: "fifo",
}


class ImageError(InputError):
    """A file that is not a saved image, or a broken one."""

    kind = "bad-image"


def read(archive: Path) -> Image:
    """Read what `docker save` or `podman save` wrote; raises ImageError when it is something else."""
    try:
        with tarfile.open(archive) as outer:
            config, names = _parts(outer)
            layers = tuple(_layer(archive, outer, name, index) for index, name in enumerate(names))
    except (tarfile.TarError, OSError, EOFError, zlib.error, LookupError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ImageError(f"{archive} is not a saved image: {reason}") from error
    return Image(config, layers, _merged(layers), _Scanner(archive, tuple(names)))


@dataclass(frozen=True, slots=True)
class _Scanner:
    archive: Path
    layers: tuple[str, ...]

    def __call__(self, layer: int, limit: int) -> Iterator[tuple[str, bytes]]:
        with (
            tarfile.open(self.archive) as outer,
            _opened(outer, self.layers[layer]) as stream,
            tarfile.open(fileobj=stream, mode="r|") as inner,
        ):
            for member in inner:
                file = inner.extractfile(member) if member.isreg() else None
                if file is not None:
                    yield normalised(member.name), file.read(limit)


def _parts(outer: tarfile.TarFile) -> tuple[Config, list[str]]:
    """Return the configuration and the names of the layers' members, from the bottom."""
    names = set(outer.getnames())
    if "manifest.json" in names:
        manifest = _json(outer, "manifest.json")[0]
        return _config(_json(outer, manifest["Config"])), list(manifest["Layers"])
    if "index.json" in names:
        manifest = _oci_manifest(outer, _json(outer, "index.json"))
        return _config(_json(outer, _blob(manifest["config"]))), [_blob(layer) for layer in manifest["layers"]]
    raise ValueError("it has neither manifest.json nor index.json")


def _oci_manifest(outer: tarfile.TarFile, index: Mapping[str, Any]) -> dict[str, Any]:
    """Follow indexes to the first manifest of an image; attestations say that their platform is unknown."""
    for descriptor in index["manifests"]:
        if (descriptor.get("platform") or {}).get("os") == "unknown":
            continue
        document: dict[str, Any] = _json(outer, _blob(descriptor))
        return _oci_manifest(outer, document) if "manifests" in document else document
    raise ValueError("its index names no image")


def _blob(descriptor: Mapping[str, Any]) -> str:
    return "blobs/" + str(descriptor["digest"]).replace(":", "/")


def _json(outer: tarfile.TarFile, name: str) -> Any:
    member = outer.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is not a file")
    return json.load(member)


def _config(document: Mapping[str, Any]) -> Config:
    config = document.get("config") or {}
    pairs = (pair.partition("=") for pair in config.get("Env") or ())
    history = document.get("history") or ()
    return Config(
        user=config.get("User") or "",
        environment={name: value for name, _, value in pairs},
        entrypoint=tuple(config.get("Entrypoint") or ()),
        command=tuple(config.get("Cmd") or ()),
        working_directory=config.get("WorkingDir") or "",
        labels=dict(config.get("Labels") or {}),
        ports=tuple(config.get("ExposedPorts") or ()),
        healthcheck=tuple((config.get("Healthcheck") or {}).get("Test") or ()),
        stop_signal=config.get("StopSignal") or "",
        architecture=document.get("architecture") or "",
        history=tuple(str(entry.get("created_by") or "") for entry in history),
    )


def _layer(archive: Path, outer: tarfile.TarFile, name: str, index: int) -> Layer:
    entries: list[Entry] = []
    removed: list[str] = []
    with _opened(outer, name) as stream:
        counted = _Counted(stream)
        for member in _members(counted):
            if len(entries) > _MOST_ENTRIES:
                raise ValueError(f"a layer has more than {_MOST_ENTRIES} entries")
            path = normalised(member.name)
            folder, _, base = path.rpartition("/")
            if base == _OPAQUE:
                removed.append(f"{folder}/")
            elif base.startswith(_WHITEOUT):
                removed.append(f"{folder}/{base.removeprefix(_WHITEOUT)}")
            else:
                entries.append(_entry(member, path, index))
        while counted.read(_CHUNK):
            """The padding after the last entry is a part of the layer too."""
    return Layer(name, counted.count, tuple(entries), tuple(removed), partial(_compressed, archive, name))


def _compressed(archive: Path, name: str) -> int:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    size = 0
    with tarfile.open(archive) as outer, _opened(outer, name) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(packer.compress(chunk))
    return size + len(packer.flush())


def _members(stream: IO[bytes]) -> Iterator[tarfile.TarInfo]:
    with tarfile.open(fileobj=stream, mode="r|") as layer:
        yield from layer


def _entry(member: tarfile.TarInfo, path: str, layer: int) -> Entry:
    kind = _KINDS.get(member.type, "file")
    return Entry(
        path=path,
        kind=kind,
        mode=member.mode,
        uid=member.uid,
        gid=member.gid,
        size=member.size if kind == "file" else 0,
        target=normalised(member.linkname) if kind == "hardlink" else member.linkname,
        layer=layer,
        has_capabilities=_CAPABILITY in member.pax_headers,
    )


@contextmanager
def _opened(outer: tarfile.TarFile, name: str) -> Iterator[IO[bytes]]:
    member = outer.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is not a file")
    start = member.read(4)
    member.seek(0)
    if start.startswith(b"\x28\xb5\x2f\xfd"):
        raise ValueError("its layers are compressed with zstd; save it with `docker save`")
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(member) as plain:
            yield cast("IO[bytes]", plain)
    else:
        yield member


class _Counted(io.BytesIO):
    """A stream that counts what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self.count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._stream.read(-1 if size is None else size)
        self.count += len(data)
        return data


def _merged(layers: tuple[Layer, ...]) -> dict[str, Entry]:
    """Lay the layers over each other, whiteouts first: they speak of the layers below."""
    files: dict[str, Entry] = {}
    for layer in layers:
        for gone in layer.removed:
            _remove(files, gone)
        for entry in layer.entries:
            if entry.kind != "directory" and entry.path in files:
                _remove(files, entry.path)
            files[entry.path] = entry
    return files


def _remove(files: dict[str, Entry], gone: str) -> None:
    """Remove a path with all below it; with a `/` at its end only what is below."""
    below = gone.rstrip("/") + "/"
    for path in [path for path in files if path == gone or path.startswith(below)]:
        del files[path]
