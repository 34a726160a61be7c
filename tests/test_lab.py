"""The lab itself: keys, archives, what is assembled, and the engines that it makes available."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import socket
import ssl
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scaffold.engines.docker import Docker
from scaffold.engines.model import BuildRequest
from scaffold.engines.podman import Podman
from scaffold.errors import ExitCode, ProgramError, ScaffoldError
from scaffold.run import run
from tests.lab import archive, engine, later_docker, machine, supply
from tests.lab.__main__ import main
from tests.lab.bases import RECIPES, alpine, distroless
from tests.lab.bases.recipe import KEY_LABEL, STAND_IN, STAND_IN_LABEL, Recipe, key_of
from tests.lab.cache import cache_folder
from tests.lab.progress import Progress

ROOT = Path(__file__).parent.parent
ALPINE = "alpine:3.23"
GO_ON_ALPINE = "golang:1.27.3-alpine3.23"
GO_ON_DEBIAN = "golang:1.27.3-trixie"
DEBIAN = "debian:trixie-slim"
DISTROLESS = "gcr.io/distroless/static-debian13:nonroot"


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCAFFOLD_LAB_CACHE", str(tmp_path / "cache"))
    return cache_folder()


def simple_recipe(source: Path, script: str = "true", **changes: object) -> Recipe:
    """Return a recipe whose layer has one file, and whose assembling runs `script` first."""

    def assemble(work: Path) -> list[Path]:
        run(["sh", "-c", script])
        (work / "root").mkdir()
        (work / "root/hello").write_text("hello\n")
        archive.write_tree(work / "root", work / "layer.tar")
        return [work / "layer.tar"]

    source.write_text(source.read_text() if source.exists() else "first")
    recipe = Recipe("lab.test/simple:1", assemble, {"Cmd": ["/hello"]}, (str(source),))
    return dataclasses.replace(recipe, **changes)  # type: ignore[arg-type]


class TestKey:
    def test_is_the_same_for_the_same_inputs(self, tmp_path: Path) -> None:
        assert simple_recipe(tmp_path / "source").key == simple_recipe(tmp_path / "source").key

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"pins": {"package": "2"}}, id="a pinned version"),
            pytest.param({"image": "lab.test/simple:2"}, id="the name"),
            pytest.param({"config": {"User": "7"}}, id="the configuration"),
            pytest.param({"parent": alpine.RECIPE}, id="what it stands on"),
        ],
    )
    def test_changes_with(self, tmp_path: Path, change: dict[str, object]) -> None:
        pinned = simple_recipe(tmp_path / "source", pins={"package": "1"})
        assert dataclasses.replace(pinned, **change).key != pinned.key  # type: ignore[arg-type]

    def test_changes_with_a_source(self, tmp_path: Path) -> None:
        source = tmp_path / "source"
        before = simple_recipe(source).key
        source.write_text("second")
        assert simple_recipe(source).key != before

    def test_changes_with_a_source_of_the_parent(self, tmp_path: Path) -> None:
        below = simple_recipe(tmp_path / "below")
        before = simple_recipe(tmp_path / "above", parent=below).key
        (tmp_path / "below").write_text("second")
        assert simple_recipe(tmp_path / "above", parent=below).key != before

    def test_does_not_mix_up_where_one_part_ends(self) -> None:
        assert key_of([b"ab", b"c"], [], "") != key_of([b"a", b"bc"], [], "")
        assert key_of([b"a"], ["b"], "") != key_of([b"a", b"b"], [], "")

    def test_tells_all_recipes_apart(self) -> None:
        assert len({recipe.key for recipe in RECIPES.values()}) == len(RECIPES)


class TestArchive:
    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        root = tmp_path / "tree"
        (root / "b").mkdir(parents=True)
        (root / "b/young").write_text("made just now")
        (root / "a").write_text("older than the epoch of the lab")
        os.utime(root / "a", (1_000_000_000, 1_000_000_000))
        (root / "a").chmod(0o755)
        (root / "link").symlink_to("/b")
        return root

    @pytest.fixture
    def layer(self, tree: Path, tmp_path: Path) -> archive.Layer:
        archive.write_tree(tree, tmp_path / "layer.tar")
        return archive.layer(tmp_path / "layer.tar")

    def test_a_layer_holds_the_tree_sorted_and_without_youth(self, layer: archive.Layer) -> None:
        with tarfile.open(layer.path) as tar:
            members = {member.name: member for member in tar}
        assert list(members) == ["a", "b", "b/young", "link"]
        assert (members["a"].mode, members["a"].mtime) == (0o755, 1_000_000_000)
        assert members["b/young"].mtime == archive.EPOCH
        assert members["link"].linkname == "/b"
        assert {member.uname for member in members.values()} == {""}

    def test_a_layer_leaves_out_what_it_is_told_to(self, tree: Path, tmp_path: Path) -> None:
        archive.write_tree(tree, tmp_path / "layer.tar", lambda path: path.parts[0] != "b")
        with tarfile.open(tmp_path / "layer.tar") as tar:
            assert tar.getnames() == ["a", "link"]

    def test_names_the_image_its_configuration_and_its_layers_by_content(
        self, layer: archive.Layer, tmp_path: Path
    ) -> None:
        archive.write_archive(tmp_path / "image.tar", "a/b:1", [layer], {"User": "7"})
        with tarfile.open(tmp_path / "image.tar") as tar:
            contents = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
        (manifest,) = json.loads(contents["manifest.json"])
        configuration = json.loads(contents[manifest["Config"]])
        diff_id = hashlib.sha256(contents[manifest["Layers"][0]]).hexdigest()
        assert manifest["RepoTags"] == ["docker.io/a/b:1"]
        assert manifest["Config"] == f"{hashlib.sha256(contents[manifest['Config']]).hexdigest()}.json"
        assert configuration["rootfs"]["diff_ids"] == [f"sha256:{diff_id}"]
        assert configuration["config"] == {"User": "7"}

    def test_is_the_same_to_the_byte_each_time(self, layer: archive.Layer, tmp_path: Path) -> None:
        first, second = tmp_path / "first.tar", tmp_path / "second.tar"
        for target in (first, second):
            archive.write_archive(target, "a:1", [layer], {"User": "7", "Env": ["A=1"]})
        assert first.read_bytes() == second.read_bytes()

    def test_gives_its_layers_back(self, layer: archive.Layer, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        archive.write_archive(tmp_path / "image.tar", "a:1", [layer, layer], {})
        given = archive.read_layers(tmp_path / "image.tar", tmp_path / "out")
        assert [one.diff_id for one in given] == [layer.diff_id, layer.diff_id]
        assert archive.layer(given[0].path) == given[0]

    @pytest.mark.parametrize(
        ("image", "qualified"),
        [
            ("alpine:3.23", "docker.io/library/alpine:3.23"),
            ("someone/app:1", "docker.io/someone/app:1"),
            ("gcr.io/distroless/static:nonroot", "gcr.io/distroless/static:nonroot"),
            ("localhost/app:1", "localhost/app:1"),
            ("registry:5000/app:1", "registry:5000/app:1"),
        ],
    )
    def test_qualifies_a_name_as_the_engines_do(self, image: str, qualified: str) -> None:
        assert archive.qualified(image) == qualified


class TestCache:
    def test_an_image_is_assembled_once_for_each_key(self, empty_cache: Path, tmp_path: Path) -> None:
        tally = tmp_path / "tally"
        for content in ("first", "first", "second"):
            (tmp_path / "source").write_text(content)
            recipe = simple_recipe(tmp_path / "source", f"echo made >> {tally}")
            assert supply.ensure_archive(recipe, Progress()).exists()
        assert tally.read_text().splitlines() == ["made", "made"]
        assert len(list(empty_cache.glob("*.tar"))) == 1, "the image of the older key is gone"

    def test_an_image_on_top_of_another_has_the_layers_of_both(self, empty_cache: Path, tmp_path: Path) -> None:
        below = simple_recipe(tmp_path / "source")
        above = simple_recipe(tmp_path / "source", parent=below, image="lab.test/above:1")
        layers = archive.read_layers(supply.ensure_archive(above, Progress()), tmp_path)
        assert len(layers) == 2
        assert {path.name.partition("_")[0] for path in empty_cache.glob("*.tar")} == {"lab.test"}

    def test_a_failed_recipe_names_the_command_and_leaves_nothing(
        self, empty_cache: Path, tmp_path: Path
    ) -> None:
        recipe = simple_recipe(tmp_path / "source", "echo no space left; exit 3")
        with pytest.raises(ProgramError, match=r"lab.test/simple:1: `sh -c .* exited with 3") as raised:
            supply.ensure_archive(recipe, Progress())
        assert raised.value.output == "no space left"
        assert [path.name for path in empty_cache.iterdir()] == [f"{recipe.name}.lock"]


@contextmanager
def registry(folder: Path, status: int) -> Iterator[str]:
    """Run a server that stands in for a registry: it answers everything with `status`, over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "1", *files, *subject])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class TestRegistry:
    @pytest.mark.parametrize(("status", "answers"), [(200, True), (401, True), (403, False), (503, False)])
    def test_answers_when_it_speaks_the_registry_api(
        self, status: int, answers: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with registry(tmp_path, status) as address:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
            monkeypatch.setenv("NO_PROXY", "localhost")
            assert supply.answers(address) is answers

    def test_does_not_answer_where_nobody_listens(self) -> None:
        assert supply.answers("localhost:1") is False

    @pytest.mark.parametrize(
        ("image", "host"),
        [(ALPINE, "registry-1.docker.io"), (DISTROLESS, "gcr.io"), ("a.example/b", "a.example")],
    )
    def test_is_named_by_the_image(self, image: str, host: str) -> None:
        assert supply.registry_of(image) == host


class TestCommandLine:
    def test_needs_the_standard_library_alone(self) -> None:
        finished = run([sys.executable, "-S", "-m", "tests.lab", "bases", "--help"], cwd=ROOT)
        assert ALPINE in finished.stdout

    def test_refuses_an_image_that_has_no_recipe(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["bases", "alpine:edge"]) == ExitCode.USAGE
        assert f"there is no recipe for alpine:edge\nimages: {GO_ON_DEBIAN}" in capsys.readouterr().err

    def test_says_what_to_install_where_it_cannot(self, empty_cache: Path) -> None:
        environment = {"PATH": "/nonexistent", "SCAFFOLD_LAB_CACHE": str(empty_cache)}
        finished = run([sys.executable, "-m", "tests.lab", "engine"], cwd=ROOT, env=environment, check=False)
        assert finished.code == ExitCode.UNAVAILABLE
        assert "docker is not installed" in finished.stderr
        assert "install docker" in finished.stderr


class TestMachine:
    def test_names_the_packages_of_missing_programs_and_files(self, tmp_path: Path) -> None:
        (tmp_path / "there").touch()
        tools = {"sh": "dash", str(tmp_path / "there"): "one", "no-such-program": "two", "/no/file": "three"}
        assert machine.missing_packages(tools) == ["three", "two"]

    def test_knows_which_packages_apt_can_install(self) -> None:
        # The last one is only a name that other packages provide.
        names = ["coreutils", "no-such-package", "mail-transport-agent"]
        assert machine.known_packages(names) == ["coreutils"]


class TestDaemon:
    """With a small server in the place of dockerd: the real one may not be started and ended here."""

    SERVER = (
        "import os, socket, sys, time; print('session', os.getsid(0) == os.getpid(), flush=True);"
        "time.sleep(0.3); listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]);"
        "listener.listen(); [listener.accept() for _ in range(2)]"
    )

    def test_is_started_once_waited_for_and_outlives_our_session(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        address, log = tmp_path / "socket", tmp_path / "log"
        command = [sys.executable, "-c", self.SERVER, str(address)]
        engine.start_daemon(command, address, log, Progress())
        engine.start_daemon(command, address, log, Progress())
        assert capsys.readouterr().out.count("starting") == 1
        assert log.read_text() == "session True\n"

    def test_that_ends_at_once_is_reported_with_its_log(self, tmp_path: Path) -> None:
        command = ["sh", "-c", "echo cannot create network; exit 1"]
        with pytest.raises(ProgramError, match=r"dockerd did not start, its log is .*/log") as raised:
            engine.start_daemon(command, tmp_path / "socket", tmp_path / "log", Progress())
        assert raised.value.output == "cannot create network"


@pytest.fixture(scope="module")
def docker() -> Docker:
    found = engine.ensure_docker(Progress())
    supply.supply([], found, Progress())
    return found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Docker:
    monkeypatch.setenv("PATH", os.environ["PATH"])
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

    @pytest.mark.parametrize("recipe", [alpine.RECIPE, distroless.RECIPE], ids=lambda recipe: recipe.image)
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
