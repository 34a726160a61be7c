"""What real engines save, each in its own layouts, is read as the same image."""

from __future__ import annotations

import json
import secrets
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.engines.docker import Docker
from scaffold.engines.model import BuildRequest, Engine
from scaffold.engines.podman import Podman
from scaffold.image import Image, Kind, read
from scaffold.image.elf import read_elf
from tests.lab.engine import ensure_podman
from tests.lab.later_docker import ensure_later_docker
from tests.lab.progress import Progress

pytestmark = pytest.mark.engine

DOCKERFILE = """\
FROM alpine:3.23
RUN mkdir /folder && echo first > /folder/file && echo second > /file && ln /file /hard && ln -s folder/file /soft
RUN rm /file && rm -r /folder && mkdir /folder && echo third > /folder/other && chmod 2755 /folder
RUN mkdir -p /empty "/$(printf 'long-%.0s' $(seq 30))/$(printf 'longer-%.0s' $(seq 20))"
WORKDIR /folder
ENV GREETING="hello world"
USER 65532:65532
EXPOSE 8080 53/udp
LABEL title=hello
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=3s CMD ["/bin/true"]
ENTRYPOINT ["/bin/busybox"]
CMD ["httpd", "-f"]
"""
TAG = f"localhost/scaffold-tests-{secrets.token_hex(4)}:layouts"


@pytest.fixture(scope="module")
def archive(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An image with all that layers can do to each other, as the engine of this machine saves it."""
    folder = tmp_path_factory.mktemp("engine")
    (folder / "Dockerfile").write_text(DOCKERFILE)
    engine.build(BuildRequest(context=folder, tag=TAG), lambda _: None)
    engine.save(TAG, folder / "image.tar")
    yield folder / "image.tar"
    engine.remove_image(TAG)


@pytest.fixture(scope="module")
def podman(archive: Path) -> Iterator[Podman]:
    """Podman, with the image."""
    podman = ensure_podman(Progress())
    assert isinstance(podman, Podman)
    podman.call("load", "--input", str(archive))
    yield podman
    podman.remove_image(TAG)


@pytest.fixture(scope="module")
def later_docker(archive: Path) -> Iterator[Docker]:
    """A docker of a version that saves both layouts at once, with the image."""
    docker = ensure_later_docker(Progress())
    docker.call("load", "--input", str(archive))
    yield docker
    docker.remove_image(TAG)


def assert_same(image: Image, expected: Image, *, healthcheck: bool = True) -> None:
    config = expected.config if healthcheck else replace(expected.config, healthcheck=())
    assert image.layers == expected.layers
    assert dict(image.files) == dict(expected.files)
    assert replace(image.config, history=()) == replace(config, history=())
    assert image.size == expected.size
    assert image.file_size == expected.file_size


def test_the_archive_of_the_engine(archive: Path, engine: Engine) -> None:
    image = read(archive)
    assert [layer.diff_id for layer in image.layers] == engine.layers(TAG)
    assert "ln -s folder/file /soft" in image.layers[1].created_by
    assert image.config.environment["GREETING"] == "hello world"
    assert image.config.exposed_ports == ("53/udp", "8080/tcp")
    assert (image.config.user, image.config.stop_signal) == ("65532:65532", "SIGQUIT")
    assert image.config.healthcheck == ("CMD", "/bin/true")


def test_the_file_system_is_what_a_container_sees(archive: Path) -> None:
    files = read(archive).files
    assert "/file" not in files
    assert "/folder/file" not in files
    assert files.resolve("/soft") is None
    assert files["/hard"].kind is Kind.HARDLINK
    assert files["/folder"].mode == 0o2755
    assert files["/empty"].kind is Kind.DIRECTORY
    assert f"/{'long-' * 30}/{'longer-' * 20}" in files


def test_contents_come_through_whatever_hides_them(archive: Path) -> None:
    image = read(archive)
    for path, text in {"/hard": b"second\n", "/folder/other": b"third\n"}.items():
        with image.open(path) as stream:
            assert stream.read() == text
    hidden = [file for file in image.layers[1].entries if file.path == "/folder/file"]
    with image.layers[1].open(hidden[0]) as stream:
        assert stream.read() == b"first\n"


def test_programs_of_the_base_tell_what_they_need(archive: Path) -> None:
    with read(archive).open("/bin/sh") as stream:
        elf = read_elf(stream)
    assert elf is not None
    assert elf.interpreter.startswith("/lib/ld-musl-")
    assert [name.startswith("libc.musl-") for name in elf.needed] == [True]


@pytest.mark.parametrize("form", ["oci-archive", "oci-dir", "docker-archive"])
def test_podman_saves_the_same_image(form: str, podman: Podman, archive: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    podman.call("save", "--format", form, "--output", str(saved), TAG)
    # The OCI format has no health check.
    assert_same(read(saved), read(archive), healthcheck=form == "docker-archive")


def test_a_later_docker_saves_the_same_image_in_both_layouts(
    later_docker: Docker, archive: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "image.tar"
    later_docker.save(TAG, saved)
    assert_same(read(saved), read(archive))
    folder = tmp_path / "folder"
    with tarfile.open(saved) as outer:
        outer.extractall(folder, filter="data")
    assert json.loads((folder / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    (folder / "manifest.json").unlink()
    assert_same(read(folder), read(archive))
