"""The lab itself: keys, archives, its cache, its command line, and how it starts a daemon."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import ssl
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scaffold.errors import ExitCode, ProgramError
from scaffold.run import run
from tests.lab import archive, engine, machine, supply
from tests.lab.__main__ import main
from tests.lab.bases import RECIPES, alpine
from tests.lab.bases.recipe import Recipe, key_of
from tests.lab.cache import cache_folder
from tests.lab.progress import Progress

ROOT = Path(__file__).parent.parent
ALPINE = "alpine:3.23"
GO_ON_DEBIAN = "golang:1.27.3-trixie"
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
        said = capsys.readouterr().err
        assert "there is no recipe for alpine:edge\nimages: " in said
        assert GO_ON_DEBIAN in said

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
