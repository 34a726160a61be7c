"""The same image is read from every layout that engines write."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from scaffold.image import Image, ImageError, read
from tests.image.archives import (
    Member,
    Parts,
    blob,
    descriptor,
    docker_parts,
    oci_parts,
    tar,
    write,
    write_folder,
)

LAYERS = (
    tar(Member("etc/", mode=0o755), Member("etc/passwd", b"root:x:0:0\n")),
    tar(Member("app", b"x" * 5000, 0o755), Member("etc/.wh.passwd")),
)
CONFIG: dict[str, Any] = {
    "User": "65532:65532",
    "Env": ["PATH=/bin", "EMPTY=", "EQUALS=a=b"],
    "Entrypoint": ["/app"],
    "Cmd": ["serve"],
    "WorkingDir": "/srv",
    "ExposedPorts": {"8080/tcp": {}},
    "Labels": {"title": "hello"},
    "Healthcheck": {"Test": ["CMD", "/app", "healthcheck"], "Interval": 10},
    "StopSignal": "SIGTERM",
    "OnBuild": None,
}


def hybrid_parts() -> Parts:
    """What docker 25 and later write: both layouts, over the same compressed layers."""
    parts = oci_parts(LAYERS, **CONFIG)
    names = [blob(gzip.compress(layer)) for layer in LAYERS]
    config = next(name for name, content in parts.items() if b"rootfs" in content)
    manifest = [{"Config": config, "RepoTags": None, "Layers": names}]
    return parts | {"manifest.json": json.dumps(manifest).encode()}


def nested_parts() -> Parts:
    """An index of platforms in the index, of which one is there, beside an attestation."""
    parts = oci_parts(LAYERS, **CONFIG)
    (image,) = json.loads(parts["index.json"])["manifests"]
    attestation = json.dumps({"layers": [], "config": descriptor(b"{}")}).encode()
    inner = json.dumps(
        {
            "manifests": [
                {**image, "platform": {"os": "linux", "architecture": "amd64"}},
                descriptor(b"of another machine", platform={"os": "linux", "architecture": "arm64"}),
                descriptor(attestation, platform={"os": "unknown", "architecture": "unknown"}),
            ]
        }
    ).encode()
    index = {"manifests": [descriptor(inner), descriptor(inner, annotations={"name": "another tag"})]}
    stored = {blob(content): content for content in (attestation, inner)}
    return parts | stored | {"index.json": json.dumps(index).encode()}


ALL_PARTS = {
    "docker": docker_parts(LAYERS, **CONFIG),
    "oci": oci_parts(LAYERS, **CONFIG),
    "oci-zstd": oci_parts(LAYERS, packed=[zstd.compress(layer) for layer in LAYERS], **CONFIG),
    "oci-uncompressed": oci_parts(LAYERS, packed=LAYERS, **CONFIG),
    "hybrid": hybrid_parts(),
    "nested": nested_parts(),
}


@pytest.fixture(params=["archive", "folder"])
def written(request: pytest.FixtureRequest, tmp_path: Path, parts: Parts) -> Path:
    """The parts, in an archive or in a folder."""
    if request.param == "folder":
        return write_folder(tmp_path / "image", parts)
    return write(tmp_path / "image.tar", parts)


def assert_read(image: Image) -> None:
    config = image.config
    assert (config.user, config.working_directory, config.stop_signal) == ("65532:65532", "/srv", "SIGTERM")
    assert config.environment == {"PATH": "/bin", "EMPTY": "", "EQUALS": "a=b"}
    assert (config.entrypoint, config.command) == (("/app",), ("serve",))
    assert (config.exposed_ports, config.labels) == (("8080/tcp",), {"title": "hello"})
    assert config.healthcheck == ("CMD", "/app", "healthcheck")
    assert (config.architecture, config.os) == ("amd64", "linux")
    assert [layer.created_by for layer in image.layers] == ["COPY 0 /", "COPY 1 /"]
    assert [layer.size for layer in image.layers] == [len(layer) for layer in LAYERS]
    assert image.size == sum(map(len, LAYERS))
    assert image.file_size == 5000
    assert list(image.files) == ["/app", "/etc"]


@pytest.mark.parametrize("parts", ALL_PARTS.values(), ids=ALL_PARTS)
def test_every_layout_is_read(written: Path) -> None:
    assert_read(read(written))


@pytest.mark.parametrize("parts", ALL_PARTS.values(), ids=ALL_PARTS)
def test_contents_are_read_where_they_lie(written: Path) -> None:
    image = read(written)
    with image.open("/app") as stream:
        assert stream.read() == b"x" * 5000
    contents = [(file.path, stream.read()) for layer in image.layers for file, stream in layer.contents()]
    assert contents == [("/etc/passwd", b"root:x:0:0\n"), ("/app", b"x" * 5000)]


@pytest.mark.parametrize("parts", ALL_PARTS.values(), ids=ALL_PARTS)
def test_all_layouts_give_the_same_image(written: Path, tmp_path: Path) -> None:
    image, other = read(written), read(write(tmp_path / "docker.tar", ALL_PARTS["docker"]))
    assert (image.layers, image.config, dict(image.files)) == (other.layers, other.config, dict(other.files))
    assert image.compressed_size == other.compressed_size


def test_the_compressed_size_is_that_of_gzip(tmp_path: Path) -> None:
    noise = tar(Member("app", bytes(range(256)) * 4000))
    image = read(write(tmp_path / "image.tar", docker_parts([noise])))
    packed = len(gzip.compress(noise, 6))
    assert image.compressed_size == pytest.approx(packed, abs=32)


def test_a_layer_that_occurs_twice_may_be_a_link(tmp_path: Path) -> None:
    parts = docker_parts([LAYERS[0], LAYERS[0]])
    members = [Member(name, content) for name, content in parts.items() if name != "1/layer.tar"]
    path = tmp_path / "image.tar"
    path.write_bytes(tar(Member("1/layer.tar", target="../0/layer.tar"), *members))
    image = read(path)
    assert image.layers[0].entries[1].path == image.layers[1].entries[1].path == "/etc/passwd"


def test_names_in_an_archive_may_begin_with_a_dot(tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(tar(*(Member(f"./{name}", content) for name, content in ALL_PARTS["docker"].items())))
    assert_read(read(path))


def test_a_history_may_be_missing_for_the_base(tmp_path: Path) -> None:
    parts = docker_parts(LAYERS)
    config = json.loads(parts["config.json"])
    config["history"] = config["history"][:2]
    image = read(write(tmp_path / "image.tar", parts | {"config.json": json.dumps(config).encode()}))
    assert [layer.created_by for layer in image.layers] == ["", "COPY 0 /"]


def test_an_image_without_layers_is_an_image(tmp_path: Path) -> None:
    image = read(write(tmp_path / "image.tar", docker_parts([])))
    assert (image.size, image.compressed_size, len(image.files)) == (0, 0, 0)


def test_an_empty_layer_is_a_layer(tmp_path: Path) -> None:
    image = read(write(tmp_path / "image.tar", docker_parts([b"", tar(), *LAYERS])))
    assert [len(layer.entries) for layer in image.layers] == [0, 0, 2, 1]


def test_a_string_stands_for_a_list_of_one_in_old_images(tmp_path: Path) -> None:
    image = read(write(tmp_path / "image.tar", docker_parts([], Cmd="/app")))
    assert image.config.command == ("/app",)


def without(parts: Parts, name: str) -> Parts:
    return {key: content for key, content in parts.items() if key != name}


def two_images() -> Parts:
    parts = docker_parts(LAYERS)
    (manifest,) = json.loads(parts["manifest.json"])
    other = {**manifest, "Layers": manifest["Layers"][:1]}
    return parts | {"manifest.json": json.dumps([manifest, other]).encode()}


def two_oci_images() -> Parts:
    parts, other = oci_parts(LAYERS), oci_parts(LAYERS[:1])
    manifests = [*json.loads(parts["index.json"])["manifests"], *json.loads(other["index.json"])["manifests"]]
    return parts | other | {"index.json": json.dumps({"manifests": manifests}).encode()}


def circular_index() -> Parts:
    """An index that holds an index that holds an index …, deeper than any real one."""
    parts: Parts = {}
    inner = json.dumps({"manifests": []}).encode()
    for _ in range(9):
        parts[blob(inner)] = inner
        inner = json.dumps({"manifests": [descriptor(inner)]}).encode()
    return parts | {"index.json": inner}


BROKEN = {
    "nothing of an image": ({"README": b"hello"}, "it has neither manifest.json nor index.json"),
    "two images": (two_images(), "it holds 2 images"),
    "two images in the OCI layout": (two_oci_images(), "it holds 2 images"),
    "no image": ({"manifest.json": b"[]"}, "it holds 0 images"),
    "no image in the OCI layout": ({"index.json": b'{"manifests": []}'}, "it holds 0 images"),
    "no configuration": (without(docker_parts(LAYERS), "config.json"), "config.json"),
    "no layer": (without(docker_parts(LAYERS), "1/layer.tar"), "1/layer.tar"),
    "no blob": (without(oci_parts(LAYERS), blob(gzip.compress(LAYERS[0]))), "blobs/sha256/"),
    "a digest that is a path": (
        {"index.json": json.dumps({"manifests": [{"digest": "sha256:../../../etc/passwd"}]}).encode()},
        "is not a digest",
    ),
    "indexes in indexes": (circular_index(), "its indexes lead too deep"),
    "no JSON": ({"manifest.json": b"{"}, "manifest.json is not JSON"),
    "deep JSON": ({"manifest.json": b"[" * 100_000}, "manifest.json is not JSON"),
    "long JSON": ({"manifest.json": b" " * (17 * 1024**2)}, "manifest.json is longer than"),
    "another document": ({"manifest.json": b'{"schemaVersion": 2}'}, "manifest.json is not a list"),
    "a list of numbers": ({"manifest.json": b"[1]"}, "a part of manifest.json is not a JSON object"),
    "a number for a name": ({"manifest.json": b'[{"Config": 1, "Layers": []}]'}, "Config is not a string"),
    "too few layers": (
        docker_parts(LAYERS) | {"config.json": b'{"rootfs": {"diff_ids": []}}'},
        "it has 2 layers, its configuration 0",
    ),
    "a number for a user": (docker_parts(LAYERS, User=1), "User is not a string"),
    "a map for variables": (docker_parts(LAYERS, Env={"A": "b"}), "Env is not a list of strings"),
    "a number for the history": (
        docker_parts([]) | {"config.json": b'{"rootfs": {"diff_ids": []}, "history": 1}'},
        "history is not a list",
    ),
    "a list for labels": (docker_parts(LAYERS, Labels=["a"]), "Labels is not a JSON object"),
}


@pytest.mark.parametrize(("parts", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_image_is_told_in_one_line(written: Path, reason: str) -> None:
    with pytest.raises(ImageError) as caught:
        read(written)
    assert reason in caught.value.message
    assert str(written) in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="there is no saved image at"):
        read(tmp_path / "image.tar")


@pytest.mark.parametrize("content", [b"", b"hello", bytes(1024), gzip.compress(tar(Member("a")))])
def test_a_file_that_is_no_archive_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=r"image\.tar cannot be read as an image"):
        read(path)


def test_a_folder_is_not_left(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "image", docker_parts(LAYERS))
    (tmp_path / "secret.json").write_text("{}")
    manifest = [{"Config": "../secret.json", "Layers": []}]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ImageError, match=r"it has no part \.\./secret\.json"):
        read(folder)


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "image", docker_parts(LAYERS))
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to("/etc/hostname")
    with pytest.raises(ImageError, match=r"it has no part config\.json"):
        read(folder)


def test_links_in_circles_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(
        tar(Member("manifest.json", target="index.json"), Member("index.json", target="manifest.json"))
    )
    with pytest.raises(ImageError, match=r"neither manifest\.json nor index\.json"):
        read(path)


def test_an_archive_with_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(tarfile.TarInfo("part").tobuf() * 10_001 + bytes(1024))
    with pytest.raises(ImageError, match="more than 10000 parts"):
        read(path)
