"""Docker and podman make the same image of the same Dockerfile, in every language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.dockerfile import read
from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.podman import Podman
from scaffold.image import Config, Image
from tests.blueprints.conftest import Template
from tests.blueprints.images import DESCRIPTION, build, change, remove_images, saved
from tests.lab.bases import RECIPES
from tests.lab.engine import ensure_podman
from tests.lab.progress import Progress
from tests.lab.supply import supply

# In a language: a file, and what is changed in it so that the program is another.
CHANGES = {
    "go": ("internal/api/api.go", '`json:"service"`', '`json:"{}"`'),
    "java": ("src/main/java/service/Server.java", '"not found"', '"{}"'),
    "node": ("src/api.ts", "service: NAME", 'marker: "{}", service: NAME'),
    "python": ("src/service/api.py", "Say what this service is.", "Say {}."),
    "rust": ("src/probes.rs", '"ok\\n"', '"{}\\n"'),
}


@pytest.fixture(scope="module")
def podman(engine: CommandLineEngine) -> Iterator[Podman]:
    """Podman and buildah of Debian 12; what both engines have built goes in the end."""
    found = ensure_podman(Progress())
    yield found
    remove_images(found)
    remove_images(engine)


@pytest.fixture
def project(template: Template, tmp_path: Path) -> Path:
    """A project on scratch: its image has nothing that was not built, and one base image less is needed."""
    rendered = template.render(base="scratch", description=DESCRIPTION, project_name="hello")
    return Path(shutil.copytree(rendered, tmp_path / "project"))


def test_podman_makes_what_docker_makes(
    engine: CommandLineEngine, podman: Podman, project: Path, tmp_path: Path
) -> None:
    images = [stage.base for stage in read(project / "Dockerfile").stages if stage.base in RECIPES]
    supply(images, podman, Progress())
    ours, theirs = (made(found, project, tmp_path / str(index)) for index, found in enumerate((engine, podman)))
    assert settings(theirs) == settings(ours)
    assert listing(theirs) == listing(ours)
    assert ours.config.healthcheck


def test_podman_sees_that_a_source_has_changed(podman: Podman, template: Template, project: Path) -> None:
    """What bind mounts break in buildah before 1.39: it would give an old image for new sources."""
    before = podman.layers(build(podman, project).tag)
    file, old, new = CHANGES[template.name]
    change(project, file, old, new.format(uuid4()))
    after = podman.layers(build(podman, project).tag)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


def made(engine: CommandLineEngine, project: Path, folder: Path) -> Image:
    """Return what an engine makes of a project."""
    folder.mkdir()
    return saved(engine, build(engine, project).tag, folder)


def settings(image: Image) -> Config:
    """Return what an image says of itself, without how it was built; no working directory is the root."""
    config = image.config
    labels = {key: value for key, value in config.labels.items() if key != "io.buildah.version"}
    return replace(config, labels=labels, working_directory=config.working_directory or "/", history=())


def listing(image: Image) -> dict[str, tuple[object, ...]]:
    """Return what a container sees of each file, but for its content.

    Nor the size of a cache of Java's classes: a snapshot of memory, which is another each time.
    """
    return {
        path: (file.kind, oct(file.mode), file.uid, file.gid, file.target, path.endswith(".aot") or file.size)
        for path, file in ((path, image.files[path]) for path in image.files)
    }
