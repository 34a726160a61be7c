"""What is in the images of Python projects, and what becomes of them after a change."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import BuildFailed, CommandLineEngine
from scaffold.engines.model import Build, BuildRequest
from scaffold.image import File, Layer, read
from scaffold.network import network
from tests.blueprints.conftest import Template

BASES = ("alpine", "distroless", "scratch")
# One for each run, because what is built is removed by it, and runs go side by side.
REPOSITORY = f"container-scaffold-python-{uuid4()}"
DESCRIPTION = 'Sells "things" \\ & {{ 7*7 }} $HOME ${PATH} `id` %s 😀'
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


@pytest.fixture(scope="module", autouse=True)
def _remove_images(engine: CommandLineEngine) -> Iterator[None]:
    yield
    remove_images(engine)


def remove_images(found: CommandLineEngine) -> None:
    """Take away what the tests have built."""
    for image in found.images(REPOSITORY):
        found.remove_image(image)


@pytest.fixture(scope="module", params=BASES)
def image(
    engine: CommandLineEngine,
    templates: dict[str, Template],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Built:
    """The image on each base, built once."""
    folder = tmp_path_factory.mktemp(request.param)
    project = copy(templates["python"], folder, request.param)
    tag = build(engine, project).tag
    engine.save(tag, folder / "image.tar")
    found = read(folder / "image.tar")
    return Built(project, list(found.layers[-2:]), engine.layers(tag), dict(found.config.environment))


@pytest.fixture
def project(template: Template, tmp_path: Path) -> Path:
    """A project on scratch, to be changed at will."""
    return copy(template, tmp_path, "scratch")


def copy(template: Template, folder: Path, base: str) -> Path:
    """Return a project of one's own."""
    return Path(shutil.copytree(template.render(base=base, description=DESCRIPTION), folder / "project"))


def build(
    engine: CommandLineEngine, context: Path, *, target: str = "", bundle: Path | None = None, **arguments: str
) -> Build:
    """Build a project as `scaffold verify` does, under a tag that is removed later."""
    found = network()
    mirrors = found.arguments(["PIP_INDEX_URL", "UV_DEFAULT_INDEX"])
    request = BuildRequest(
        context,
        f"{REPOSITORY}:{uuid4()}",
        target=target,
        args={"VERSION": "1.2.3", "REVISION": "abcdef", **mirrors, **arguments},
        secrets={"ca-bundle": bundle} if bundle else found.secrets(),
    )
    return engine.build(request, lambda _: None)


def change(project: Path, old: str, new: str, name: str = "src/service/api.py") -> None:
    """Change a line of the project."""
    path = project / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def uncached(project: Path) -> None:
    """Let nothing of the next build come from the cache."""
    change(
        project,
        "ENV PYTHONDONTWRITEBYTECODE=1",
        f"ENV NOT_CACHED={uuid4()} PYTHONDONTWRITEBYTECODE=1",
        "Dockerfile",
    )


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
    change(image.project, "Say what this service is.", f"Say {uuid4()}.")
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
    engine.save(second.tag, tmp_path / "image.tar")
    contents = [stream.read() for layer in read(tmp_path / "image.tar").layers for _, stream in layer.contents()]
    assert contents
    assert not any(b"the company's own" in content for content in contents)


def test_packages_come_from_the_mirror_that_is_given(engine: CommandLineEngine, project: Path) -> None:
    """From one where nobody answers, nothing comes."""
    mirror = "http://127.0.0.1:9/simple"
    with pytest.raises(BuildFailed) as failed:
        build(engine, project, UV_DEFAULT_INDEX=mirror)
    assert mirror in failed.value.log


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
    change(project, old, new)
    with pytest.raises(BuildFailed) as failed:
        build(engine, project, target="test")
    assert said in failed.value.log


def test_a_description_is_served_as_given(engine: CommandLineEngine, project: Path) -> None:
    said = engine.call(
        *("run", "--rm", "--entrypoint", "/usr/local/bin/python3.13", build(engine, project).tag),
        *("-c", "import json, service.api; print(json.dumps(service.api.About().model_dump()))"),
    )
    assert json.loads(said.stdout) == {"service": "hello", "version": "1.2.3", "message": DESCRIPTION}
