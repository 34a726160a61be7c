"""Reading saved images: both layouts, whiteouts, links, and files that are no image."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from scaffold.engines.model import Engine
from scaffold.errors import ExitCode
from scaffold.image import Image, ImageError, read

Member = tuple[str, bytes | None, dict[str, object]]


def layer(*members: Member) -> bytes:
    """Make a layer; content None is a folder, and the third part sets what tarfile calls an entry's fields."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content, fields in members:
            entry = tarfile.TarInfo(name)
            entry.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            entry.size = len(content or b"")
            for field, value in fields.items():
                setattr(entry, field, value)
            archive.addfile(entry, io.BytesIO(content or b""))
    return buffer.getvalue()


def file(name: str, content: str = "x", **fields: object) -> Member:
    return name, content.encode(), fields


def write(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def _config(config: dict[str, object] | None, layers: tuple[bytes, ...]) -> bytes:
    digests = [f"sha256:{hashlib.sha256(content).hexdigest()}" for content in layers]
    return json.dumps({"config": config or {}, "rootfs": {"type": "layers", "diff_ids": digests}}).encode()


def docker_archive(path: Path, *layers: bytes, config: dict[str, object] | None = None) -> Path:
    names = [f"{index}/layer.tar" for index in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": ["t"], "Layers": names}]
    files = {"config.json": _config(config, layers)}
    files |= dict(zip(names, layers, strict=True))
    return write(path, files | {"manifest.json": json.dumps(manifest).encode()})


def oci_archive(path: Path, *layers: bytes, config: dict[str, object] | None = None) -> Path:
    """Write the OCI layout as clients do: an index of an index, beside an attestation, and gzipped layers."""
    files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def blob(content: bytes) -> dict[str, object]:
        digest = hashlib.sha256(content).hexdigest()
        files[f"blobs/sha256/{digest}"] = content
        return {"digest": f"sha256:{digest}", "size": len(content)}

    manifest = blob(
        json.dumps(
            {
                "config": blob(_config(config, layers)),
                "layers": [blob(gzip.compress(content)) for content in layers],
            }
        ).encode()
    )
    attestation = blob(b"{}") | {"platform": {"os": "unknown", "architecture": "unknown"}}
    index = blob(json.dumps({"manifests": [attestation, manifest]}).encode())
    files["index.json"] = json.dumps({"manifests": [index]}).encode()
    return write(path, files)


@pytest.mark.parametrize("archive", [docker_archive, oci_archive])
def test_both_layouts_say_the_same(archive: object, tmp_path: Path) -> None:
    config: dict[str, object] = {
        "User": "65532:65532",
        "Env": ["PATH=/bin", "EMPTY="],
        "Entrypoint": ["/app"],
        "ExposedPorts": {"8080/tcp": {}},
        "Healthcheck": {"Test": ["CMD", "/app", "healthcheck"]},
    }
    layers = [layer(("etc", None, {}), file("etc/passwd", "users")), layer(file("app", "program", mode=0o755))]
    image: Image = archive(tmp_path / "image.tar", *layers, config=config)  # type: ignore[operator]
    image = read(tmp_path / "image.tar")
    assert image.config.user == "65532:65532"
    assert image.config.environment == {"PATH": "/bin", "EMPTY": ""}
    assert image.config.healthcheck == ("CMD", "/app", "healthcheck")
    assert image.config.exposed_ports == ("8080/tcp",)
    assert sorted(image.files) == ["/app", "/etc", "/etc/passwd"]
    assert image.size == sum(map(len, layers))
    assert image.open("/app").read(4) == b"prog"
    assert image.files["/app"].layer == 1
    assert image.files["/app"].mode == 0o755


def test_a_real_engine_writes_what_we_read(engine: Engine, tmp_path: Path) -> None:
    engine.save("alpine:3.23", tmp_path / "image.tar")
    image = read(tmp_path / "image.tar")
    shell = image.files.inode("/bin/sh")
    assert shell is not None
    assert shell.path == "/bin/busybox"
    assert image.open("/bin/sh").read(4) == b"\x7fELF"
    assert "3.23" in image.open("/etc/alpine-release").read(100).decode()


def test_whiteouts_hide_what_is_below(tmp_path: Path) -> None:
    below = layer(file("a/one"), file("a/two"), file("b/deep/three"), file("c/four"))
    above = layer(file("a/.wh.one", ""), file("b/.wh.deep", ""), file("c/.wh..wh..opq", ""), file("c/five"))
    image = read(docker_archive(tmp_path / "image.tar", below, above))
    assert sorted(image.files) == ["/a/two", "/c/five"]
    assert (image.layers[1].whiteouts, image.layers[1].opaque) == (("/a/one", "/b/deep"), ("/c",))


def test_links_are_followed_but_never_out_of_the_image(tmp_path: Path) -> None:
    def link(name: str, target: str) -> Member:
        return name, b"", {"type": tarfile.SYMTYPE, "linkname": target}

    image = read(
        docker_archive(
            tmp_path / "image.tar",
            layer(
                file("usr/bin/tool"),
                link("bin", "usr/bin"),
                link("up", "../../../../usr"),
                link("loop", "loop"),
                link("gone", "nowhere"),
            ),
        )
    )
    assert image.files.resolve("/bin/tool") == image.files["/usr/bin/tool"]
    assert image.files.resolve("/up/bin/tool") == image.files["/usr/bin/tool"]
    assert image.files.resolve("/loop") is None
    assert image.files.resolve("/gone") is None


@pytest.mark.parametrize(
    "broken",
    [
        b"no tar at all",
        b"",
        layer(file("readme")),
        layer(file("manifest.json", "[]")),
        layer(file("manifest.json", "{")),
        layer(file("manifest.json", '[{"Config": "gone", "Layers": []}]')),
        layer(file("index.json", '{"manifests": []}')),
        layer(
            file("manifest.json", '[{"Config": "config.json", "Layers": ["l"]}]'),
            file("config.json", "{}"),
            file("l", "\x28\u00b5/\u00fd"),
        ),
    ],
)
def test_what_is_no_image_is_one_clear_line(broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(broken)
    with pytest.raises(ImageError, match="cannot be read as an image") as error:
        read(path)
    assert error.value.exit_code is ExitCode.USAGE
    assert "\n" not in error.value.message


def test_truncated_archives_are_refused(tmp_path: Path) -> None:
    whole = docker_archive(tmp_path / "whole.tar", layer(file("a", "x" * 5000))).read_bytes()
    for end in range(600, len(whole.rstrip(b"\0")), 700):
        path = tmp_path / "cut.tar"
        path.write_bytes(whole[:end])
        with pytest.raises(ImageError):
            read(path)
