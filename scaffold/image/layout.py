"""Finds the configuration and the layers of a saved image, in the docker or the OCI layout.

Docker's is described in the Image Specification v1.2 of moby; the OCI layout in the image-spec of opencontainers.
Docker 25 and later write both into one archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scaffold.image.errors import Malformed
from scaffold.image.store import Store

# Registries refuse manifests above 4 MiB; a configuration with a long history stays far below this.
_MOST_DOCUMENT_BYTES = 16 * 1024**2
_DEEPEST_INDEX = 4
_DIGEST = re.compile(r"[a-z0-9]+:[a-f0-9]{32,128}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The configuration as it stands in the archive, and the names of the layers' parts, from the bottom."""

    configuration: Mapping[str, Any]
    layers: tuple[str, ...]


def find_layout(store: Store) -> Layout:
    """Find the one image of `store`; raises Malformed when there is none, or more than one."""
    if store.has("manifest.json"):
        return _docker(store)
    if store.has("index.json"):
        return _oci(store)
    raise Malformed("it has neither manifest.json nor index.json")


def document(value: Any, what: str) -> Mapping[str, Any]:
    """Return `value` as a JSON object, an absent one as empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"{what} is not a JSON object")
    return value


def documents(value: Any, what: str) -> list[Mapping[str, Any]]:
    """Return `value` as a list of JSON objects."""
    if not isinstance(value, list):
        raise Malformed(f"{what} is not a list")
    return [document(item, f"a part of {what}") for item in value]


def texts(value: Any, what: str) -> tuple[str, ...]:
    """Return `value` as a list of strings, an absent one as empty."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Malformed(f"{what} is not a list of strings")
    return tuple(value)


def text(value: Any, what: str) -> str:
    """Return `value` as a string, an absent one as empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{what} is not a string")
    return value


def _docker(store: Store) -> Layout:
    manifests = documents(_load(store, "manifest.json"), "manifest.json")
    images = {(text(one.get("Config"), "Config"), texts(one.get("Layers"), "Layers")) for one in manifests}
    if len(images) != 1:
        raise Malformed(f"it holds {len(images)} images")
    configuration, layers = images.pop()
    return Layout(document(_load(store, configuration), configuration), layers)


def _oci(store: Store) -> Layout:
    digests = dict.fromkeys(_manifests(store, "index.json", _DEEPEST_INDEX))
    if len(digests) != 1:
        raise Malformed(f"it holds {len(digests)} images")
    manifest = document(_load(store, _blob(*digests)), "its manifest")
    configuration = _blob(_digest(document(manifest.get("config"), "config")))
    layers = documents(manifest.get("layers"), "layers")
    return Layout(
        document(_load(store, configuration), configuration), tuple(_blob(_digest(layer)) for layer in layers)
    )


def _manifests(store: Store, index: str, depth: int) -> Iterator[str]:
    """Yield the digests of the images that are really there.

    An index of many platforms is saved whole, also when only one of its images is at hand, and attestations stand
    beside images under a platform that is unknown.
    """
    if not depth:
        raise Malformed("its indexes lead too deep")
    for descriptor in documents(document(_load(store, index), index).get("manifests"), f"manifests of {index}"):
        platform = document(descriptor.get("platform"), "platform")
        digest = _digest(descriptor)
        if platform.get("os") == "unknown" or not store.has(_blob(digest)):
            continue
        if "manifests" in document(_load(store, _blob(digest)), digest):
            yield from _manifests(store, _blob(digest), depth - 1)
        else:
            yield digest


def _digest(descriptor: Mapping[str, Any]) -> str:
    digest = text(descriptor.get("digest"), "digest")
    if not _DIGEST.fullmatch(digest):
        raise Malformed(f"{digest!r} is not a digest")
    return digest


def _blob(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/")


def _load(store: Store, name: str) -> Any:
    with store.open(name) as stream:
        content = stream.read(_MOST_DOCUMENT_BYTES + 1)
    if len(content) > _MOST_DOCUMENT_BYTES:
        raise Malformed(f"{name} is longer than {_MOST_DOCUMENT_BYTES} bytes")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{name} is not JSON: {error}") from error
