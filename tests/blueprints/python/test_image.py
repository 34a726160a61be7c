"""What is in the images of Python projects, and what becomes of them after a change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import CommandLineEngine
from scaffold.image import File, Layer
from scaffold.network import network
from tests.blueprints.images import build, change, refused, saved, uncached
from tests.blueprints.template import Template

API = "src/service/api.py"
BASES = ("alpine", "distroless", "scratch")
SERVICE = re.compile(r"^/usr/local/lib/python3\.13/(site|dist)-packages/service/")
NOT_WANTED = re.compile(
    r"/(pip|uv|ensurepip|idlelib|tkinter|pytest|mypy|ruff|tests?)(/|$)|\.(a|h)$|/RECORD$|/bin/(pip|uv|fastapi)"
)


@dataclass(frozen=True)
class Built:
    """An image as it would be pushed: its own layers, dependencies first, and all that it says of itself."""

    project: Path
    layers: list[Layer]
    digests: list[str]
    environment: dict[str, str]

    def files(self) -> dict[str, File]:
        """Return the files of its own layers by their paths."""
        return {file.path: file for layer in self.layers for file in layer.entries if file.kind == "file"}


@pytest.fixture(scope="module", params=BASES)
def image(
    engine: CommandLineEngine,
    templates: dict[str, Template],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Built:
    """The image on each base, built once."""
    folder = tmp_path_factory.mktemp(request.param)
    project = templates["python"].copy(folder, base=request.param)
    tag = build(engine, project).tag
    found = saved(engine, tag, folder)
    return Built(project, list(found.layers[-2:]), engine.layers(tag), dict(found.config.environment))


def test_it_has_what_runs_and_nothing_else(image: Built) -> None:
    files = image.files()
    assert any(path.endswith("/fastapi/applications.py") for path in files)
    assert not [path for path in files if NOT_WANTED.search(path)]
    entries = [entry for layer in image.layers for entry in layer.entries if entry.kind != "symlink"]
    assert {entry.uid for entry in entries} == {0}
    assert [entry.path for entry in entries if entry.mode & 0o022] in ([], ["/tmp"])


def test_the_service_is_a_layer_of_its_own(image: Built) -> None:
    below, own = ({file.path for file in layer.entries if file.kind == "file"} for layer in image.layers)
    assert own
    assert all(SERVICE.match(path) for path in own)
    assert not any(SERVICE.match(path) for path in below)
    assert image.layers[-1].compressed_size < 40_000


def test_every_source_has_its_bytecode(image: Built) -> None:
    files = image.files()
    for path in (path for path in files if path.endswith(".py") and "/python3.13/" in path):
        assert re.sub(r"/([^/]+)\.py$", r"/__pycache__/\1.cpython-313.pyc", path) in files


def test_bytecode_is_bound_to_no_time_and_to_its_final_place(image: Built) -> None:
    """The second word of a pyc is its kind (PEP 552): 1 is a hash of the source that nobody checks."""
    for layer in image.layers:
        for file, stream in layer.contents():
            if file.path.endswith(".pyc"):
                content = stream.read()
                assert content[4:8] == b"\1\0\0\0", file.path
                assert b"/rootfs/" not in content, file.path


def test_it_knows_what_it_was_built_from(image: Built) -> None:
    assert image.environment["SERVICE_VERSION"] == "1.2.3"
    assert image.environment["SERVICE_REVISION"] == "abcdef"


def test_a_change_of_the_sources_changes_one_small_layer(engine: CommandLineEngine, image: Built) -> None:
    change(image.project, API, "Say what this service is.", f"Say {uuid4()}.")
    after = engine.layers(build(engine, image.project).tag)
    assert after[:-1] == image.digests[:-1]
    assert after[-1] != image.digests[-1]


def test_the_same_files_give_the_same_layers_and_a_bundle_stays_outside(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """Without any cache, and with a certificate bundle that is mounted where the image's own is taken from."""
    first = engine.layers(build(engine, project).tag)
    trusted = network().ca_bundle or Path("/etc/ssl/certs/ca-certificates.crt")
    bundle = tmp_path / "company.pem"
    bundle.write_text(f"{trusted.read_text()}\n# the company's own\n")
    uncached(project)
    second = build(engine, project, bundle=bundle)
    assert not any(step.cached for step in second.steps if "RUN" in step.name)
    assert engine.layers(second.tag) == first
    layers = saved(engine, second.tag, tmp_path).layers
    contents = [stream.read() for layer in layers for _, stream in layer.contents()]
    assert contents
    assert not any(b"the company's own" in content for content in contents)


def test_packages_come_from_the_mirror_that_is_given(engine: CommandLineEngine, project: Path) -> None:
    """From one where nobody answers, nothing comes."""
    mirror = "http://127.0.0.1:9/simple"
    refused(engine, project, mirror, UV_DEFAULT_INDEX=mirror)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("router = APIRouter()", "router=APIRouter()", "would be reformatted"),
        ("from service.about", "import os\n\nfrom service.about", "F401"),
        ("-> About:", "-> int:", "return-value"),
        ("service: str = NAME", "service: str = NAME.upper()", "1 failed"),
    ],
    ids=["format", "lint", "types", "tests"],
)
def test_its_tests_can_fail(engine: CommandLineEngine, project: Path, old: str, new: str, said: str) -> None:
    change(project, API, old, new)
    refused(engine, project, said, target="test")
