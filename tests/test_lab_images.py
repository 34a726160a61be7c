"""The images that the lab assembles, seen through a real engine, and the engines that it makes available."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

import pytest

from scaffold.engines.docker import Docker
from scaffold.engines.model import BuildRequest
from scaffold.engines.podman import Podman
from scaffold.errors import ScaffoldError
from tests.lab import archive, engine, later_docker, supply
from tests.lab.bases import RECIPES, alpine, distroless
from tests.lab.bases.recipe import KEY_LABEL, STAND_IN, STAND_IN_LABEL, Recipe
from tests.lab.progress import Progress
from tests.verify.images import built

ALPINE = "alpine:3.23"
GO_ON_ALPINE = "golang:1.27.3-alpine3.23"
GO_ON_DEBIAN = "golang:1.27.3-trixie"
DEBIAN = "debian:trixie-slim"
DISTROLESS = "gcr.io/distroless/static-debian13:nonroot"


@pytest.fixture(scope="module")
def docker() -> Docker:
    found = engine.ensure_docker(Progress())
    supply.supply([], found, Progress())
    return found


@pytest.fixture
def later() -> Docker:
    found = later_docker.ensure_later_docker(Progress())
    supply.supply([ALPINE], found, Progress())
    return found


def output(docker: Docker, image: str, *command: str) -> str:
    """Run a command in a container of the image and return what it printed on stdout."""
    return docker.call("run", "--rm", "--network", "none", image, *command).stdout


@contextmanager
def exported(docker: Docker, image: str, folder: Path) -> Iterator[tarfile.TarFile]:
    """Give the file system of a container that never ran."""
    container = docker.call("create", image, "/never-run").stdout.strip()
    try:
        docker.call("export", "--output", str(folder / "export.tar"), container)
    finally:
        docker.remove_container(container)
    with tarfile.open(folder / "export.tar") as tar:
        yield tar


def content(tar: tarfile.TarFile, name: str) -> str:
    member = tar.extractfile(name)
    assert member is not None
    return member.read().decode()


@pytest.mark.engine
class TestImages:
    @pytest.mark.parametrize("image", RECIPES)
    def test_a_stand_in_says_what_it_is_and_which(self, docker: Docker, image: str) -> None:
        labels = docker.labels(image)
        stand_in = {STAND_IN_LABEL: STAND_IN, KEY_LABEL: RECIPES[image].key}
        assert labels == stand_in or STAND_IN_LABEL not in labels

    def test_are_left_alone_when_they_are_there(self, docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
        supply.supply([], docker, Progress())
        assert capsys.readouterr().out.endswith("all base images are there\n")

    @pytest.mark.parametrize("recipe", [alpine.RECIPE, distroless.STATIC], ids=lambda recipe: recipe.image)
    def test_are_the_same_to_the_byte_when_assembled_again(
        self, docker: Docker, recipe: Recipe, tmp_path: Path
    ) -> None:
        (tar,) = recipe.assemble(tmp_path)
        (cached, *_) = archive.read_layers(supply.ensure_archive(recipe, Progress()), tmp_path)
        assert docker.labels(recipe.image)
        assert archive.layer(tar).diff_id == cached.diff_id

    def test_alpine_is_3_23_with_a_shell_and_nothing_of_a_machine(self, docker: Docker) -> None:
        assert output(docker, ALPINE, "cat", "/etc/alpine-release").startswith("3.23.")
        assert output(docker, ALPINE, "stat", "-c", "%a %n", "/tmp", "/var/tmp") == "1777 /tmp\n1777 /var/tmp\n"
        script = "find / -xdev -path '*quicksand*' -o -path '/boot/*' -o -path '/etc/init.d/*' -o -name '*.ko*'"
        assert output(docker, ALPINE, "sh", "-c", script) == ""

    def test_alpine_has_what_its_apk_database_says(self, docker: Docker, tmp_path: Path) -> None:
        with exported(docker, ALPINE, tmp_path) as tar:
            owned = dict(checksums(content(tar, "lib/apk/db/installed")))
            wrong = {name for name, expected in owned.items() if checksum(tar, name) != expected}
        # Docker puts the first three into every container; the published image locks root in the last.
        assert wrong <= {"etc/hostname", "etc/hosts", "etc/mtab", "etc/shadow"}
        assert len(owned) > 100

    def test_alpine_has_every_applet_of_its_busybox(self, docker: Docker) -> None:
        script = "for path in $(busybox --list-full); do [ -e /$path ] || echo $path; done"
        assert output(docker, ALPINE, "sh", "-c", script) == ""

    @pytest.mark.parametrize("image", [GO_ON_ALPINE, GO_ON_DEBIAN])
    def test_go_is_laid_out_as_in_the_official_image(self, docker: Docker, image: str) -> None:
        assert output(docker, image, "go", "version").startswith("go version go1.27.3 linux/")
        values = output(docker, image, "go", "env", "GOROOT", "GOPATH", "GOTOOLCHAIN").split()
        assert values == ["/usr/local/go", "/go", "local"]
        assert output(docker, image, "sh", "-c", "pwd; stat -c %a /go/bin /usr/local/go") == "/go\n1777\n755\n"
        assert "/usr/local/go/src/net/http" in output(docker, image, "go", "list", "-f", "{{.Dir}}", "net/http")

    def test_go_on_debian_has_a_c_compiler_and_version_control(self, docker: Docker) -> None:
        script = "g++ --version && make --version && pkg-config --version && git --version && curl --version"
        assert "git version 2." in output(docker, GO_ON_DEBIAN, "sh", "-c", script)

    @pytest.mark.parametrize("image", ["python:3.13-alpine3.23", "python:3.13-slim-trixie"])
    def test_python_is_laid_out_as_in_the_official_image(self, docker: Docker, image: str) -> None:
        script = "import bz2, ctypes, lzma, ssl, sys, uuid, zoneinfo; print(sys.executable, sys.version_info[:2])"
        assert output(docker, image, "python", "-c", script) == "/usr/local/bin/python (3, 13)\n"
        packages = (
            "import pip, sysconfig; print(sysconfig.get_path('platlib'), zoneinfo.ZoneInfo('Europe/Berlin'))"
        )
        found = output(docker, image, "python", "-c", f"import zoneinfo; {packages}")
        assert found == "/usr/local/lib/python3.13/site-packages Europe/Berlin\n"
        assert "python3.13/" in output(
            docker, image, "sh", "-c", "pip --version && python -m venv /tmp/environment"
        )

    def test_distroless_python_is_debians(self, docker: Docker) -> None:
        script = "import ctypes, sqlite3, ssl, sys; print(sys.executable, sys.version_info[:2])"
        found = output(docker, "gcr.io/distroless/python3-debian13:nonroot", "-c", script)
        assert found == "/usr/bin/python3.13 (3, 13)\n"

    def test_debian_is_13_and_slim_with_a_whole_package_database(self, docker: Docker) -> None:
        assert output(docker, DEBIAN, "cat", "/etc/debian_version").startswith("13.")
        assert output(docker, DEBIAN, "sh", "-c", "dpkg --audit && find /usr/share/man -type f") == ""
        assert "ca-certificates" in output(docker, DEBIAN, "dpkg-query", "--show")

    def test_debian_has_no_name_of_the_machine_that_made_it(self, docker: Docker, tmp_path: Path) -> None:
        with exported(docker, DEBIAN, tmp_path) as tar:
            # Docker puts empty files there for a container.
            assert [content(tar, name) for name in ("etc/hostname", "etc/resolv.conf")] == ["", ""]

    def test_distroless_has_no_shell(self, docker: Docker, tmp_path: Path) -> None:
        with pytest.raises(ScaffoldError, match="exited with 127"):
            output(docker, DISTROLESS, "/bin/sh", "-c", "true")
        with exported(docker, DISTROLESS, tmp_path) as tar:
            programs = [m.name for m in tar if m.isfile() and m.mode & 0o111 and "bin/" in m.name]
        assert programs == []

    def test_distroless_has_accounts_certificates_zones_and_package_records(
        self, docker: Docker, tmp_path: Path
    ) -> None:
        with exported(docker, DISTROLESS, tmp_path) as tar:
            passwd, bundle = content(tar, "etc/passwd"), content(tar, "etc/ssl/certs/ca-certificates.crt")
            zone = tar.extractfile("usr/share/zoneinfo/Europe/Berlin")
            home, tmp = tar.getmember("home/nonroot"), tar.getmember("tmp")
            record, release = content(tar, "var/lib/dpkg/status.d/tzdata"), content(tar, "usr/lib/os-release")
            assert zone is not None
            assert zone.read(4) == b"TZif"
        assert "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin" in passwd.splitlines()
        assert bundle.count("-----BEGIN CERTIFICATE-----") > 100
        assert (home.uid, home.gid, home.mode & 0o7777, tmp.mode & 0o7777) == (65532, 65532, 0o700, 0o1777)
        assert "Package: tzdata" in record
        assert 'VERSION_ID="13"' in release

    def test_distroless_is_configured_as_the_published_one(self, docker: Docker) -> None:
        config = json.loads(docker.call("image", "inspect", DISTROLESS).stdout)[0]["Config"]
        assert (config["User"], config["WorkingDir"]) == ("65532", "/home/nonroot")
        assert "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" in config["Env"]

    @pytest.mark.parametrize("recipe", [distroless.BASE, distroless.CC], ids=lambda recipe: recipe.image)
    def test_distroless_with_glibc_runs_a_program_that_needs_it(
        self, docker: Docker, recipe: Recipe, tmp_path: Path
    ) -> None:
        copy = f"COPY --from={DEBIAN} /usr/bin/sha256sum /"
        with built(
            docker, tmp_path, f'FROM {recipe.image}\n{copy}\nENTRYPOINT ["/sha256sum", "/etc/passwd"]\n'
        ) as image:
            assert re.match("[0-9a-f]{64} ", docker.call("run", "--rm", image).stdout)

    def test_distroless_for_c_plus_plus_has_its_library(self, docker: Docker, tmp_path: Path) -> None:
        with exported(docker, distroless.CC.image, tmp_path) as tar:
            names = {PurePath(name).name for name in tar.getnames()}
        assert names >= {"libstdc++.so.6", "libgcc_s.so.1", "libgomp.so.1", "libssl.so.3", "libc.so.6"}

    def test_distroless_runs_a_static_program(self, docker: Docker, tmp_path: Path) -> None:
        copy = f"COPY --from={GO_ON_ALPINE} /usr/local/go/bin/gofmt /"
        (tmp_path / "Dockerfile").write_text(f'FROM {DISTROLESS}\n{copy}\nENTRYPOINT ["/gofmt"]\n')
        docker.build(BuildRequest(tmp_path, "scaffold-lab-test:gofmt"), lambda _: None)
        try:
            finished = docker.call("run", "--rm", "scaffold-lab-test:gofmt", "/etc/passwd", check=False)
        finally:
            docker.remove_image("scaffold-lab-test:gofmt")
        assert "/etc/passwd:1:1: expected 'package'" in finished.stderr


def checksums(database: str) -> Iterator[tuple[str, str]]:
    """Read the files of apk's database with the SHA-1 (base64) of each."""
    folder = name = ""
    for line in database.splitlines():
        kind, _, value = line.partition(":")
        if kind == "F":
            folder = f"{value}/" if value else ""
        elif kind == "R":
            name = folder + value
        elif kind == "Z":
            yield name, value.removeprefix("Q1")


def checksum(tar: tarfile.TarFile, name: str) -> str:
    member = tar.getmember(name)
    if member.issym():
        data = member.linkname.encode()
    else:
        stream = tar.extractfile(member)
        assert stream is not None
        data = stream.read()
    return base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def build_and_run(found: Docker | Podman, folder: Path) -> str:
    """Build on Alpine with a cache mount, which docker 20.10 can as well, and run what came out."""
    lines = (
        f"FROM {ALPINE}",
        "RUN --mount=type=cache,target=/cache echo built >> /cache/log && cp /cache/log /log",
        "USER 65532:65532",
        'CMD ["cat", "/log"]',
    )
    (folder / "Dockerfile").write_text("\n".join(lines))
    tag = "scaffold-lab-test:built"
    found.build(BuildRequest(folder, tag, cached=False), lambda _: None)
    try:
        return found.call("run", "--rm", tag).stdout
    finally:
        found.remove_image(tag)


@pytest.mark.engine
class TestEngines:
    def test_docker_builds_and_runs(self, docker: Docker, tmp_path: Path) -> None:
        assert "built\n" in build_and_run(docker, tmp_path)

    def test_podman_is_there_with_the_same_images(self, docker: Docker, tmp_path: Path) -> None:
        podman = engine.ensure_podman(Progress())
        supply.supply([ALPINE], podman, Progress())
        assert podman.labels(ALPINE) == docker.labels(ALPINE)
        assert "built\n" in build_and_run(podman, tmp_path)

    def test_a_later_docker_with_buildx_is_there_beside_the_first(
        self, docker: Docker, later: Docker, tmp_path: Path
    ) -> None:
        assert version(later) > version(docker)
        assert later.client.has_buildx
        assert "built\n" in build_and_run(later, tmp_path)

    def test_a_later_docker_publishes_ports_on_this_machine(self, later: Docker) -> None:
        serve = ["nc", "-lk", "-p", "8080", "-e", "echo", "hello"]
        container = later.call("run", "--detach", "--publish", "127.0.0.1::8080", ALPINE, *serve).stdout.strip()
        try:
            address = ("127.0.0.1", later.published_port(container, 8080))
            assert eventually(lambda: received(address)) == b"hello\n"
        finally:
            later.remove_container(container)


def received(address: tuple[str, int]) -> bytes:
    with socket.create_connection(address, timeout=5) as connection:
        return connection.recv(100)


def eventually(attempt: Callable[[], bytes]) -> bytes:
    """Try until it gives something: the port is open before the program in the container listens."""
    for _ in range(50):
        with suppress(OSError):
            if given := attempt():
                return given
        time.sleep(0.1)
    return b""


def version(found: Docker) -> list[int]:
    return [int(part) for part in found.version.split("+")[0].split(".")]
